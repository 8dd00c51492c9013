// SPDX-License-Identifier: Apache-2.0
#include "rounding.hpp"
#include "stream_error.hpp"
#include "weights.hpp"

#include <algorithm>

namespace inlay::test::npu_model {
std::vector<std::int16_t> arranged(std::span<const std::int16_t> decoded, const traversal& order) {
  const int kernel_elements = order.kernel_height * order.kernel_width;
  std::vector<std::int16_t> result(static_cast<std::size_t>(order.outputs) *
                                   static_cast<std::size_t>(kernel_elements) *
                                   static_cast<std::size_t>(order.inputs));
  constexpr int micro_inputs = 8;
  const int input_step = order.part_kernel || order.input_bits == 16 ? 16 : 32;
  const int element_multiple = order.input_bits == 16 && !order.depthwise ? 2 : 4;
  const int window_y = 8 / order.dilation_y;
  const int window_x = 8 / order.dilation_x;
  const int inner_inputs = order.depthwise ? 1 : micro_inputs;
  std::size_t at = 0;
  const auto next = [&] {
    if (at == decoded.size()) {
      throw stream_error("the weight stream has " + std::to_string(decoded.size()) +
                         " weights, fewer than the operation takes");
    }
    return decoded[at++];
  };
  // One micro-block of outputs and inputs for one element of the kernel.
  const auto micro_block = [&](int output, int limit, int y, int x, bool inside, int input) {
    for (int o = output; o < output + order.micro_depth; ++o) {
      for (int i = input; i < input + inner_inputs; ++i) {
        const std::int16_t weight = next();
        if (o < limit && i < order.inputs && inside) {
          result[((static_cast<std::size_t>(o) * static_cast<std::size_t>(order.kernel_height) +
                   static_cast<std::size_t>(y)) *
                      static_cast<std::size_t>(order.kernel_width) +
                  static_cast<std::size_t>(x)) *
                     static_cast<std::size_t>(order.inputs) +
                 static_cast<std::size_t>(i)] = weight;
        } else if (weight != 0) {
          throw stream_error("weight " + std::to_string(at - 1) +
                             " of the stream is padding and not 0");
        }
      }
    }
  };
  for (int block = 0; block < order.outputs; block += order.block_depth) {
    const int end = std::min(order.outputs, block + order.block_depth);
    for (int input = 0; input < order.inputs; input += input_step) {
      const int depth = order.depthwise     ? inner_inputs
                        : order.part_kernel ? std::min(input_step, order.inputs - input)
                                            : input_step;
      for (int sub_y = 0; sub_y < order.kernel_height; sub_y += window_y) {
        const int height = std::min(window_y, order.kernel_height - sub_y);
        for (int sub_x = 0; sub_x < order.kernel_width; sub_x += window_x) {
          const int width = std::min(window_x, order.kernel_width - sub_x);
          const bool padded = order.part_kernel || order.depthwise;
          const int elements =
              padded ? rounded_up(height * width, element_multiple) : height * width;
          const int outer_end = order.part_kernel ? depth : 1;
          const int inner_end = order.part_kernel ? 1 : depth;
          for (int outer = 0; outer < outer_end; outer += micro_inputs) {
            for (int output = block; output < end; output += order.micro_depth) {
              for (int element = 0; element < elements; ++element) {
                const int y = element / width;
                for (int inner = 0; inner < inner_end; inner += micro_inputs) {
                  micro_block(output, end, sub_y + y, sub_x + element % width, y < height,
                              input + outer + inner);
                }
              }
            }
          }
        }
      }
    }
  }
  if (at != decoded.size()) {
    throw stream_error("the weight stream has " + std::to_string(decoded.size()) +
                       " weights, the operation takes " + std::to_string(at));
  }
  return result;
}

scale_record read_scale(std::span<const std::byte> ten_bytes) {
  std::uint64_t low = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    low |= std::to_integer<std::uint64_t>(ten_bytes[i]) << (8 * i);
  }
  std::uint32_t multiplier = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    multiplier |= std::to_integer<std::uint32_t>(ten_bytes[5 + i]) << (8 * i);
  }
  constexpr std::uint64_t sign = std::uint64_t{1} << 39;
  const auto bias = static_cast<std::int64_t>((low ^ sign)) - static_cast<std::int64_t>(sign);
  return {bias, multiplier, std::to_integer<int>(ten_bytes[9] & std::byte{0x3F})};
}

} // namespace inlay::test::npu_model
