// SPDX-License-Identifier: Apache-2.0
//
// oneDNN 2 (https://github.com/oneapi-src/oneDNN): a primitive a layer; a residual is summed by the
// projection before it, in the memory of what is added. It rounds in floating point, so its numbers
// are not exactly the reference's.
#include "onednn_layer.hpp"
#include "peer.hpp"

#include <fmt/format.h>
#include <map>
#include <omp.h>
#include <stdexcept>

namespace bench::onednn {

namespace {

constexpr std::string_view library = "oneDNN";

class runner final : public bench::runner {
public:
  runner(const network& what, std::span<const unsigned char> input) : what_(what) {
    const inlay::scheduled_step& first = what.schedule[what.first_step];
    const int number = first.inputs[0];
    hold(number);
    auto* bytes = static_cast<unsigned char*>(held_[number].memory.get_data_handle());
    for (std::size_t i = 0; i < input.size(); ++i) {
      bytes[i] = static_cast<unsigned char>(input[i] + raised(number));
    }
    for (int step = what.first_step; step < what.last_step; ++step) {
      step += add(step) - 1;
    }
  }

  [[nodiscard]] std::string name() const override { return std::string(library); }
  void run(std::size_t piece) override {
    primitives_[piece].run.execute(stream_, primitives_[piece].arguments);
  }
  [[nodiscard]] std::vector<int> output() const override {
    const int number = what_.schedule[what_.last_step - 1].output;
    inlay::tensor_type type = what_.tensor(number).type;
    const int less = raised(number);
    type.element = inlay::element::uint8;
    std::vector<int> values = values_of(
        type, static_cast<const unsigned char*>(held_.at(number).memory.get_data_handle()));
    for (int& each : values) {
      each -= less;
    }
    return values;
  }

private:
  [[nodiscard]] int raised(int number) const {
    return what_.tensor(number).type.element == inlay::element::int8 ? 128 : 0;
  }

  /// A place for a tensor with the quantization that the model gives it.
  void hold(int number) {
    const inlay::tensor_type& type = what_.tensor(number).type;
    held_[number] = {image_memory(engine_, inlay::step::image_of(type.shape)),
                     static_cast<double>(type.quantization.scale),
                     type.quantization.zero_point + raised(number)};
  }

  /// Adds the primitive for a step, and for the sum after it; gives how many steps that are.
  int add(int step) {
    const inlay::scheduled_step& from = what_.schedule[step];
    if (from.what.is<inlay::step::convolution>()) {
      return add_layer(step, from.what.as<inlay::step::convolution>(), false);
    }
    if (from.what.is<inlay::step::depthwise_convolution>()) {
      const auto kernel = from.what.as<inlay::step::depthwise_convolution>();
      return kernel.multiplier == 1 ? add_layer(step, kernel, true)
                                    : (refuse(library, what_, step), 0);
    }
    if (from.what.is<inlay::step::mean>()) {
      // It keeps its input's scale, which what reads it takes into account.
      const held input = held_.at(from.inputs[0]);
      hold(from.output);
      held& output = held_[from.output];
      output.scale = input.scale;
      output.zero_point = input.zero_point;
      primitives_.push_back(
          make_mean(engine_, from.what.as<inlay::step::mean>().in, input, output));
    } else if (from.what.is<inlay::step::alias>()) {
      held_[from.output] = held_.at(from.inputs[0]);
      return 1;
    } else {
      refuse(library, what_, step);
    }
    add_piece(from.node);
    return 1;
  }

  template <class Kernel>
  int add_layer(int step, const Kernel& kernel, bool depthwise) {
    const inlay::scheduled_step& from = what_.schedule[step];
    if (kernel.type != inlay::element::int8 || kernel.weights_zero_point != 0) {
      refuse(library, what_, step);
    }
    const layer described{kernel.in, kernel.out,   kernel.window,
                          depthwise, kernel.clamp, &from.layers[0]};
    const held input = held_.at(from.inputs[0]);
    const int other = summed_with(step);
    const int output = other < 0 ? from.output : what_.schedule[step + 1].output;
    const inlay::tensor_type& type = what_.tensor(output).type;
    epilogue end;
    double offset = type.quantization.zero_point + raised(output);
    if (other >= 0) {
      const held added = held_.at(other);
      end.sum_scale =
          static_cast<float>(added.scale / static_cast<double>(type.quantization.scale));
      offset -= added.zero_point * static_cast<double>(end.sum_scale);
      held_[output] = {added.memory, static_cast<double>(type.quantization.scale),
                       type.quantization.zero_point + raised(output)};
    } else {
      hold(output);
    }
    end.source_zero_point = described.is_padded() ? input.zero_point : 0;
    fill_channels(described, input, held_[output].scale, offset,
                  described.is_padded() ? 0 : input.zero_point, end);
    primitives_.push_back(make_layer(engine_, stream_, described, end, input, held_[output]));
    const int steps = other < 0 ? 1 : 2;
    add_piece(what_.schedule[step + steps - 1].node);
    return steps;
  }

