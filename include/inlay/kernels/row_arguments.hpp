// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/fixed_point.hpp>
#include <inlay/tensor/bytes.hpp>

namespace inlay::kernels {

/// What a kernel that makes one row of a step's output is given, besides its step:
/// `Target::run_row<Step>(const row_arguments&)`. A row is (width, channels), contiguous, with the
/// alignment that the target asks for; rows need not follow each other in memory.
struct row_arguments {
  /// The rows that this output row reads. Steps with a window: one for each row of the kernel, from
  /// the top, null where the row is outside of the image. PAD: one, null in the border. ADD: one of
  /// the first and one of the second input. All others: one.
  const unsigned char* const* rows = nullptr;
  /// Elementwise steps may work in place: the output may be an input's row.
  unsigned char* output = nullptr;
  /// How many elements the row has; read by ADD, LOGISTIC, QUANTIZE and DEQUANTIZE alone, whose
  /// steps know no width.
  std::int64_t elements = 0;
  /// As in `arguments`.
  constant weights{};
  constant bias{};
  const quantized_multiplier* multipliers = nullptr;
  const unsigned char* packed = nullptr;
  unsigned char* scratch = nullptr;
};

} // namespace inlay::kernels
