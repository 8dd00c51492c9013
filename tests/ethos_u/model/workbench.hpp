// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "check.hpp"
#include "model.hpp"
#include "weight_writer.hpp"

namespace inlay::test::npu_model {

/// Tiny streams made by hand: memory, constants and operations of one NPU.
class workbench {
public:
  explicit workbench(const machine& npu, std::uint64_t seed = 1);

  /// Reserves a tensor in the arena.
  feature_map tensor(tensor_layout how, int height, int width, int depth, int element_bytes = 1);

  /// The first height0 rows at once, the rest in a tile of its own, by BASE2.
  feature_map tensor_in_two(tensor_layout how, int height, int width, int depth, int height0);

  /// A tensor of constants, NHWC.
  feature_map constant(int height, int width, int depth, const std::vector<std::int32_t>& values);

  /// Fills a tensor; it counts as given before the stream begins.
  void fill(const feature_map& map, const std::vector<std::int64_t>& values);
  void fill_at_random(const feature_map& map);
  [[nodiscard]] std::vector<std::int64_t> values(const feature_map& map) const;

  /// An operation between two tensors, with a legal block and SHRAM, not scaled.
  [[nodiscard]] operation between(kind what, const feature_map& ifm, const feature_map& ofm) const;

  /// Gives an operation weights [output][row][column][input] and a scale for each channel.
  void give_weights(operation& to, const std::vector<std::int16_t>& weights,
                    const std::vector<scale_record>& scales, bool compressed = false);

  void add(const operation& what);
  void add_transfer(const feature_map& from, std::int64_t shram_offset, std::int64_t bytes);
  void add_wait(kind what, int left);

  [[nodiscard]] const program& stream() const { return program_; }
  [[nodiscard]] program& stream() { return program_; }
  [[nodiscard]] check_options options() const;

  /// What the checker finds in the stream, read back from a payload.
  [[nodiscard]] std::string complaints() const;

  /// Runs the stream from the bytes of a payload; the arena keeps what it leaves.
  void run();
  /// Runs another stream on a copy of the arena as it is now. @returns the copy.
  [[nodiscard]] std::vector<std::byte> arena_after(const program& what) const;

  [[nodiscard]] const std::vector<std::byte>& arena() const { return arena_; }
  [[nodiscard]] const std::vector<std::byte>& constants() const { return constants_; }
  [[nodiscard]] random_source& random() { return random_; }

private:
  std::int64_t reserve(std::vector<std::byte>& in, std::int64_t bytes);

  program program_;
  std::vector<std::byte> arena_;
  std::vector<std::byte> constants_;
  std::vector<given_area> given_;
  random_source random_;
};

/// A multiplier of TensorFlow Lite as a scale.
[[nodiscard]] scale scale_of(double real);

} // namespace inlay::test::npu_model
