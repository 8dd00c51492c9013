// SPDX-License-Identifier: Apache-2.0
//
// XNNPACK (https://github.com/google/XNNPACK): an operator a layer, signed activations, one weight
// scale a channel. It rounds in floating point, so its numbers are not exactly the reference's.
#include "peer.hpp"

#include <map>
#include <stdexcept>
#include <xnnpack.h>

namespace bench::xnnpack {

namespace {

constexpr std::string_view library = "XNNPACK";

struct delete_operator {
  void operator()(xnn_operator* what) const { xnn_delete_operator(what); }
};
using operator_handle = std::unique_ptr<xnn_operator, delete_operator>;

void expect_success(xnn_status status, const char* call) {
  if (status != xnn_status_success) {
    throw std::runtime_error("XNNPACK: " + std::string(call) + " gives status " +
                             std::to_string(static_cast<int>(status)));
  }
}

class runner final : public bench::runner {
public:
  runner(const network& what, std::span<const unsigned char> input, int threads)
      : what_(what),
        pool_(threads > 1 ? pthreadpool_create(static_cast<std::size_t>(threads)) : nullptr,
              pthreadpool_destroy) {
    expect_success(xnn_initialize(nullptr), "xnn_initialize");
    auto& first = held_[what.schedule.storage_of(what.schedule[what.first_step].inputs[0])];
    first.assign(input.begin(), input.end());
    first.resize(first.size() + XNN_EXTRA_BYTES);
    for (int step = what.first_step; step < what.last_step; ++step) {
      add(step);
    }
  }

  [[nodiscard]] std::string name() const override { return std::string(library); }
  void run(std::size_t piece) override { xnn_run_operator(operators_[piece].get(), pool_.get()); }
  [[nodiscard]] std::vector<int> output() const override {
    const int number = what_.schedule[what_.last_step - 1].output;
    return values_of(what_.tensor(number).type, held_.at(what_.schedule.storage_of(number)).data());
  }

private:
  std::int8_t* place(int number) {
    std::vector<unsigned char>& bytes = held_[what_.schedule.storage_of(number)];
    if (bytes.empty()) {
      bytes.resize(static_cast<std::size_t>(what_.tensor(number).type.bytes()) + XNN_EXTRA_BYTES);
    }
    return reinterpret_cast<std::int8_t*>(bytes.data());
  }

  [[nodiscard]] const inlay::quantization& quantization(int number) const {
    return what_.tensor(number).type.quantization;
  }
  [[nodiscard]] std::int8_t zero_point(int number) const {
    return static_cast<std::int8_t>(quantization(number).zero_point);
  }

  void add(int step) {
    const inlay::scheduled_step& from = what_.schedule[step];
    if (what_.tensor(from.output).type.element != inlay::element::int8) {
      refuse(library, what_, step);
    }
    if (from.what.is<inlay::step::convolution>()) {
      const auto kernel = from.what.as<inlay::step::convolution>();
      add_layer(step, kernel, 1, 0);
    } else if (from.what.is<inlay::step::depthwise_convolution>()) {
      const auto kernel = from.what.as<inlay::step::depthwise_convolution>();
      add_layer(step, kernel, static_cast<std::uint32_t>(kernel.in.channels),
                XNN_FLAG_DEPTHWISE_CONVOLUTION);
    } else if (from.what.is<inlay::step::add>()) {
      add_sum(from);
    } else if (from.what.is<inlay::step::mean>()) {
      add_mean(from);
    } else if (!from.what.is<inlay::step::alias>()) {
      refuse(library, what_, step);
    }
  }

