// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/opencl/layout.hpp>
#include <inlay/lower/channel.hpp>
#include <inlay/tensor/bytes.hpp>

#include <array>

namespace inlay::kernels::opencl {

namespace detail {

/// Writes the head of a block whose first `count` lanes have channels, from `first` on. Sums start
/// with the bias, less what the input's zero point contributes.
template <class Step>
constexpr void pack_head(const Step& step, const layer_constants& layer, const block_layout& layout,
                         std::int32_t first, unsigned char* out) {
  constexpr std::size_t most = 16;
  const auto count = static_cast<std::size_t>(std::min(layout.lanes, step.out.channels - first));
  std::array<requantization, most> how{};
  std::array<float_requantization, most> found{};
  std::array<std::int32_t, most> starts{};
  bool exact = true;
  for (std::size_t lane = 0; lane < count; ++lane) {
    const std::int32_t channel = first + static_cast<std::int32_t>(lane);
    how[lane] = requantization_of(step, layer.scaling, channel);
    const std::int32_t bias =
        layer.bias.empty() ? 0 : layer.bias.at<std::int32_t>(static_cast<std::size_t>(channel));
    const weight_sums weights = sums_of_weights(step, layer.weights, channel);
    starts[lane] = static_cast<std::int32_t>(
        static_cast<std::uint32_t>(bias) -
        static_cast<std::uint32_t>(centered(step.type, step.input_zero_point) * weights.total()));
    if (exact) {
      found[lane] = prove<conversion::truncate, true>(
          how[lane], reachable(bias, weights, step.type, step.input_zero_point));
      exact = found[lane].exact;
    }
  }
  for (std::size_t lane = 0; lane < static_cast<std::size_t>(layout.lanes); ++lane) {
    unsigned char* to = out + 4 * lane;
    store(to, starts[lane]);
    if (exact) {
      store(to + 4 * layout.lanes, found[lane].scale);
      store(to + 8 * layout.lanes, found[lane].offset);
    } else {
      store(to + 4 * layout.lanes, how[lane].by.mantissa);
      store(to + 8 * layout.lanes, how[lane].by.shift);
    }
  }
  for (std::int32_t i = 0; i < 4; ++i) {
    store(out + layout.form_offset() + 4 * i,
          static_cast<std::int32_t>(exact ? form::floats : form::integers));
  }
}

} // namespace detail

/// CONV_2D and FULLY_CONNECTED. Where there is no channel, weights are their zero point, so that
/// they count for nothing whatever they multiply.
constexpr void pack(const step::convolution& step, const device& on, const layer_constants& layer,
                    unsigned char* out) {
  const block_layout layout = layout_of(step, on);
  const std::int32_t groups = groups_of(step);
  const auto flip = static_cast<unsigned char>(step.type == element::uint8 ? 0x80 : 0);
  const auto nothing = static_cast<unsigned char>(centered(step.type, step.weights_zero_point));
  for (std::int32_t block = 0; block < layout.blocks; ++block, out += layout.block_bytes()) {
    detail::pack_head(step, layer, layout, 4 * block, out);
    unsigned char* to = out + layout.head_bytes();
    for (std::int32_t tap = 0; tap < taps_of(step); ++tap) {
      for (std::int32_t group = 0; group < groups; ++group) {
        for (std::int32_t channel = 4 * block; channel < 4 * block + 4; ++channel) {
          const unsigned char* from =
              layer.weights.bytes +
              (std::int64_t{channel} * taps_of(step) + tap) * step.in.channels;
          for (std::int32_t k = 4 * group; k < 4 * group + 4; ++k) {
            const bool exists = channel < step.out.channels && k < step.in.channels;
            *to++ = exists ? static_cast<unsigned char>(from[k] ^ flip) : nothing;
          }
        }
      }
    }
  }
}

/// DEPTHWISE_CONV_2D.
constexpr void pack(const step::depthwise_convolution& step, const device& on,
                    const layer_constants& layer, unsigned char* out) {
  const block_layout layout = layout_of(step, on);
  const auto flip = static_cast<unsigned char>(step.type == element::uint8 ? 0x80 : 0);
  for (std::int32_t block = 0; block < layout.blocks; ++block, out += layout.block_bytes()) {
    const std::int32_t first = block * layout.lanes;
    detail::pack_head(step, layer, layout, first, out);
    unsigned char* to = out + layout.head_bytes();
    for (std::int32_t at = 0; at < layout.weights; ++at) {
      const std::int32_t tap = at / layout.lanes;
      const std::int32_t channel = first + at % layout.lanes;
      const bool exists = channel < step.out.channels && tap < taps_of(step);
      to[at] = exists ? static_cast<unsigned char>(
                            layer.weights.bytes[tap * step.out.channels + channel] ^ flip)
                      : 0;
    }
  }
}

} // namespace inlay::kernels::opencl
