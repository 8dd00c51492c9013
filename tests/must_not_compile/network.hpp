// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/inlay.hpp>

#include <array>
#include <span>
#include <vector>

// What the cases are made of.

using namespace inlay;

constexpr quantization q{0.5F, 0};

/// `Count` weights with the scales and the bias of `Filters` filters.
template <std::size_t Count, std::size_t Filters, std::size_t Biases = Filters>
struct parameters {
  static constexpr std::array<std::int8_t, Count> weights{};
  static constexpr std::array<float, Filters> scales = [] {
    std::array<float, Filters> made{};
    made.fill(0.5F);
    return made;
  }();
  static constexpr std::array<std::int32_t, Biases> bias{};
};

using image = input<shape{4, 4, 3}, element::int8, q>;

template <std::int32_t Filters, class Parameters>
using pointwise = conv2d<conv2d_options{.filters = Filters, .quantization = q}, Parameters>;

/// A network that can run, of 4x4x3 = 48 int8 elements.
using small = network<image, pointwise<5, parameters<15, 5>>>;
