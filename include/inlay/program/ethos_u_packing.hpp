// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/program/ethos_u_engine.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace inlay {

/// What a program that packs an engine's constants needs of it, without writing its commands.
template <class Engine>
struct ethos_u_packing;

template <class Network, class Target, ethos_u_options Options, class Weights>
struct ethos_u_packing<ethos_u_engine<Network, Target, Options, Weights>> {
  static constexpr const auto& layers =
      detail::ethos_u_program<Network, Target, Options, Weights>::layers;

  /// The same engine with constants that are coded otherwise.
  template <class Others>
  using with = ethos_u_engine<Network, Target, Options, Others>;
};

namespace ethos_u {

/// A number that tells the orders in which engines read their weights apart.
template <std::size_t Layers>
constexpr std::uint64_t fingerprint(const std::array<layer_weights, Layers>& layers) {
  std::uint64_t mixed = 0xcbf29ce484222325; // FNV-1a, by words
  const auto mix = [&](std::int64_t value) {
    mixed = (mixed ^ static_cast<std::uint64_t>(value)) * 0x100000001b3;
  };
  for (const layer_weights& each : layers) {
    const weight_layout& layout = each.layout;
    mix(static_cast<std::int64_t>(layout.order));
    mix(each.first_output);
    for (const extent size : {layout.kernel, layout.dilation}) {
      mix(size.height);
      mix(size.width);
    }
    for (const std::int32_t number : {layout.inputs, layout.outputs, layout.block_depth,
                                      layout.micro_inputs, layout.micro_outputs, layout.cores}) {
      mix(number);
    }
  }
  return mixed;
}

} // namespace ethos_u
} // namespace inlay
