// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../../support/random.hpp"
#include "weights.hpp"

// Weight streams for the model's tests, written without the project's own coder.

namespace inlay::test::npu_model {

/// Weights [output][row][column][input] in the order in which a core reads them, padded.
[[nodiscard]] std::vector<std::int16_t> in_stream_order(const std::vector<std::int16_t>& weights,
                                                        const traversal& order);

/// How a stream is cut into slices and coded; all of it at random, but decodable.
struct coding {
  bool compressed = true;
  int longest_slice = 200;
};

[[nodiscard]] std::vector<std::byte> weight_stream(const std::vector<std::int16_t>& values,
                                                   const coding& how, random_source& random);

/// A scale record's 10 bytes.
void append_scale(std::vector<std::byte>& to, const scale_record& record);

} // namespace inlay::test::npu_model
