// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inspection.hpp"

#include <fmt/format.h>
#include <string>
#include <string_view>

// How the reports put things.

namespace inspect {

/// 300775552 as "300,775,552"; `value` is not negative.
inline std::string grouped(std::int64_t value) {
  return value < 1000 ? std::to_string(value)
                      : fmt::format("{},{:03}", grouped(value / 1000), value % 1000);
}

inline std::string in_kib(std::int64_t bytes) {
  return fmt::format("{:.1f} KiB", static_cast<double>(bytes) / 1024);
}

/// Anything that inlay's messages can hold, for example a shape or a quantization.
template <class Value>
std::string words(const Value& value) {
  inlay::text out;
  out << value;
  return std::string(out.view());
}

/// "0.0235 @-128": scale and zero point.
inline std::string short_quantization(const inlay::quantization& q) {
  return q.scale == 0 ? "-" : fmt::format("{:.4g} @{}", q.scale, q.zero_point);
}

/// The activation function that is fused into an operator, or nothing.
inline std::string activation_of(const inlay::node& which) {
  return which.what.visit([](const auto& what) {
    if constexpr (requires { what.activation; }) {
      return what.activation == inlay::activation::none ? std::string()
                                                        : std::string(name_of(what.activation));
    } else {
      return std::string();
    }
  });
}

/// An operator's window and stride, "3x3 /2" or "3x3 /2 x1 VALID"; or the border of a PAD.
inline std::string window_of(const graph& network, const inlay::node& which) {
  const auto pair = [](inlay::extent e) {
    return e.height == e.width ? std::to_string(e.height) : words(e);
  };
  const auto moved = [&](inlay::extent kernel, const inlay::window& window) {
    std::string out = words(kernel);
    if (window.stride != inlay::extent{}) {
      out += " /" + pair(window.stride);
    }
    if (window.dilation != inlay::extent{}) {
      out += " dilated " + pair(window.dilation);
    }
    return out + (window.padding == inlay::padding::valid ? " VALID" : "");
  };
  return which.what.visit([&](const auto& what) -> std::string {
    if constexpr (requires { what.border; }) {
      const inlay::border& around = what.border;
      return fmt::format(
          "+{} +{} rows, +{} +{} columns{}", around.top, around.bottom, around.left, around.right,
          around.has_channels()
              ? fmt::format(", +{} +{} channels", around.channels_before, around.channels_after)
              : "");
    } else if constexpr (requires { what.kernel; }) {
      return moved(what.kernel, what.window);
    } else if constexpr (requires { what.window; }) {
      const inlay::shape& filters = network.around(which)[1].type.shape;
      return moved({filters[1], filters[2]}, what.window);
    } else {
      return "";
    }
  });
}

/// At most `most` characters; what is left out is the beginning, because tensors' names differ at
/// their ends.
inline std::string shortened(const std::string& text, std::size_t most) {
  return text.size() <= most ? text : "..." + text.substr(text.size() - most + 3);
}

} // namespace inspect
