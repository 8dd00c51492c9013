// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/compressed_weights.hpp>
#include <inlay/kernels/ethos_u/weight_stream.hpp>
#include <inlay/support/diagnosis.hpp>

// The block of constants as a program that packs while building makes it. It allocates, also in
// constant expressions.

namespace inlay::ethos_u {

struct packed_block {
  std::vector<packed_layer> layers;
  std::vector<unsigned char> bytes;
};

namespace detail {

constexpr std::vector<unsigned char> uncompressed_stream(const layer_weights& layer, int core,
                                                         diagnosis& found) {
  std::vector<unsigned char> stream(
      static_cast<std::size_t>(uncompressed_bytes(layer.layout, core)), 0);
  found.expect(
      write_uncompressed(layer.layout, core, layer, stream.data()), "a weight has more than ",
      layer.layout.bits,
      " bits as magnitude and sign; expected weights in [-127, 127], or the coding smallest");
  return stream;
}

constexpr std::vector<unsigned char> smallest_stream(const layer_weights& layer, int core) {
  std::vector<std::int32_t> weights;
  each_weight(layer.layout, core, layer, [&](std::int32_t weight) { weights.push_back(weight); });
  std::vector<unsigned char> stream = compress(weights);
  if (static_cast<std::int64_t>(stream.size()) > uncompressed_bytes(layer.layout, core)) {
    diagnosis fits("layer");
    std::vector<unsigned char> plain = uncompressed_stream(layer, core, fits);
    return fits.ok() ? plain : stream;
  }
  return stream;
}

} // namespace detail

/// Packs the constants of layers in the order of execution.
/// @param found says which layer cannot be packed and why; the block is of no use then
constexpr packed_block pack_block(std::span<const layer_weights> layers, weight_coding coding,
                                  diagnosis& found) {
  packed_block made;
  for (std::size_t i = 0; i < layers.size() && found.ok(); ++i) {
    const layer_weights& layer = layers[i];
    found.at(static_cast<int>(i), "weights");
    packed_layer& places = made.layers.emplace_back();
    for (int core = 0; core < layer.layout.cores; ++core) {
      const std::vector<unsigned char> stream =
          coding == weight_coding::smallest ? detail::smallest_stream(layer, core)
                                            : detail::uncompressed_stream(layer, core, found);
      packed_range& range = places.cores[static_cast<std::size_t>(core)];
      range.weights = static_cast<std::int64_t>(made.bytes.size());
      range.weights_bytes = static_cast<std::int64_t>(stream.size());
      made.bytes.insert(made.bytes.end(), stream.begin(), stream.end());
      range.scales = static_cast<std::int64_t>(made.bytes.size());
      range.scales_bytes = scales_bytes(layer.layout, core);
      made.bytes.resize(static_cast<std::size_t>(range.end()), 0);
      found.expect(write_scales(layer, core, made.bytes.data() + range.scales),
                   "a bias has more than 40 bits, or a multiplier is not in [2^-32, 2^31)");
    }
  }
  return made;
}

} // namespace inlay::ethos_u
