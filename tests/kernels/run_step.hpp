// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../support/exact.hpp"
#include "../support/random.hpp"

#include <inlay/targets/reference.hpp>

#include <gtest/gtest.h>
#include <utility>
#include <vector>

namespace inlay::test {

using bytes = std::vector<unsigned char>;

/// Calls function.operator()<Configurations[I]>(I) for each of an array's steps.
template <const auto& Configurations, class Function>
void for_each_step(Function&& function) {
  const auto call = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
    SCOPED_TRACE("configuration " + std::to_string(I));
    function.template operator()<Configurations[I]>(I);
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (call(std::integral_constant<std::size_t, I>{}), ...);
  }
  (std::make_index_sequence<std::size(Configurations)>{});
}

/// Element `index` of a quantized tensor in bytes.
inline std::int32_t element_of(const bytes& tensor, element type, std::size_t index) {
  const unsigned char byte = tensor[index];
  return type == element::int8 ? static_cast<std::int8_t>(byte) : byte;
}

inline std::int32_t clamped(std::int64_t value, std::int64_t low, std::int64_t high) {
  return static_cast<std::int32_t>(value < low ? low : value > high ? high : value);
}

/// Runs one step of the reference target on copies of its inputs; what the output held before is
/// of no importance, and nothing is written beyond it.
template <auto Step>
bytes run_step(std::size_t output_bytes, const bytes& first, const bytes& second = {},
               kernels::arguments given = {}) {
  constexpr std::size_t guard = 8;
  bytes results[2];
  for (const unsigned char poison : bytes{0xAA, 0x55}) {
    bytes output(output_bytes + 2 * guard, poison);
    given.inputs = {first.data(), second.data()};
    given.output = output.data() + guard;
    targets::reference::run<Step>(given);
    EXPECT_EQ(bytes(output.begin(), output.begin() + guard), bytes(guard, poison));
    EXPECT_EQ(bytes(output.end() - guard, output.end()), bytes(guard, poison));
    results[poison == 0x55] = bytes(output.begin() + guard, output.end() - guard);
  }
  EXPECT_EQ(results[0], results[1]) << "the output depends on what was there before";
  return results[0];
}

inline constant constant_of(const bytes& values) {
  return values.empty() ? constant{} : constant{values.data(), values.size()};
}

template <class T>
bytes bytes_of(const std::vector<T>& values) {
  const auto* first = reinterpret_cast<const unsigned char*>(values.data());
  return {first, first + values.size() * sizeof(T)};
}

} // namespace inlay::test
