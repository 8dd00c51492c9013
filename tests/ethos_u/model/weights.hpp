// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace inlay::test::npu_model {

/// The weights of a stream in the order in which an NPU reads them, padding included.
/// @throws stream_error where it is no weight stream.
[[nodiscard]] std::vector<std::int16_t> decoded_weights(std::span<const std::byte> stream);

/// In what order one core reads the weights of an operation.
struct traversal {
  bool depthwise = false;
  bool part_kernel = false;
  int input_bits = 8;
  int outputs = 0;       ///< of this core
  int inputs = 0;        ///< 1 for depthwise
  int kernel_height = 1; ///< elements, without the gaps of a dilation
  int kernel_width = 1;
  int dilation_y = 1;
  int dilation_x = 1;
  int block_depth = 0; ///< outputs of a block in this core
  int micro_depth = 8; ///< outputs of a micro-block
};

/// The weights as [output][row][column][input].
/// @throws stream_error where their number is not what the traversal takes.
[[nodiscard]] std::vector<std::int16_t> arranged(std::span<const std::int16_t> decoded,
                                                 const traversal& order);

/// What goes over an output's channel: 10 bytes in memory.
struct scale_record {
  std::int64_t bias = 0;
  std::uint32_t multiplier = 0;
  int shift = 0;
};

[[nodiscard]] scale_record read_scale(std::span<const std::byte> ten_bytes);

} // namespace inlay::test::npu_model
