// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/channel_range.hpp>
#include <inlay/kernels/ethos_u/estimate.hpp>
#include <inlay/plan/stream_plan.hpp>

namespace inlay::ethos_u {

/// What a node's operations take, a band each.
struct node_cost {
  /// Of its weights and scales; 0: it has none.
  std::int64_t constants = 0;
  std::int32_t bands = 1;
  /// Output channels, if several operations can make some of them each; 0: they cannot.
  std::int32_t channels = 0;
  operation_cost outside{};
  operation_cost copied{};

  /// Cycles that copied constants save in all bands.
  [[nodiscard]] constexpr std::int64_t saved() const {
    return (outside.cycles - copied.cycles) * bands;
  }
  /// Bytes that the constants' memory need not give again: other constants may come instead.
  [[nodiscard]] constexpr std::int64_t saved_bytes() const {
    const std::int64_t bytes = (outside.outside_bytes - copied.outside_bytes) * bands - constants;
    return constants > 0 && bytes > 0 ? bytes : 0;
  }
  /// What is gained if the constants are copied: cycles, and a quarter of those in which their
  /// memory, of `rate` bytes a cycle, can give something else.
  [[nodiscard]] constexpr std::int64_t gain(std::int32_t rate) const {
    return saved() + detail::divided_up(saved_bytes(), rate) / 4;
  }

  /// About what some of the channels take, a multiple of channel_granule or those that are left.
  [[nodiscard]] constexpr node_cost of(std::int32_t some) const {
    return {.constants = constants_of(some),
            .bands = bands,
            .channels = some,
            .outside = outside.share(some, channels),
            .copied = copied.share(some, channels)};
  }
  /// As many channels as have `bytes` of constants at most, a multiple of channel_granule.
  [[nodiscard]] constexpr std::int32_t channels_within(std::int64_t bytes) const {
    const std::int64_t some = bytes <= rounding ? 0 : (bytes - rounding) * channels / constants;
    auto made = static_cast<std::int32_t>(some < channels ? some : channels);
    made -= made % channel_granule;
    while (made > 0 && constants_of(made) > bytes) {
      made -= channel_granule;
    }
    return made;
  }

private:
  /// On each of two cores the stream of weights, with the head of a slice, and the records of
  /// scales end at a multiple of 16.
  static constexpr std::int64_t rounding = std::int64_t{2} * (24 + 16);

  [[nodiscard]] constexpr std::int64_t constants_of(std::int32_t some) const {
    return detail::rounded_up(detail::divided_up(constants * some, channels) + rounding,
                              address_alignment);
  }
};
template <graph_size Size>
using node_costs = std::array<node_cost, Size.operators + 1>;

} // namespace inlay::ethos_u
