// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/block.hpp>

#include <array>

// How long operations take, as far as public sources say (npu_performance.py and the tables of
// architecture_features.py in ethosu/vela). docs/ethos_u.md explains the formula.

namespace inlay::ethos_u {

/// How fast the memories around an NPU are.
struct memory_speed {
  /// Bytes a cycle, and cycles until the first byte comes.
  std::int32_t arena = 8;
  std::int32_t arena_latency = 32;
  std::int32_t constants = 1;
  std::int32_t constants_latency = 64;
};

/// An NPU with its arena in SRAM and its constants in flash of an eighth of its clock.
constexpr memory_speed flash_beside(const npu& on) {
  const std::int32_t port = on.family == family::u55 ? 8 : 16;
  return {.arena = port, .constants = port / 8};
}
/// An NPU with everything in SRAM.
constexpr memory_speed sram_around(const npu& on) {
  const std::int32_t port = on.family == family::u55 ? 8 : 16;
  return {.arena = port, .constants = port, .constants_latency = 32};
}

/// Where an operation reads its weights and scales: where they lie, or in the arena, where they
/// were copied ahead of use.
enum class constants_place : std::uint8_t { outside, arena };

/// What operations take.
struct operation_cost {
  /// All in all.
  std::int64_t cycles = 0;
  /// Cycles that the NPU computes, were all memory at hand.
  std::int64_t compute_cycles = 0;
  std::int64_t multiply_accumulates = 0;
  std::int64_t bytes_read = 0;
  std::int64_t bytes_written = 0;
  /// Weights and scales.
  std::int64_t constant_bytes = 0;
  /// All that goes through the arena's port, and all that comes out of the constants' memory,
  /// commands included.
  std::int64_t arena_bytes = 0;
  std::int64_t outside_bytes = 0;

  constexpr operation_cost& operator+=(const operation_cost& other) {
    cycles += other.cycles;
    compute_cycles += other.compute_cycles;
    multiply_accumulates += other.multiply_accumulates;
    bytes_read += other.bytes_read;
    bytes_written += other.bytes_written;
    constant_bytes += other.constant_bytes;
    arena_bytes += other.arena_bytes;
    outside_bytes += other.outside_bytes;
    return *this;
  }
  /// Of `some` of `count` parts that take about the same.
  [[nodiscard]] constexpr operation_cost share(std::int64_t some, std::int64_t count) const {
    const auto of = [&](std::int64_t all) { return all * some / count; };
    return {of(cycles),        of(compute_cycles), of(multiply_accumulates), of(bytes_read),
            of(bytes_written), of(constant_bytes), of(arena_bytes),          of(outside_bytes)};
  }
};

/// The words of one operation in a command stream come out of the constants' memory, about so many
/// bytes.
inline constexpr std::int64_t bytes_of_commands = 112;

namespace detail {

class cost_estimate {
public:
  constexpr cost_estimate(const npu& on, const block_request& given, const block& made,
                          const memory_speed& memory, constants_place constants)
      : on_(on), given_(given), memory_(memory), constants_(constants),
        whole_(given.output), block_{smaller(made.height, whole_.height),
                                     smaller(made.width, whole_.width),
                                     smaller(made.depth, whole_.depth)},
        input_(input_block(on, given, made)),
        across_(divided_up(whole_.height, block_.height) * divided_up(whole_.width, block_.width)),
        deep_(divided_up(whole_.depth, block_.depth)),
        taps_(std::int64_t{given.kernel.height} * given.kernel.width) {}

  [[nodiscard]] constexpr operation_cost get() const {
    operation_cost made;
    made.compute_cycles = compute();
    const std::int64_t outputs = std::int64_t{whole_.height} * whole_.width * whole_.depth;
    made.bytes_written = outputs;
    if (given_.kind == operation_kind::add) {
      made.bytes_read = 2 * outputs;
    } else {
      const std::int64_t depth = is_convolution() ? given_.input_depth * deep_ : whole_.depth;
      made.bytes_read = across_ * input_.height * input_.width * depth;
    }
    const std::int64_t inputs = is_convolution() ? given_.input_depth : 1;
    if (has_weights()) {
      made.multiply_accumulates = outputs * taps_ * inputs;
      made.constant_bytes = across_ * whole_.depth * (taps_ * inputs + scale_bytes);
    }
    const bool copied = constants_ == constants_place::arena;
    made.arena_bytes =
        made.bytes_read + made.bytes_written + (copied ? made.constant_bytes : std::int64_t{0});
    made.outside_bytes = bytes_of_commands + (copied ? std::int64_t{0} : made.constant_bytes);
    const std::int64_t arena = divided_up(made.arena_bytes, memory_.arena);
    const std::int64_t constants =
        divided_up(made.outside_bytes - bytes_of_commands, memory_.constants);
    const std::int64_t longest = larger(made.compute_cycles, larger(arena, constants));
    made.cycles = longest + divided_up(bytes_of_commands, memory_.constants);
    return made;
  }

private:
  static constexpr std::int64_t scale_bytes = 10;

