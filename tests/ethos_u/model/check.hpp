// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "operation.hpp"

#include <string>
#include <vector>

// What the functional model does not see: whether an NPU, which overlaps operations and transfers
// and shares its SHRAM among buffers, computes what the stream means.

namespace inlay::test::npu_model {

struct finding {
  int operation = 0; ///< its index
  std::string text;  ///< begins with the operation
};

/// Bytes that hold something before the stream begins, such as an input.
struct given_area {
  int region = 0;
  std::int64_t offset = 0;
  std::int64_t bytes = 0;
};

struct check_options {
  /// Bytes of each region. Those in constants hold data that nothing may write.
  std::vector<std::int64_t> region_bytes;
  std::vector<int> constants{0};
  std::vector<given_area> given;
  /// Whether rows of an input must have been written in their order, as a stream of rows writes
  /// them: then a ring that overwrote a row too early is seen.
  bool rows_in_order = true;
  /// Whether what is overwritten must have been read before: the other half of the same.
  bool all_is_read = true;
};

/// All that is wrong with a stream; empty for a good one.
[[nodiscard]] std::vector<finding> check(const program& what, const check_options& options);

/// Its parts, each over the whole stream.
[[nodiscard]] std::vector<finding> check_registers(const program& what);
[[nodiscard]] std::vector<finding> check_shram(const program& what);
[[nodiscard]] std::vector<finding> check_waits(const program& what);
[[nodiscard]] std::vector<finding> check_block_dependencies(const program& what);
[[nodiscard]] std::vector<finding> check_data(const program& what, const check_options& options);

/// The findings, a line each.
[[nodiscard]] std::string text_of(const std::vector<finding>& findings);

} // namespace inlay::test::npu_model
