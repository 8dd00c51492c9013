// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/layer_weights.hpp>
#include <inlay/kernels/ethos_u/uncompressed_weights.hpp>

#include <array>
#include <cstddef>
#include <span>

// The block of constants of a network on an NPU (region 0): for each operation with weights, and
// for each core, a stream of weights and then its scale records.

namespace inlay::ethos_u {

/// How the weights of a network are coded: each the same way, or each stream as it is smallest.
enum class weight_coding : std::uint8_t { uncompressed, smallest };

inline constexpr int most_cores = 2;

/// Where one core's stream of a step's weights, and its scale records, lie in the block of
/// constants, in bytes. Multiples of 16.
struct packed_range {
  std::int64_t weights = 0;
  std::int64_t weights_bytes = 0;
  std::int64_t scales = 0;
  std::int64_t scales_bytes = 0;

  [[nodiscard]] constexpr std::int64_t end() const { return scales + scales_bytes; }
  friend constexpr bool operator==(const packed_range&, const packed_range&) = default;
};

/// Those of all cores; of cores that an NPU lacks, nothing.
struct packed_layer {
  std::array<packed_range, most_cores> cores{};

  [[nodiscard]] constexpr std::int64_t end() const {
    return cores[1].end() > cores[0].end() ? cores[1].end() : cores[0].end();
  }
  friend constexpr bool operator==(const packed_layer&, const packed_layer&) = default;
};

/// Where the constants of each layer lie, in the order of execution.
template <std::size_t Layers>
struct packed_table {
  std::array<packed_layer, Layers> layers{};
  /// Of the whole block, a multiple of 16.
  std::int64_t bytes = 0;

  friend constexpr bool operator==(const packed_table&, const packed_table&) = default;
};

/// Places one layer at byte `at`.
/// @param bytes_of called as bytes_of(core): the bytes of a core's stream of weights
/// @return the byte after it
template <class Bytes>
constexpr std::int64_t place(const weight_layout& layout, std::int64_t at, packed_layer& out,
                             const Bytes& bytes_of) {
  for (int core = 0; core < layout.cores; ++core) {
    packed_range& range = out.cores[static_cast<std::size_t>(core)];
    range.weights = at;
    range.weights_bytes = bytes_of(core);
    range.scales = range.weights + range.weights_bytes;
    range.scales_bytes = scales_bytes(layout, core);
    at = range.end();
  }
  return at;
}

/// Where the constants of layers lie that are not compressed: no weight needs to be read for it.
template <std::size_t Layers>
constexpr packed_table<Layers> uncompressed_table(const std::array<layer_weights, Layers>& layers) {
  packed_table<Layers> made;
  for (std::size_t i = 0; i < Layers; ++i) {
    const weight_layout& layout = layers[i].layout;
    made.bytes = place(layout, made.bytes, made.layers[i],
                       [&](int core) { return uncompressed_bytes(layout, core); });
  }
  return made;
}

/// Bytes of one layer's streams and records, if it is not compressed.
constexpr std::int64_t uncompressed_bytes(const weight_layout& layout) {
  std::int64_t bytes = 0;
  for (int core = 0; core < layout.cores; ++core) {
    bytes += uncompressed_bytes(layout, core) + scales_bytes(layout, core);
  }
  return bytes;
}

/// Writes one core's scale records.
/// @param out scales_bytes(layer.layout, core)
/// @return false if one cannot be represented
constexpr bool write_scales(const layer_weights& layer, int core, unsigned char* out) noexcept {
  const weight_layout& layout = layer.layout;
  bool fits = true;
  std::int64_t at = 0;
  for (std::int32_t output = core; output < layout.outputs; output += layout.cores) {
    const scale_record record = layer.scale_of(output);
    fits = fits && is_representable(record);
    store(record, out + at);
    at += scale_record_bytes;
  }
  for (; at < scales_bytes(layout, core); ++at) {
    out[at] = 0;
  }
  return fits;
}

/// Writes the constants of layers that are not compressed; constant expressions may call it for
/// small networks.
/// @param table uncompressed_table(layers)
/// @param block table.bytes
/// @return the number of the first layer whose constants an NPU cannot hold (a multiplier or a bias
///   out of range, a weight of -128 among weights without zero point); -1 if there is none
template <std::size_t Layers>
constexpr int write_uncompressed(const std::array<layer_weights, Layers>& layers,
                                 const packed_table<Layers>& table, unsigned char* block) noexcept {
  for (std::size_t i = 0; i < Layers; ++i) {
    for (int core = 0; core < layers[i].layout.cores; ++core) {
      const packed_range& range = table.layers[i].cores[static_cast<std::size_t>(core)];
      if (!write_uncompressed(layers[i].layout, core, layers[i], block + range.weights) ||
          !write_scales(layers[i], core, block + range.scales)) {
        return static_cast<int>(i);
      }
    }
  }
  return -1;
}

} // namespace inlay::ethos_u
