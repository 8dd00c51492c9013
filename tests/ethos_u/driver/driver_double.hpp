// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <ethosu_driver.h>
#include <functional>
#include <span>
#include <string>
#include <vector>

// Stands in for the core driver: checks all that it is given as the driver does, and more, and runs
// what a test wants instead of an NPU.

namespace inlay::test {

struct driver_double {
  /// What the NPU's register CONFIG holds: payloads for others are refused.
  std::uint32_t config = 0;
  /// Regions that a stream must be given, with their sizes.
  std::vector<std::size_t> sizes;
  /// Called in place of the NPU; false: it failed.
  std::function<bool(std::span<const std::byte> payload, std::span<const std::uint64_t> bases)>
      npu = [](auto, auto) { return true; };
  /// How often ethosu_wait says that the NPU is not done yet.
  int polls = 0;
  /// Whether there is an NPU to reserve.
  bool has_device = true;

  // What happened.
  ethosu_driver device{};
  int invocations = 0;
  int waits = 0;
  bool running = false;
  void* user_argument = nullptr;
  /// Why the last invocation was refused.
  std::string refusal;

  /// The one that the functions of the driver work on.
  static driver_double*& current();
  driver_double() { current() = this; }
  ~driver_double() { current() = nullptr; }
  driver_double(const driver_double&) = delete;
  driver_double& operator=(const driver_double&) = delete;
};

} // namespace inlay::test
