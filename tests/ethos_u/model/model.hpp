// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "decode.hpp"
#include "stream_error.hpp"

#include <functional>
#include <memory>
#include <span>
#include <vector>

// What an NPU does with a payload, one operation after the other, as TensorFlow Lite computes. It
// was written from the public description of the formats and shares nothing with the generator.
// Time and SHRAM it does not see: check.hpp does.

namespace inlay::test::npu_model {

/// The memory of a region. Constants can be read only.
class region {
public:
  region(std::span<std::byte> bytes) : read_(bytes), write_(bytes.data()) {}
  region(std::span<const std::byte> bytes) : read_(bytes) {}

  [[nodiscard]] std::span<const std::byte> bytes() const { return read_; }
  [[nodiscard]] std::byte* writable() const { return write_; }

private:
  std::span<const std::byte> read_;
  std::byte* write_ = nullptr;
};

class ethos_u_model {
public:
  /// Called after each operation with what it was; its ofm can be read by tensor_bytes.
  using hook = std::function<void(const operation&, std::span<const region>)>;

  /// @param config the word that a payload must be made for; 0 takes each.
  explicit ethos_u_model(std::uint32_t config = 0);
  ~ethos_u_model();
  ethos_u_model(const ethos_u_model&) = delete;
  ethos_u_model& operator=(const ethos_u_model&) = delete;

  /// Runs a payload on regions: 0 weights, 1 arena, …, as many as it uses.
  /// @throws stream_error where the payload is damaged, asks for what an NPU does not do, or leaves
  ///   a region; the text names the operation.
  void run(std::span<const std::byte> payload, std::span<const region> regions,
           const hook& after = {});

  /// The same for a payload that was read by decode.
  void run(const program& what, std::span<const region> regions, const hook& after = {});

private:
  struct state;
  std::unique_ptr<state> state_;
  std::uint32_t config_;
};

/// A tensor's bytes as NHWC without gaps, whatever its layout and tiles.
/// @throws stream_error where it leaves its region.
[[nodiscard]] std::vector<std::byte> tensor_bytes(const feature_map& tensor,
                                                  std::span<const region> regions);

/// A tensor that lies in one piece: NHWC, or NHCWB16 with channels rounded up to 16.
[[nodiscard]] feature_map dense_map(int region, std::int64_t base, tensor_layout how, int height,
                                    int width, int depth, int element_bytes = 1);

} // namespace inlay::test::npu_model