  static constexpr std::int32_t smaller(std::int32_t a, std::int32_t b) { return a < b ? a : b; }
  static constexpr std::int64_t larger(std::int64_t a, std::int64_t b) { return a > b ? a : b; }
  [[nodiscard]] constexpr bool is_convolution() const {
    return given_.kind == operation_kind::convolution;
  }
  [[nodiscard]] constexpr bool has_weights() const {
    return is_convolution() || given_.kind == operation_kind::depthwise;
  }

  /// Blocks go through two stages that overlap: multipliers fill the sums, which leave through the
  /// output unit. The slower stage counts for each block, the other one once.
  [[nodiscard]] constexpr std::int64_t compute() const {
    const std::int64_t elements = std::int64_t{block_.height} * block_.width * block_.depth;
    std::int64_t sums = given_.kind == operation_kind::add ? 0 : multiplying();
    std::int64_t leaving = divided_up(elements * output_rate(), on_.macs);
    if (has_weights()) {
      const std::int64_t latency =
          constants_ == constants_place::arena ? memory_.arena_latency : memory_.constants_latency;
      leaving = larger(leaving, scale_bytes * block_.depth * latency / 256);
    }
    // Four blocks are on their way at once, from the first byte that is read to the last one that
    // is written.
    const std::int64_t operands = given_.kind == operation_kind::add ? 2 : 1;
    const std::int64_t read = operands * input_.height * input_.width * input_.depth;
    const std::int64_t alone = std::int64_t{2} * memory_.arena_latency +
                               divided_up(read + elements, memory_.arena) + leaving + sums;
    sums = larger(sums, divided_up(alone, 4));
    leaving = larger(leaving, divided_up(alone, 4));
    const std::int64_t blocks = across_ * deep_;
    return sums > leaving ? sums * blocks + leaving : leaving * blocks + sums;
  }

  /// Output elements a cycle: macs / output_rate.
  [[nodiscard]] constexpr std::int64_t output_rate() const {
    return given_.kind == operation_kind::add ? 192 : 64;
  }

  /// Cycles of the multipliers for one block: a micro-block takes 4 cycles for 32 inputs or four
  /// taps, and its weights come no faster than 4 bytes of an output a cycle.
  [[nodiscard]] constexpr std::int64_t multiplying() const {
    block unit = on_.micro_block;
    if (unit.height == 2 && whole_.height == 1 && whole_.width % 2 == 0 &&
        given_.kernel.height == 1) {
      unit.height = 1;
      unit.width *= 2;
    }
    const std::int64_t area =
        divided_up(block_.height, unit.height) * divided_up(block_.width, unit.width);
    const std::int64_t layers = divided_up(block_.depth, unit.depth);
    const std::int64_t pace = larger(std::int64_t{4} * unit.depth, 4 * area);
    const std::int64_t input_groups =
        is_convolution() ? divided_up(given_.input_depth, input_.depth) : 1;
    std::int64_t cycles = 0;
    for (std::int32_t y = 0; y < given_.kernel.height; y += ethos_u::kernel_part) {
      for (std::int32_t x = 0; x < given_.kernel.width; x += ethos_u::kernel_part) {
        const std::int64_t taps =
            std::int64_t{smaller(given_.kernel.height - y, ethos_u::kernel_part)} *
            smaller(given_.kernel.width - x, ethos_u::kernel_part);
        if (given_.kind == operation_kind::average_pool) {
          cycles += larger(4, taps) * area * layers;
          continue;
        }
        const bool by_fours = given_.part_kernel_first || !is_convolution();
        const std::int64_t steps = by_fours ? divided_up(taps, 4) : taps;
        const std::int64_t turns = given_.part_kernel_first ? divided_up(smaller_depth(), 8) : 1;
        cycles += turns * (pace * steps * layers + stall(area, layers, steps));
      }
    }
    return divided_up(cycles * input_groups, on_.cores);
  }
  [[nodiscard]] constexpr std::int64_t smaller_depth() const {
    return smaller(given_.input_depth, input_.depth);
  }

  /// A micro-block that is alone waits for its own sums.
  [[nodiscard]] constexpr std::int64_t stall(std::int64_t area, std::int64_t layers,
                                             std::int64_t steps) const {
    const std::int64_t cycles = on_.macs == 32 ? 3 : 2;
    return area > 1 ? 0 : layers == 1 ? cycles * steps : cycles * (steps - 1) * layers;
  }

  const npu& on_;
  const block_request& given_;
  const memory_speed& memory_;
  constants_place constants_;
  const block& whole_;
  block block_;
  block input_;
  /// Blocks over rows and columns, and over channels.
  std::int64_t across_;
  std::int64_t deep_;
  std::int64_t taps_;
};

} // namespace detail

/// What an operation takes that is done in blocks of `made`.
constexpr operation_cost estimate(const npu& on, const block_request& given, const block& made,
                                  const memory_speed& memory,
                                  constants_place constants = constants_place::outside) {
  return detail::cost_estimate(on, given, made, memory, constants).get();
}

} // namespace inlay::ethos_u
