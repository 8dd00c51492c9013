// SPDX-License-Identifier: Apache-2.0
//
//   count_NAME SET
//
// Runs a network with one kernel set in regions of targets/emulation: packing, an inference of the
// program that one would deploy, and each layer of the network that is not fused, about which it
// prints a line "layer CLASS MACS".
#include <inlay/program/dispatched.hpp>

#include <array>
#include <cstdio>
#include <networks/counted.hpp>
#include <region.hpp>

namespace {

using network = networks::observed::network;
using program = inlay::dispatched<network>;

/// A layer's class, in words of bench/README.md.
const char* class_of(const inlay::node& which) {
  const std::string_view name = name_of(which.what);
  const inlay::operands around = network::graph.around(which);
  if (name == "CONV_2D") {
    const inlay::shape& weights = around[1].type.shape;
    return weights.height() * weights.width() == 1 ? "pointwise" : "convolution";
  }
  return name == "DEPTHWISE_CONV_2D" ? "depthwise"
         : name == "FULLY_CONNECTED" ? "fully_connected"
         : name == "ADD"             ? "add"
         : name == "MEAN"            ? "mean"
                                     : "other";
}

/// Counts what an inference does between the calls of its tap.
void count_layers(
    const inlay::kernel_set& set,
    const std::array<network::input::value_type, network::input::view::extent>& image) {
  const program observed(set);
  program::workspace memory(observed);
  const auto alone = [](int parts, auto&& work) {
    for (int part = 0; part < parts; ++part) {
      work(part);
    }
  };
  inlay::emulation::begin_region();
  observed.infer_on(alone, image, memory, [](int node, const unsigned char*) {
    inlay::emulation::end_region();
    const inlay::node& which = network::graph[node];
    const auto macs = inlay::count(network::graph, which).multiply_accumulates;
    std::printf("layer %s %lld\n", class_of(which), static_cast<long long>(macs));
    inlay::emulation::begin_region();
  });
}

} // namespace

int main(int given, char** arguments) {
  const char* name = given > 1 ? arguments[1] : "";
  const inlay::kernel_choice whole = inlay::dispatch(networks::deployed::kernel_sets(), name);
  const inlay::kernel_choice layers = inlay::dispatch(networks::observed::kernel_sets(), name);
  if (whole.set == nullptr || layers.set == nullptr) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(whole.complaint.size()),
                 whole.complaint.view().data());
    return 1;
  }
  std::array<network::input::value_type, network::input::view::extent> image{};
  std::uint32_t state = 1;
  for (auto& each : image) {
    state = state * 1664525 + 1013904223;
    each = static_cast<network::input::value_type>(state >> 24);
  }
  inlay::emulation::begin_region();
  const program deployed(*whole.set);
  inlay::emulation::end_region();
  program::workspace memory(deployed);
  inlay::emulation::begin_region();
  deployed.infer(image, memory);
  inlay::emulation::end_region();
  std::printf("bytes arena %zu\nbytes parameters %zu\n", whole.set->arena_bytes,
              whole.set->parameters_bytes);
  count_layers(*layers.set, image);
  return 0;
}
