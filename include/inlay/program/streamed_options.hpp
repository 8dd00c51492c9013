// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/lower/lower.hpp>
#include <inlay/plan/stream_plan.hpp>

namespace inlay {

/// Choices about a streamed engine that are not the target's.
struct streamed_options {
  /// Where the network's input comes from.
  image_source image = image_source::caller;
  /// By how many percent an inference may take more multiply-accumulates where the arena becomes
  /// smaller if some rows are computed again instead of kept.
  int recomputation = 0;
};

namespace detail {

/// A target that runs one operator a step.
template <class Target>
struct unfused : Target {
  static constexpr inlay::lowering lowering = [] {
    inlay::lowering wishes = Target::lowering;
    wishes.fuses = nullptr;
    return wishes;
  }();
};

} // namespace detail
} // namespace inlay
