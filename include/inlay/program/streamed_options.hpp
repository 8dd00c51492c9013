// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/lower/lower.hpp>
#include <inlay/plan/stream_plan.hpp>

namespace inlay {

/// Choices about a streamed engine that are not the target's.
struct streamed_options {
  /// Where the network's input comes from.
  image_source image = image_source::caller;
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
