// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/estimate.hpp>

namespace inlay::ethos_u {

namespace detail {

/// Tries blocks and keeps the cheapest: the fewest cycles, and among these the fewest bytes.
class block_search {
public:
  constexpr block_search(const npu& on, const block_request& given, const memory_speed& memory,
                         constants_place constants)
      : on_(on), given_(given), memory_(memory), constants_(constants) {}

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
          if (!is_wasteful(whole.width, w, unit.width) && !consider({h, w, d}, true)) {
            break; // wider ones do not fit either
          }
        }
      }
    }
    return best_;
  }

  /// Tries few blocks only, each half as large as the one before, and takes that for which the
  /// fewest bytes are read.
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
             !consider({h, w, d}, false) && w > unit.width; w = half(w, unit.width)) {
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

  constexpr bool consider(const block& size, bool by_cycles) {
    const bank_layout banks = lay_out_banks(on_, given_, size);
    if (!banks.fits) {
      return false;
    }
    std::int64_t cycles = 0;
    std::int64_t bytes = 0;
    if (by_cycles) {
      const operation_cost cost = estimate(on_, given_, size, memory_, constants_);
      cycles = cost.cycles;
      bytes = cost.arena_bytes + cost.outside_bytes;
    } else {
      bytes = bytes_read(size);
    }
    if (cycles_ < 0 || cycles < cycles_ || (cycles == cycles_ && bytes <= bytes_)) {
      cycles_ = cycles;
      bytes_ = bytes;
      best_ = {size, banks};
    }
    return true;
  }

  /// Bytes of inputs and weights that are read; ADD: blocks.
  [[nodiscard]] constexpr std::int64_t bytes_read(const block& size) const {
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
  const memory_speed& memory_;
  constants_place constants_;
  block_choice best_{};
  std::int64_t cycles_ = -1;
  std::int64_t bytes_ = 0;
};

} // namespace detail

/// Blocks that are good enough for an estimate.
constexpr block_choice choose_blocks_roughly(const npu& on, const block_request& given,
                                             const memory_speed& memory,
                                             constants_place constants) {
  return detail::block_search(on, given, memory, constants).run_roughly();
}

/// The blocks of an operation for which it takes the fewest cycles by the estimate; banks.fits is
/// false where no block fits.
constexpr block_choice choose_blocks(const npu& on, const block_request& given,
                                     const memory_speed& memory, constants_place constants) {
  return detail::block_search(on, given, memory, constants).run();
}

} // namespace inlay::ethos_u
