// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/divide_up.hpp>
#include <inlay/tensor/shape.hpp>

#include <cstdint>

// The order in which an Ethos-U reads the weights of an operation, as Vela's generate_brick
// (ethosu/vela/weight_compressor.py) has it for 8-bit inputs:
//
//   blocks of block_depth outputs
//     blocks of inputs (depth first 32, part-kernel 16)
//       parts of the kernel, at most 8x8 in rows and columns of the image
//         part-kernel: micro-blocks of inputs
//           micro-blocks of outputs
//             elements of the part, row by row (part-kernel and depthwise: padded to fours)
//               depth first: micro-blocks of inputs
//                 outputs of the micro-block, inputs of the micro-block (depthwise: one)
//
// Where an output, an input or an element is not there, the weight is 0.

namespace inlay::ethos_u {

/// Which loop over the inputs is the innermost one.
enum class traversal : std::uint8_t { depth_first, part_kernel, depthwise };

/// The order in which an NPU reads a step's weights.
struct weight_layout {
  traversal order = traversal::depth_first;
  extent kernel{};
  extent dilation{};
  /// Depthwise: any number, there is one input an output.
  std::int32_t inputs = 0;
  std::int32_t outputs = 0;
  /// Of all cores together: OFM_BLK_DEPTH, a multiple of cores * micro_outputs.
  std::int32_t block_depth = 0;
  std::int32_t micro_inputs = 8;
  std::int32_t micro_outputs = 8;
  /// Core c of n computes the outputs c, c + n, c + 2n, ...
  std::int32_t cores = 1;
  /// Of a weight, coded as sign and magnitude, where it is not compressed: 8 for [-127, 127], 9 for
  /// [-255, 255].
  std::int32_t bits = 8;

  /// How many outputs a core computes.
  [[nodiscard]] constexpr std::int32_t outputs_of(int core) const {
    return divide_up(outputs - core, cores);
  }

  friend constexpr bool operator==(const weight_layout&, const weight_layout&) = default;
};

namespace detail {

constexpr std::int32_t lesser(std::int32_t a, std::int32_t b) {
  return a < b ? a : b;
}

/// The loops around a layout's micro-blocks, for one core.
struct weight_loops {
  weight_layout layout{};
  std::int32_t outputs = 0;
  std::int32_t block_outputs = 0;
  std::int32_t block_inputs = 0;
  /// At most so many rows and columns of the kernel at a time.
  extent part{};

  constexpr weight_loops(const weight_layout& given, int core)
      : layout(given), outputs(given.outputs_of(core)),
        block_outputs((given.block_depth + given.cores - 1 - core) / given.cores),
        block_inputs(given.order == traversal::part_kernel ? 16 : 32),
        part{8 / given.dilation.height, 8 / given.dilation.width} {
    // A core without outputs has no blocks; the loops must end all the same.
    block_outputs = block_outputs < 1 ? 1 : block_outputs;
  }

  [[nodiscard]] constexpr bool is(traversal order) const { return layout.order == order; }

  /// Inputs that are read for one block: [first, first + inputs_at(first)), not all there.
  [[nodiscard]] constexpr std::int32_t inputs_at(std::int32_t first) const {
    if (is(traversal::depthwise)) {
      return 1;
    }
    // Depth first, whole blocks are read.
    return is(traversal::part_kernel)
               ? round_up(lesser(layout.inputs - first, block_inputs), layout.micro_inputs)
               : block_inputs;
  }
  [[nodiscard]] constexpr std::int32_t input_end() const {
    return is(traversal::depthwise) ? 1 : layout.inputs;
  }
  [[nodiscard]] constexpr std::int32_t elements_of(extent size) const {
    const std::int32_t count = size.height * size.width;
    return is(traversal::depth_first) ? count : round_up(count, 4);
  }

