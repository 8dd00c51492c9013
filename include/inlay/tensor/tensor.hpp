// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/element.hpp>
#include <inlay/numerics/quantization.hpp>
#include <inlay/tensor/bytes.hpp>
#include <inlay/tensor/shape.hpp>

#include <array>
#include <cstddef>

namespace inlay {

/// What neighbours in a network have to agree on.
struct tensor_type {
  inlay::element element = element::int8;
  inlay::shape shape{};
  inlay::quantization quantization{};

  [[nodiscard]] constexpr std::int64_t bytes() const {
    return shape.elements() * static_cast<std::int64_t>(size_of(element));
  }

  friend constexpr bool operator==(const tensor_type&, const tensor_type&) = default;
  friend constexpr text& operator<<(text& out, const tensor_type& self) {
    return out << name_of(self.element) << " " << self.shape << " (" << self.quantization << ")";
  }
};

/// A tensor of a graph: an activation, or a constant when it has data. A constant keeps all its
/// extents (filters are {outputs, height, width, inputs}); an activation's batch is left out.
struct tensor {
  tensor_type type{};
  /// Weights, biases and other constants; empty for activations and in shape-only networks.
  constant data{};
  /// Per-channel scales, one float32 a channel along `channel_axis`; empty if per tensor.
  constant channel_scales{};
  /// Per-channel zero points, one int64 a channel, where the file has them; all must be 0.
  constant channel_zero_points{};
  std::int32_t channel_axis = 0;
  /// The name in the model file, UTF-8.
  constant name{};
  bool is_constant = false;

  [[nodiscard]] constexpr bool per_channel() const { return !channel_scales.empty(); }
  [[nodiscard]] constexpr std::size_t channel_count() const {
    return channel_scales.size / sizeof(float);
  }
  /// The scale of weights for output channel `channel`.
  [[nodiscard]] constexpr float scale(std::size_t channel) const {
    return per_channel() ? channel_scales.at<float>(channel) : type.quantization.scale;
  }
};

/// The tensors around one operator. Inputs can be left out.
struct operands {
  static constexpr int max_inputs = 4;
  std::array<const tensor*, max_inputs> inputs{};
  /// Which inputs are there; not told by null, because g++ 12 with -fsanitize=undefined does not
  /// compare addresses in constant expressions.
  std::array<bool, max_inputs> present{};
  int count = 0;
  const tensor* output = nullptr;

  constexpr void add(const tensor& input) {
    inputs[static_cast<std::size_t>(count)] = &input;
    present[static_cast<std::size_t>(count++)] = true;
  }
  constexpr void leave_out() { ++count; }

  [[nodiscard]] constexpr bool has(int index) const {
    return index < count && present[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] constexpr const tensor& operator[](int index) const {
    return *inputs[static_cast<std::size_t>(index)];
  }
};

} // namespace inlay
