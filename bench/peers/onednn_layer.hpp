// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../model.hpp"

#include <oneapi/dnnl/dnnl.hpp>
#include <vector>

namespace bench::onednn {

/// A tensor of unsigned bytes as oneDNN holds it: int8 values are raised by 128, because its
/// kernels multiply unsigned by signed bytes.
struct held {
  dnnl::memory memory;
  double scale = 1;
  int zero_point = 0;
};

/// A convolution, depthwise or not, as oneDNN is told of it.
struct layer {
  inlay::step::image in;
  inlay::step::image out;
  inlay::step::sliding_window window;
  bool depthwise = false;
  inlay::value_range clamp{};
  const inlay::layer_constants* constants = nullptr;

  [[nodiscard]] int bottom_padding() const {
    return (out.height - 1) * window.stride.height +
           (window.kernel.height - 1) * window.dilation.height + 1 - in.height - window.padding_top;
  }
  [[nodiscard]] int right_padding() const {
    return (out.width - 1) * window.stride.width +
           (window.kernel.width - 1) * window.dilation.width + 1 - in.width - window.padding_left;
  }
  [[nodiscard]] bool is_padded() const {
    return window.padding_top > 0 || window.padding_left > 0 || bottom_padding() > 0 ||
           right_padding() > 0;
  }
  [[nodiscard]] bool is_fully_connected() const {
    return !depthwise && in.height == 1 && in.width == 1 && out.height == 1 && out.width == 1;
  }
};

/// What becomes of a layer's sums. oneDNN multiplies the sum and the bias by `scales`; zero points
/// of the output and, without padding, of the input are in the bias.
struct epilogue {
  std::vector<float> scales;
  std::vector<float> bias;
  /// Of what is in the output's memory already and is added; 0: nothing is.
  float sum_scale = 0;
  int source_zero_point = 0;
};

/// One primitive with its arguments.
struct primitive {
  dnnl::primitive run;
  std::unordered_map<int, dnnl::memory> arguments;
  std::string implementation;
};

dnnl::memory image_memory(const dnnl::engine& engine, const inlay::step::image& extents);

/// @param to takes the result; where something is added, it holds that already
primitive make_layer(const dnnl::engine& engine, dnnl::stream& stream, const layer& what,
                     const epilogue& end, const held& from, const held& to);
/// Global average pooling.
primitive make_mean(const dnnl::engine& engine, const inlay::step::image& in, const held& from,
                    const held& to);

} // namespace bench::onednn
