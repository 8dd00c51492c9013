// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/estimate.hpp>
#include <inlay/kernels/ethos_u/step_operation.hpp>

namespace inlay::ethos_u {

/// To a planner an operation costs so many cycles more, so that few are preferred.
inline constexpr std::int64_t cycles_of_an_operation = 200;

/// What a step takes that is made in bands of `band` rows.
constexpr operation_cost cost_of_bands(const npu& on, const step_operation& what, std::int32_t band,
                                       const block& made, const memory_speed& memory,
                                       constants_place constants = constants_place::outside) {
  const std::int32_t height = what.made().output.height;
  const std::int32_t rows = band < height ? band : height;
  operation_cost all;
  const operation_cost one = estimate(on, what.request(rows), made, memory, constants);
  for (std::int32_t i = 0; i < height / rows; ++i) {
    all += one;
  }
  if (height % rows > 0) {
    all += estimate(on, what.request(height % rows), made, memory, constants);
  }
  return all;
}

} // namespace inlay::ethos_u
