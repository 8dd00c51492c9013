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

namespace detail {

/// Tries blocks and keeps the cheapest: that for which the fewest bytes are read.
class block_search {
public:
  constexpr block_search(const npu& on, const block_request& given) : on_(on), given_(given) {}

  constexpr block_choice run() {
    const block& unit = on_.micro_block;
    const block& whole = given_.output;
    for (std::int32_t d = first_depth(); d <= limit(whole.depth, largest_block.depth, unit.depth);
         d = next_depth(d)) {
      for (std::int32_t h = unit.height;
           h <= limit(whole.height, largest_block.height, unit.height); h += unit.height) {
        if (is_wasteful(whole.height, h, unit.height)) {
          continue;
        }
        for (std::int32_t w = unit.width; w <= limit(whole.width, largest_block.width, unit.width);
             w += unit.width) {
          if (!is_wasteful(whole.width, w, unit.width) && !consider({h, w, d})) {
            break; // wider ones do not fit either
          }
        }
      }
    }
    return best_;
  }

  /// Tries few blocks only, each half as large as the one before.
  constexpr block_choice run_roughly() {
    const block& unit = on_.micro_block;
    const block& whole = given_.output;
    const auto half = [](std::int32_t size, std::int32_t granule) {
      return static_cast<std::int32_t>(rounded_up(divided_up(size, 2), granule));
    };
    for (std::int32_t d = first_depth(); d <= limit(whole.depth, largest_block.depth, unit.depth);
         d *= 2) {
      for (std::int32_t h = limit(whole.height, largest_block.height, unit.height);;
           h = half(h, unit.height)) {
        for (std::int32_t w = limit(whole.width, largest_block.width, unit.width);
             !consider({h, w, d}) && w > unit.width; w = half(w, unit.width)) {
        }
        if (h == unit.height) {
          break;
        }
      }
    }
    return best_;
  }

private:
  static constexpr std::int32_t limit(std::int32_t whole, std::int32_t most, std::int32_t unit) {
    const auto all = static_cast<std::int32_t>(rounded_up(whole, unit));
    return all < most ? all : most;
  }
  /// A block that is smaller by a unit needs no more of them.
  static constexpr bool is_wasteful(std::int32_t whole, std::int32_t size, std::int32_t unit) {
    return size > unit && divided_up(whole, size) == divided_up(whole, size - unit);
  }
  /// Blocks that do not have all channels have a multiple of 16.
  [[nodiscard]] constexpr std::int32_t first_depth() const {
    const std::int32_t all = limit(given_.output.depth, 16, on_.micro_block.depth);
    return all < given_.output.depth ? 16 : all;
  }
  [[nodiscard]] constexpr std::int32_t next_depth(std::int32_t depth) const {
    const std::int32_t next = depth + on_.micro_block.depth;
    return next < given_.output.depth ? static_cast<std::int32_t>(rounded_up(next, 16)) : next;
  }

  constexpr bool consider(const block& size) {
    const bank_layout banks = lay_out_banks(on_, given_, size);
    if (!banks.fits) {
      return false;
    }
    if (const std::int64_t cost = cost_of(size); best_cost_ < 0 || cost <= best_cost_) {
      best_cost_ = cost;
      best_ = {size, banks};
    }
    return true;
  }

  /// Bytes of inputs and weights that are read; ADD: blocks.
  [[nodiscard]] constexpr std::int64_t cost_of(const block& size) const {
    const block& whole = given_.output;
    const std::int64_t across =
        divided_up(whole.height, size.height) * divided_up(whole.width, size.width);
    const std::int64_t deep = divided_up(whole.depth, size.depth);
    if (given_.kind == operation_kind::add) {
      return across * deep;
    }
    const block input = input_block(on_, given_, size);
    const std::int64_t parts = divided_up(given_.kernel.height, kernel_part) *
                               divided_up(given_.kernel.width, kernel_part);
    const std::int64_t area = std::int64_t{input.height} * input.width * parts;
    const std::int64_t taps = std::int64_t{given_.kernel.height} * given_.kernel.width;
    switch (given_.kind) {
    case operation_kind::convolution:
      return across * given_.input_depth * (area * deep + taps * whole.depth);
    case operation_kind::depthwise:
      return across * whole.depth * (area + taps);
    default:
      return across * whole.depth * area;
    }
  }

  const npu& on_;
  const block_request& given_;
  block_choice best_{};
  std::int64_t best_cost_ = -1;
};

} // namespace detail

/// Blocks that are good enough for an estimate.
constexpr block_choice choose_blocks_roughly(const npu& on, const block_request& given) {
  return detail::block_search(on, given).run_roughly();
}

/// The blocks of an operation; banks.fits is false where no block fits.
constexpr block_choice choose_blocks(const npu& on, const block_request& given) {
  return detail::block_search(on, given).run();
}

} // namespace inlay::ethos_u
