// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/npu.hpp>

#include <cstdint>

// How an operation divides the NPU's memory (ethosu/vela/architecture_allocator.py): two output
// banks, two buffers of inputs, and at the end two buffers of sums.

namespace inlay::ethos_u {

enum class operation_kind : std::uint8_t { convolution, depthwise, average_pool, add };

/// What an operation's blocks depend on.
struct block_request {
  operation_kind kind = operation_kind::convolution;
  block output{};
  std::int32_t input_depth = 1;
  /// In rows and columns of the input, so dilated.
  extent kernel{};
  extent stride{};
  bool part_kernel_first = false;

  friend constexpr bool operator==(const block_request&, const block_request&) = default;
};

/// Banks of the NPU's memory: inputs end before input_end (ADD: the second one's begin at
/// second_begin), sums begin at sum_begin.
struct bank_layout {
  std::int32_t input_end = 0;
  std::int32_t second_begin = 0;
  std::int32_t sum_begin = 0;
  bool fits = false;

  friend constexpr bool operator==(const bank_layout&, const bank_layout&) = default;
};

struct block_choice {
  block output{};
  bank_layout banks{};

  friend constexpr bool operator==(const block_choice&, const block_choice&) = default;
};

namespace detail {

constexpr std::int64_t rounded_up(std::int64_t value, std::int64_t to) {
  return (value + to - 1) / to * to;
}
constexpr std::int64_t divided_up(std::int64_t value, std::int64_t by) {
  return (value + by - 1) / by;
}

/// Two buffers of so many bytes, in banks.
constexpr std::int64_t double_buffer(std::int64_t bytes, std::int32_t granule) {
  return rounded_up(2 * divided_up(bytes, bank_bytes), granule);
}

/// Inputs that one block of outputs reads at a time.
constexpr block input_block(const npu& on, const block_request& given, const block& made) {
  const auto reach = [](std::int32_t outputs, std::int32_t stride, std::int32_t kernel,
                        std::int32_t unit) {
    const std::int32_t part = kernel < kernel_part ? kernel : kernel_part;
    return static_cast<std::int32_t>(rounded_up(std::int64_t{outputs - 1} * stride + part, unit));
  };
  const std::int32_t most = given.part_kernel_first ? 16 : 32;
  const std::int32_t depth = given.input_depth < most ? given.input_depth : most;
  return {reach(made.height, given.stride.height, given.kernel.height, on.micro_block.height),
          reach(made.width, given.stride.width, given.kernel.width, on.micro_block.width),
          given.kind == operation_kind::convolution
              ? static_cast<std::int32_t>(rounded_up(depth, 8))
              : made.depth};
}

} // namespace detail

/// Divides the banks for blocks of one size.
constexpr bank_layout lay_out_banks(const npu& on, const block_request& given, const block& made) {
  const block input = detail::input_block(on, given, made);
  const std::int64_t input_banks = detail::double_buffer(std::int64_t{input.height} * input.width *
                                                             detail::rounded_up(input.depth, 8),
                                                         on.input_granule);
  const std::int64_t end = output_banks + input_banks;
  if (given.kind == operation_kind::add) {
    return {on.last_bank(), static_cast<std::int32_t>(end), on.last_bank(),
            end + input_banks <= on.last_bank()};
  }
  // One row of outputs takes the sums of one, though micro-blocks have two.
  const bool one_row =
      on.micro_block.height == 2 && given.output.height == 1 && given.kernel.height == 1;
  const std::int64_t sum_banks = detail::double_buffer(
      std::int64_t{one_row ? 1 : made.height} * made.width * detail::rounded_up(made.depth, 8) * 4,
      on.sum_granule);
  const std::int64_t begin = on.last_bank() - sum_banks;
  return {static_cast<std::int32_t>(end), 0, static_cast<std::int32_t>(begin), end <= begin};
}

/// Whether reading parts of the kernel first keeps more multipliers busy than reading 32 inputs
/// first.
constexpr bool reads_part_kernel_first(std::int32_t inputs, extent kernel) {
  if (inputs <= 8) {
    return true;
  }
  const std::int64_t taps = std::int64_t{kernel.height} * kernel.width;
  // inputs / r8 * taps / r4 > inputs / r32
  return taps * detail::rounded_up(inputs, 32) >
         detail::rounded_up(inputs, 8) * detail::rounded_up(taps, 4);
}

} // namespace inlay::ethos_u
