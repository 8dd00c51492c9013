// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/add.hpp>
#include <inlay/kernels/neon/block_layout.hpp>
#include <inlay/kernels/neon/depthwise_convolution.hpp>

#if defined(__ARM_NEON)

namespace inlay::kernels::neon {

/// A block by rows: no more than three expanded rows exist at a time. Units are rows.
template <class Isa, step::inverted_residual Step>
struct inverted_residual {
  static constexpr auto block = Step;
  static constexpr auto expansion = block.expansion;
  static constexpr auto depthwise = block.depthwise;
  static constexpr auto projection = block.projection;
  using expanded_row = convolution_row<Isa, expansion>;
  using depthwise_ring = depthwise_rows<Isa, depthwise>;
  using projected_row = pixels_of<Isa, projection, projection.out.width>;

  static constexpr block_memory<Isa> memory{Step};
  static constexpr bool keeps_row = memory.keeps_row;
  static constexpr bool makes_panels = memory.makes_panels;
  static constexpr std::int32_t row_at = memory.row_at;
  static constexpr std::int32_t filtered_at = memory.filtered_at;
  static constexpr std::int32_t work_at = memory.work_at;

  static void run(const arguments& given) noexcept {
    constexpr block_places<Isa> at(block);
    constexpr std::int64_t row_elements =
        std::int64_t{projection.out.width} * projection.out.channels;
    const unsigned char* input = given.inputs[0];
    unsigned char* work = given.scratch + work_at;
    unsigned char* filtered =
        makes_panels ? work + projected_row::panels_at : given.scratch + filtered_at;
    depthwise_ring ring(given.packed + at.depthwise, given.scratch);
    for (std::int32_t y = given.units.first; y < given.units.last; ++y) {
      ring.template make<makes_panels>(
          y, filtered, [&](std::int32_t row, unsigned char* room) -> const unsigned char* {
            if constexpr (block.expands) {
              unsigned char* to = keeps_row ? given.scratch + row_at : room;
              expanded_row::run(input, given.packed, row, work, to);
              return to;
            } else {
              return input + std::int64_t{row} * depthwise.in.width * depthwise.in.channels;
            }
          });
      unsigned char* out = given.output + y * row_elements;
      const unsigned char* constants = given.packed + at.projection;
      if constexpr (makes_panels) {
        projected_row::run_panels(constants, constants + header_bytes, projection.out.channels,
                                  work, out);
      } else {
        projected_row::run(filtered, constants, work, out);
      }
      if constexpr (block.adds) {
        add_elements<block.sum>(out, input + y * row_elements, out, row_elements);
      }
    }
  }
};

} // namespace inlay::kernels::neon
#endif