  /// The other tensor of an ADD that follows and is the only reader; -1 if there is none.
  [[nodiscard]] int summed_with(int step) const {
    if (step + 1 >= what_.last_step || !what_.schedule[step + 1].what.is<inlay::step::add>()) {
      return -1;
    }
    const int result = what_.schedule[step].output;
    const auto& read = what_.schedule[step + 1].inputs;
    return read[0] == result ? read[1] : read[1] == result ? read[0] : -1;
  }

  /// Scales and biases, into which the zero point of an input without padding and `offset`, what
  /// the output begins at, are folded.
  static void fill_channels(const layer& what, const held& input, double output_scale,
                            double offset, int zero_point, epilogue& end) {
    const auto channels = static_cast<std::size_t>(what.out.channels);
    const inlay::layer_constants& from = *what.constants;
    const std::size_t taps = from.weights.size / channels;
    for (std::size_t channel = 0; channel < channels; ++channel) {
      const float weight_scale = from.scaling.weights.empty()
                                     ? from.scaling.weight
                                     : from.scaling.weights.at<float>(channel);
      const double scale = input.scale * static_cast<double>(weight_scale) / output_scale;
      double sum = 0;
      for (std::size_t tap = 0; tap < taps; ++tap) {
        sum += from.weights.at<std::int8_t>(what.depthwise ? tap * channels + channel
                                                           : channel * taps + tap);
      }
      const double bias = from.bias.empty() ? 0 : from.bias.at<std::int32_t>(channel);
      end.scales.push_back(static_cast<float>(scale));
      end.bias.push_back(static_cast<float>(bias - zero_point * sum + offset / scale));
    }
  }

  void add_piece(int node) {
    const int before =
        pieces_.empty() ? what_.schedule[what_.first_step].node : pieces_.back().last_node + 1;
    pieces_.push_back({before, node, primitives_.back().implementation});
  }

  const network& what_;
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  std::map<int, held> held_;
  std::vector<primitive> primitives_;
};

void limit(const std::string& isa) {
  static const std::map<std::string, dnnl::cpu_isa> known{
      {"SSE41", dnnl::cpu_isa::sse41},
      {"AVX2", dnnl::cpu_isa::avx2},
      {"AVX2_VNNI", dnnl::cpu_isa::avx2_vnni},
      {"AVX512_CORE", dnnl::cpu_isa::avx512_core},
      {"AVX512_CORE_VNNI", dnnl::cpu_isa::avx512_core_vnni}};
  const auto found = known.find(isa);
  if (found == known.end()) {
    std::string names;
    for (const auto& [name, value] : known) {
      names += (names.empty() ? "" : ", ") + name;
    }
    throw std::runtime_error(
        fmt::format("oneDNN: expected an instruction set out of {}, found {}", names, isa));
  }
  if (dnnl::set_max_cpu_isa(found->second) != dnnl::status::success) {
    throw std::runtime_error("oneDNN: the instruction set can be limited once only");
  }
  if (dnnl::get_effective_cpu_isa() != found->second) {
    throw std::runtime_error(
        fmt::format("oneDNN: this processor lacks {}, so the comparison would be another", isa));
  }
}

std::unique_ptr<bench::runner> make(const network& what, std::span<const unsigned char> input,
                                    const std::string& isa, int threads) {
  omp_set_num_threads(threads);
  if (!isa.empty()) {
    limit(isa);
  }
  try {
    return std::make_unique<runner>(what, input);
  } catch (const dnnl::error& error) {
    throw std::runtime_error(fmt::format("oneDNN: {}", error.what()));
  }
}

std::string version() {
  const dnnl_version_t* found = dnnl_version();
  return fmt::format("oneDNN {}.{}.{}", found->major, found->minor, found->patch);
}

const bool added = [] {
  peers().push_back({library, version, make});
  return true;
}();

} // namespace

} // namespace bench::onednn
