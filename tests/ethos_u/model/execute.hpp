// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "memory.hpp"
#include "weights.hpp"

#include <list>
#include <map>

// How the parts of the model work together: an input becomes numbers without zero point, an
// operation's arithmetic gives numbers, and one function finishes and stores them.

namespace inlay::test::npu_model {

/// What an NPU remembers between operations.
struct internal_memory {
  explicit internal_memory(const machine& of)
      : bytes(static_cast<std::size_t>(of.banks) * 1024), loaded(bytes.size()) {}
  std::vector<std::byte> bytes;
  std::vector<bool> loaded;
};

/// Weights that were decoded before; a cascade reads the same ones for each stripe.
class weight_cache {
public:
  const std::vector<std::int16_t>& find(std::span<const std::byte> stream, const traversal& order);

private:
  struct entry {
    std::vector<std::byte> stream;
    traversal order;
    std::vector<std::int16_t> weights;
  };
  std::map<std::size_t, std::list<entry>> entries_; ///< by the stream's length
};

struct context {
  const machine& npu;
  std::span<const region> regions;
  internal_memory& shram;
  weight_cache& cache;
};

/// A tensor of numbers, NHWC.
struct numbers {
  int height = 0;
  int width = 0;
  int depth = 0;
  std::vector<std::int32_t> values;

  [[nodiscard]] std::size_t at(int y, int x) const {
    return (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
            static_cast<std::size_t>(x)) *
           static_cast<std::size_t>(depth);
  }
};

/// The input less its zero point, upscaled, with zeros where it is padded.
[[nodiscard]] numbers padded_input(const operation& what, const context& where);

/// The input less its zero point.
[[nodiscard]] numbers plain_input(const feature_map& map, const context& where);

/// Results before the output's zero point, in the order of NHWC.
using results = std::vector<std::int64_t>;

[[nodiscard]] results convolved(const operation& what, const context& where);
[[nodiscard]] results pooled(const operation& what, const context& where);
[[nodiscard]] results combined(const operation& what, const context& where);

/// TANH or SIGMOID of a result in units of 1/12288, before the output's zero point: with elements
/// of 16 bits in units of 2^-15, as TensorFlow Lite computes it; with 8 bits rounded from that.
[[nodiscard]] std::int64_t on_curve(const operation& what, std::int64_t value);

/// A result through a table of SHRAM.
[[nodiscard]] std::int64_t looked_up(const operation& what, std::int64_t value,
                                     const context& where);

/// Computes a curve, adds the zero point, clamps, looks up, and writes.
void store(const operation& what, const results& values, const context& where);

} // namespace inlay::test::npu_model
