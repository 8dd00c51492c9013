// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "npu_operation.hpp"

namespace inspect {

/// Calls begin(number, operation) before the commands of each operation, the one that starts it
/// included, and visit(command) for each command.
template <class Begin, class Visit>
void each_operation(const npu_payload& payload, const Begin& begin, const Visit& visit) {
  register_state now;
  std::size_t first = 0;
  int number = 0;
  for (std::size_t i = 0; i < payload.commands.size(); ++i) {
    const npu_command& command = payload.commands[i];
    using enum inlay::ethos_u::command;
    now.set(command);
    if (command.is(convolution) || command.is(depthwise) || command.is(pool) ||
        command.is(elementwise) || command.is(dma_start)) {
      begin(number++, operation_of(command, now));
      for (; first <= i; ++first) {
        visit(payload.commands[first]);
      }
    }
  }
  for (; first < payload.commands.size(); ++first) {
    visit(payload.commands[first]);
  }
}

/// A register's value, and what its fields say.
inline std::string value_of(const npu_command& command) {
  using detail::short_register;
  if (command.has_value) {
    const std::int64_t value = std::int64_t{command.value} | std::int64_t{command.parameter} << 32;
    if (command.name.ends_with("SCALE")) {
      return fmt::format("{} / 2^{}", command.value, command.parameter);
    }
    const bool is_address = command.name.find("BASE") != std::string_view::npos ||
                            command.name.starts_with("DMA0_SRC") ||
                            command.name.starts_with("DMA0_DST");
    return is_address ? fmt::format("0x{:x}", value) : grouped(value);
  }
  const auto is = [&](short_register which) {
    return command.code == static_cast<std::uint32_t>(which);
  };
  const std::int64_t value = command.parameter;
  if (is(short_register::ifm_precision) || is(short_register::ifm2_precision)) {
    return fmt::format("0x{:x} ({} {})", value, detail::element_of(value, 2),
                       detail::layout_of(value));
  }
  if (is(short_register::ofm_precision)) {
    return fmt::format("0x{:x} ({} {}{})", value, detail::element_of(value, 1),
                       detail::layout_of(value), (value >> 8 & 1) != 0 ? ", OFM_SCALE" : "");
  }
  if (is(short_register::kernel_stride)) {
    register_state alone;
    alone.set(command);
    const detail::window window(alone);
    return fmt::format("0x{:x} (stride {}x{}, dilation {}x{}{})", value, window.stride_y,
                       window.stride_x, window.dilation_y, window.dilation_x,
                       (value >> 2 & 1) != 0 ? ", part-kernel first" : "");
  }
  if (command.name.ends_with("ZERO_POINT") || command.name.starts_with("ACTIVATION_M") ||
      is(short_register::ifm2_scalar)) {
    return std::to_string(static_cast<std::int16_t>(command.parameter));
  }
  return std::to_string(value);
}

inline std::string npu_of(const npu_payload& payload) {
  const std::uint32_t config = payload.config;
  return fmt::format("Ethos-U{} with {} MACs a cycle and {} KB of SHRAM (0x{:08x})",
                     config >> 28 == 1 ? "65" : "55", 1U << (config & 15), config >> 8 & 0xFF,
                     config);
}

/// "1.0.6"
inline std::string architecture_of(const npu_payload& payload) {
  return fmt::format("{}.{}.{}", payload.version >> 28, payload.version >> 20 & 0xFF,
                     payload.version >> 16 & 15);
}

/// A listing of a payload: its head, a table of its operations, and every command.
inline void print_payload(const std::string& path, const npu_payload& payload) {
  table lines({">#", ">word", "operation", "input", "output", "kernel", "block", ">MACs",
               ">weights", ">scales"});
  std::int64_t macs = 0;
  int count = 0;
  each_operation(
      payload,
      [&](int number, const npu_operation& each) {
        const auto unless_zero = [](std::int64_t value) {
          return value == 0 ? std::string() : grouped(value);
        };
        lines.add({std::to_string(number), std::to_string(each.at), each.name, each.input,
                   each.output, each.window, each.block, unless_zero(each.macs),
                   unless_zero(each.weights), unless_zero(each.scales)});
        macs += each.macs;
        ++count;
      },
      [](const npu_command&) {});
  const auto line = [](std::string_view name, const std::string& value) {
    fmt::print("  {:<14}{}\n", name, value);
  };
  fmt::print("{}\n", path);
  line("NPU", npu_of(payload));
  line("architecture", architecture_of(payload));
  line("stream", fmt::format("{} bytes", grouped(static_cast<std::int64_t>(payload.words) * 4)));
  line("operations", std::to_string(count));
  line("MACs", grouped(macs));
  fmt::print("\nOperations\n");
  lines.print();
  fmt::print("\n  Addresses are region:offset; region 0 has weights and scales, 1 the arena.\n");
  fmt::print("\nCommands\n");
  each_operation(
      payload,
      [](int number, const npu_operation& each) { fmt::print("{} {}\n", number, each.name); },
      [](const npu_command& each) {
        fmt::print("  {:6}  {:<20}{}\n", each.at, each.name, value_of(each));
      });
}

} // namespace inspect
