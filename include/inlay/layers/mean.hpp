// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/layers/checks.hpp>
#include <inlay/layers/counts.hpp>

namespace inlay {

namespace op {

/// MEAN over height and width. Input and output may be quantized differently. The axes that a
/// model file names are an input of their own there; the importer has read them.
struct mean : counts_nothing {
  static constexpr std::string_view name = "MEAN";
  bool keep_dims = false;

  constexpr bool infer(const operands& around, shape& out, diagnosis& found) const {
    if (!checks::input_count(around, 1, 2, found)) {
      return false;
    }
    const shape& in = around[0].type.shape;
    out = keep_dims ? shape{1, 1, in.channels()} : shape{in.channels()};
    return found.expect(in.rank == 3, "its input is ", in,
                        ", expected three extents: height, width, channels");
  }

  constexpr bool check(const operands& around, diagnosis& found) const {
    return checks::same_element(around, found) &&
           checks::rescaling(
               around, std::int64_t{around[0].type.shape[0]} * around[0].type.shape[1], found);
  }
};

} // namespace op

/// The mean over height and width of a hand-written network: {h, w, c} to {1, 1, c}.
/// @tparam Quantization of the output
template <quantization Quantization>
struct global_mean {
  static constexpr int operators = 1;
  static constexpr int constants = 0;

  template <class Builder>
  static constexpr int append(Builder& network, int input) {
    return network.emit(op::mean{{}, true}, {input}, network.type_of(input).element, Quantization);
  }
};

} // namespace inlay
