// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/packed_block.hpp>

#include <utility>

// A block of constants that the compiler codes.

namespace inlay::ethos_u {

namespace detail {

/// A stream at the beginning of an array that has place for any coding.
template <std::size_t Most>
struct constant_stream {
  std::array<unsigned char, Most> bytes{};
  std::int64_t size = 0;
};

template <const auto& Layers, std::size_t Layer, int Core>
constexpr auto constant_stream_of = [] {
  if constexpr (Core < Layers[Layer].layout.cores) {
    constexpr std::int64_t most = [] {
      weight_layout widest = Layers[Layer].layout;
      widest.bits = 9;
      return uncompressed_bytes(widest, Core);
    }();
    constant_stream<static_cast<std::size_t>(most)> made;
    for (const unsigned char byte : smallest_stream(Layers[Layer], Core)) {
      made.bytes[static_cast<std::size_t>(made.size++)] = byte;
    }
    return made;
  } else {
    return constant_stream<0>{};
  }
}();

/// A network's streams and records, made stream by stream because compilers limit evaluations.
template <const auto& Layers>
class constant_block {
  static constexpr std::size_t count = Layers.size();
  static constexpr auto every_layer = std::make_index_sequence<count>{};

  template <std::size_t... Layer>
  static constexpr auto sizes_of(std::index_sequence<Layer...>) {
    return std::array<std::array<std::int64_t, most_cores>, count>{
        std::array<std::int64_t, most_cores>{constant_stream_of<Layers, Layer, 0>.size,
                                             constant_stream_of<Layers, Layer, 1>.size}...};
  }

public:
  static constexpr packed_table<count> table = [] {
    constexpr auto sizes = sizes_of(every_layer);
    packed_table<count> made;
    for (std::size_t i = 0; i < count; ++i) {
      made.bytes = place(Layers[i].layout, made.bytes, made.layers[i],
                         [&](int core) { return sizes[i][static_cast<std::size_t>(core)]; });
    }
    return made;
  }();

  /// @param out table.bytes
  /// @return false if a scale record cannot be represented
  static constexpr bool write(unsigned char* out) noexcept {
    bool fits = true;
    for (std::size_t i = 0; i < count; ++i) {
      for (int core = 0; core < Layers[i].layout.cores; ++core) {
        const packed_range& range = table.layers[i].cores[static_cast<std::size_t>(core)];
        fits = write_scales(Layers[i], core, out + range.scales) && fits;
      }
    }
    copy_streams(out, every_layer);
    return fits;
  }

private:
  template <std::size_t... Layer>
  static constexpr void copy_streams(unsigned char* out, std::index_sequence<Layer...>) noexcept {
    const auto copy = [&](std::size_t layer, std::size_t core, const auto& stream) {
      for (std::int64_t i = 0; i < stream.size; ++i) {
        out[table.layers[layer].cores[core].weights + i] =
            stream.bytes[static_cast<std::size_t>(i)];
      }
    };
    ((copy(Layer, 0, constant_stream_of<Layers, Layer, 0>),
      copy(Layer, 1, constant_stream_of<Layers, Layer, 1>)),
     ...);
  }
};

} // namespace detail

/// Weights coded by the compiler, each stream as it is smallest: what an ethos_u_engine is given
/// instead of `uncompressed`, and what its `prepare` then writes. For tiny networks: compilers end
/// constant expressions at streams of about 500 weights (g++ 12), or 400 of 16 different values
/// (clang 14). Larger ones are for pack_block in a program that runs while building.
struct smallest {
  template <const auto& Layers>
  static constexpr auto table = detail::constant_block<Layers>::table;
  template <const auto& Layers>
  static constexpr bool write(unsigned char* block) noexcept {
    return detail::constant_block<Layers>::write(block);
  }
};

} // namespace inlay::ethos_u