  /// Calls visit(rows, columns), the first row and column and the extent of each part.
  template <class Visit>
  constexpr void each_part(const Visit& visit) const {
    for (std::int32_t y = 0; y < layout.kernel.height; y += part.height) {
      for (std::int32_t x = 0; x < layout.kernel.width; x += part.width) {
        visit(extent{y, x}, extent{lesser(layout.kernel.height - y, part.height),
                                   lesser(layout.kernel.width - x, part.width)});
      }
    }
  }
};

} // namespace detail

/// How many weights a core reads, zeros in between included.
constexpr std::int64_t weight_count(const weight_layout& layout, int core) {
  const detail::weight_loops loops(layout, core);
  std::int64_t elements = 0;
  loops.each_part([&](extent, extent size) { elements += loops.elements_of(size); });
  std::int64_t inputs = 0;
  for (std::int32_t first = 0; first < loops.input_end(); first += loops.block_inputs) {
    inputs += loops.inputs_at(first);
  }
  std::int64_t outputs = 0;
  for (std::int32_t first = 0; first < loops.outputs; first += loops.block_outputs) {
    outputs +=
        round_up(detail::lesser(loops.block_outputs, loops.outputs - first), layout.micro_outputs);
  }
  return elements * inputs * outputs;
}

namespace detail {

/// The weights of one micro-block of outputs and of inputs, for one element of the kernel.
template <class Weight, class Sink>
constexpr void micro_block(const weight_loops& loops, int core, extent at, bool is_there,
                           std::int32_t output, std::int32_t input, const Weight& weight,
                           Sink& sink) {
  const weight_layout& layout = loops.layout;
  const std::int32_t inputs = loops.is(traversal::depthwise) ? 1 : layout.micro_inputs;
  for (std::int32_t o = output; o < output + layout.micro_outputs; ++o) {
    for (std::int32_t i = input; i < input + inputs; ++i) {
      sink(is_there && o < loops.outputs && i < loops.input_end()
               ? weight(o * layout.cores + core, at.height, at.width, i)
               : 0);
    }
  }
}

/// The weights of one part of the kernel, for one block of outputs and one of inputs.
template <class Weight, class Sink>
constexpr void part_of_kernel(const weight_loops& loops, int core, extent first, extent size,
                              std::int32_t output, std::int32_t input, const Weight& weight,
                              Sink& sink) {
  const weight_layout& layout = loops.layout;
  const std::int32_t inputs = loops.inputs_at(input);
  // Part-kernel, the loop over the block's inputs is around the outputs, else inside.
  const bool part_kernel = loops.is(traversal::part_kernel);
  const std::int32_t outer = part_kernel ? inputs : 1;
  const std::int32_t inner = part_kernel ? 1 : inputs;
  const std::int32_t outputs = lesser(loops.block_outputs, loops.outputs - output);
  for (std::int32_t i = 0; i < outer; i += layout.micro_inputs) {
    for (std::int32_t o = 0; o < outputs; o += layout.micro_outputs) {
      for (std::int32_t element = 0; element < loops.elements_of(size); ++element) {
        const std::int32_t y = element / size.width;
        const extent at{first.height + y, first.width + element % size.width};
        for (std::int32_t j = 0; j < inner; j += layout.micro_inputs) {
          micro_block(loops, core, at, y < size.height, output + o, input + i + j, weight, sink);
        }
      }
    }
  }
}

} // namespace detail

/// Calls sink(weight) for each weight in the order in which a core reads them.
/// @param weight called as weight(output, row, column, input), in the kernel's rows and columns
template <class Weight, class Sink>
constexpr void each_weight(const weight_layout& layout, int core, const Weight& weight,
                           Sink&& sink) {
  const detail::weight_loops loops(layout, core);
  for (std::int32_t output = 0; output < loops.outputs; output += loops.block_outputs) {
    for (std::int32_t input = 0; input < loops.input_end(); input += loops.block_inputs) {
      loops.each_part([&](extent first, extent size) {
        detail::part_of_kernel(loops, core, first, size, output, input, weight, sink);
      });
    }
  }
}

} // namespace inlay::ethos_u