  template <class Kernel>
  void add_layer(int step, const Kernel& kernel, std::uint32_t groups, std::uint32_t flags) {
    const inlay::scheduled_step& from = what_.schedule[step];
    const inlay::layer_constants& constants = from.layers[0];
    if (kernel.weights_zero_point != 0) {
      refuse(library, what_, step);
    }
    const auto channels = static_cast<std::size_t>(kernel.out.channels);
    std::vector<float> scales(channels);
    std::vector<std::int32_t> bias(channels);
    for (std::size_t channel = 0; channel < channels; ++channel) {
      scales[channel] = constants.scaling.weights.empty()
                            ? constants.scaling.weight
                            : constants.scaling.weights.at<float>(channel);
      bias[channel] = constants.bias.empty() ? 0 : constants.bias.at<std::int32_t>(channel);
    }
    const auto& window = kernel.window;
    const auto bottom = (kernel.out.height - 1) * window.stride.height +
                        (window.kernel.height - 1) * window.dilation.height + 1 - kernel.in.height -
                        window.padding_top;
    const auto right = (kernel.out.width - 1) * window.stride.width +
                       (window.kernel.width - 1) * window.dilation.width + 1 - kernel.in.width -
                       window.padding_left;
    const auto whole = [](int value) { return static_cast<std::uint32_t>(std::max(value, 0)); };
    const auto in_channels = static_cast<std::size_t>(kernel.in.channels);
    xnn_operator_t made = nullptr;
    expect_success(
        xnn_create_convolution2d_nhwc_qc8(
            whole(window.padding_top), whole(right), whole(bottom), whole(window.padding_left),
            whole(window.kernel.height), whole(window.kernel.width), whole(window.stride.height),
            whole(window.stride.width), whole(window.dilation.height), whole(window.dilation.width),
            groups, in_channels / groups, channels / groups, in_channels, channels,
            zero_point(from.inputs[0]), quantization(from.inputs[0]).scale, scales.data(),
            reinterpret_cast<const std::int8_t*>(constants.weights.bytes), bias.data(),
            zero_point(from.output), quantization(from.output).scale,
            static_cast<std::int8_t>(kernel.clamp.low), static_cast<std::int8_t>(kernel.clamp.high),
            flags, &made),
        "xnn_create_convolution2d_nhwc_qc8");
    keep(from, made, groups == 1 ? "convolution2d_nhwc_qc8" : "convolution2d_nhwc_qc8 depthwise");
    expect_success(
        xnn_setup_convolution2d_nhwc_qc8(made, 1, static_cast<std::size_t>(kernel.in.height),
                                         static_cast<std::size_t>(kernel.in.width),
                                         place(from.inputs[0]), place(from.output), pool_.get()),
        "xnn_setup_convolution2d_nhwc_qc8");
  }

  void add_sum(const inlay::scheduled_step& from) {
    const auto sum = from.what.as<inlay::step::add>();
    const int first = from.inputs[0];
    const int second = from.inputs[1];
    xnn_operator_t made = nullptr;
    expect_success(xnn_create_add_nd_qs8(zero_point(first), quantization(first).scale,
                                         zero_point(second), quantization(second).scale,
                                         zero_point(from.output), quantization(from.output).scale,
                                         static_cast<std::int8_t>(sum.clamp.low),
                                         static_cast<std::int8_t>(sum.clamp.high), 0, &made),
                   "xnn_create_add_nd_qs8");
    keep(from, made, "add_nd_qs8");
    const auto elements = static_cast<std::size_t>(sum.elements);
    expect_success(xnn_setup_add_nd_qs8(made, 1, &elements, 1, &elements, place(first),
                                        place(second), place(from.output), pool_.get()),
                   "xnn_setup_add_nd_qs8");
  }

  void add_mean(const inlay::scheduled_step& from) {
    const auto mean = from.what.as<inlay::step::mean>();
    const auto channels = static_cast<std::size_t>(mean.in.channels);
    xnn_operator_t made = nullptr;
    expect_success(xnn_create_global_average_pooling_nwc_qs8(
                       channels, channels, channels, zero_point(from.inputs[0]),
                       quantization(from.inputs[0]).scale, zero_point(from.output),
                       quantization(from.output).scale, -128, 127, 0, &made),
                   "xnn_create_global_average_pooling_nwc_qs8");
    keep(from, made, "global_average_pooling_nwc_qs8");
    expect_success(xnn_setup_global_average_pooling_nwc_qs8(
                       made, 1, static_cast<std::size_t>(mean.in.height * mean.in.width),
                       place(from.inputs[0]), place(from.output), pool_.get()),
                   "xnn_setup_global_average_pooling_nwc_qs8");
  }

  void keep(const inlay::scheduled_step& from, xnn_operator_t made, const char* kernel) {
    operators_.emplace_back(made);
    const int before =
        pieces_.empty() ? what_.schedule[what_.first_step].node : pieces_.back().last_node + 1;
    pieces_.push_back({before, from.node, kernel});
  }

  const network& what_;
  std::unique_ptr<pthreadpool, void (*)(pthreadpool*)> pool_;
  std::map<int, std::vector<unsigned char>> held_;
  std::vector<operator_handle> operators_;
};

std::unique_ptr<bench::runner> make(const network& what, std::span<const unsigned char> input,
                                    const std::string& /*isa*/, int threads) {
  return std::make_unique<runner>(what, input, threads);
}

/// It does not know its version.
std::string version() {
  return std::string(library) + INLAY_XNNPACK_VERSION;
}

const bool added = [] {
  peers().push_back({library, version, make});
  return true;
}();

} // namespace

} // namespace bench::xnnpack
