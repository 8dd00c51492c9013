// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/layers/checks.hpp>
#include <inlay/layers/counts.hpp>

namespace inlay {

/// Rows, columns and channels around an image.
struct border {
  std::int32_t top = 0;
  std::int32_t bottom = 0;
  std::int32_t left = 0;
  std::int32_t right = 0;
  std::int32_t channels_before = 0;
  std::int32_t channels_after = 0;

  [[nodiscard]] constexpr bool has_channels() const {
    return channels_before != 0 || channels_after != 0;
  }

  friend constexpr bool operator==(const border&, const border&) = default;
};

namespace op {

/// PAD of height, width and channels with the zero point. The amounts that a model file names are
/// an input of their own there; the importer has read them.
struct pad : counts_nothing {
  static constexpr std::string_view name = "PAD";
  inlay::border border{};

  constexpr bool infer(const operands& around, shape& out, diagnosis& found) const {
    if (!checks::input_count(around, 1, 2, found)) {
      return false;
    }
    const shape& in = around[0].type.shape;
    const auto reasonable = [](std::int32_t amount) { return amount >= 0 && amount <= 4096; };
    if (!found.expect(in.rank == 3, "its input is ", in,
                      ", expected three extents: height, width, channels") ||
        !found.expect(reasonable(border.top) && reasonable(border.bottom) &&
                          reasonable(border.left) && reasonable(border.right) &&
                          reasonable(border.channels_before) && reasonable(border.channels_after),
                      "it pads by ", border.top, ", ", border.bottom, ", ", border.left, ", ",
                      border.right, ", ", border.channels_before, ", ", border.channels_after,
                      " (top, bottom, left, right, channels before and after), expected 0 to 4096 "
                      "each")) {
      return false;
    }
    out = shape{in.height() + border.top + border.bottom, in.width() + border.left + border.right,
                in.channels() + border.channels_before + border.channels_after};
    return true;
  }

  constexpr bool check(const operands& around, diagnosis& found) const {
    return checks::same_element(around, found) && checks::same_quantization(around, found);
  }
};

} // namespace op

/// Padding with the zero point in a hand-written network.
template <border Border>
struct pad {
  static constexpr int operators = 1;
  static constexpr int constants = 0;

  template <class Builder>
  static constexpr int append(Builder& network, int input) {
    const tensor_type in = network.type_of(input);
    return network.emit(op::pad{{}, Border}, {input}, in.element, in.quantization);
  }
};

} // namespace inlay
