// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/simd/packing_vectors.hpp>
#include <inlay/lower/steps.hpp>
#include <inlay/numerics/float_requantization.hpp>
#include <inlay/numerics/reachable_sums.hpp>

#include <array>
#include <type_traits>

namespace inlay::kernels::simd {

/// What is packed for a channel besides its weights.
struct packed_channel {
  std::int32_t start = 0;
  requantization how{};
  reachable_sums sums{};
};

/// The level that stands for a zero point.
constexpr std::int32_t level_of_zero(element type, std::int32_t zero_point) noexcept {
  return zero_point - lowest_of(type);
}

/// Bias, multiplier and reachable sums of a channel whose weights have these sums.
template <class Kernel>
constexpr packed_channel channel_of(const Kernel& step, const layer_constants& layer,
                                    std::int32_t channel, weight_sums weights) {
  const auto index = static_cast<std::size_t>(channel);
  const std::int32_t bias = layer.bias.empty() ? 0 : layer.bias.at<std::int32_t>(index);
  return {.start = bias,
          .how = {.by = layer.scaling.multiplier(step.per_channel ? index : 0),
                  .zero_point = step.output_zero_point,
                  .clamp = step.clamp,
                  .type = step.type},
          .sums = reachable(bias, weights, step.type, step.input_zero_point)};
}

/// Writes the head of a vector's block; lanes from `count` on give level 0 in floats.
template <class Arch>
constexpr form pack_head(const std::array<packed_channel, Arch::lanes>& channels, int count,
                         unsigned char* block) {
  std::array<float_requantization, Arch::lanes> found{};
  bool exact = true;
  for (int lane = 0; lane < count && exact; ++lane) {
    const auto i = static_cast<std::size_t>(lane);
    found[i] = prove<Arch::rounding, Arch::fused_multiply_add>(channels[i].how, channels[i].sums);
    exact = found[i].exact;
  }
  for (int lane = 0; lane < Arch::lanes; ++lane) {
    const auto i = static_cast<std::size_t>(lane);
    unsigned char* to = block + 4 * lane;
    store(to, channels[i].start);
    if (exact) {
      store(to + 4 * Arch::lanes, found[i].scale);
      store(to + 8 * Arch::lanes, found[i].offset);
    } else {
      store(to + 4 * Arch::lanes, channels[i].how.by.mantissa);
      store(to + 8 * Arch::lanes, channels[i].how.by.shift);
    }
  }
  return exact ? form::floats : form::integers;
}

/// The layout of a convolution's constants: `depth` weights an output, padded to whole groups of
/// four and to `groups_multiple` groups; narrow for an image of one pixel.
template <class Arch, class Kernel>
constexpr packed_layout<Arch> convolution_layout(const Kernel& step, int groups_multiple = 1) {
  const int depth = step.window.kernel.height * step.window.kernel.width * step.in.channels;
  packed_layout<Arch> layout{divide_up(step.out.channels, Arch::lanes),
                             groups_multiple * divide_up(divide_up(depth, 4), groups_multiple)};
  layout.narrow = Arch::slices > 1 && step.out.height * step.out.width == 1;
  return layout;
}

/// Unsigned weights are packed less 128, to be signed. What is left of their zero point multiplies
/// the sum of a pixel's activations.
template <class Kernel>
constexpr std::int32_t pixel_factor(const Kernel& step) {
  return step.type == element::uint8 ? 128 - step.weights_zero_point : -step.weights_zero_point;
}

/// Packs CONV_2D and FULLY_CONNECTED: the group of a vector's weights holds four consecutive
/// weights of each of its channels.
template <class Arch, class Kernel>
constexpr void pack_convolution(const Kernel& step, const layer_constants& layer,
                                packed_layout<Arch> layout, unsigned char* out) {
  const int depth = step.window.kernel.height * step.window.kernel.width * step.in.channels;
  const std::int32_t zero = level_of_zero(step.type, step.input_zero_point);
  const std::uint32_t flip = step.type == element::uint8 ? 0x80808080U : 0;
  for (int vector = 0; vector < layout.vectors; ++vector) {
    unsigned char* block = out + vector * layout.block_bytes();
    std::array<packed_channel, Arch::lanes> channels{};
    const int first = vector * Arch::lanes;
    const int count =
        step.out.channels - first < Arch::lanes ? step.out.channels - first : Arch::lanes;
    unsigned char* const to = block + packed_layout<Arch>::weights_offset;
    int packed_groups = 0;
    if (!std::is_constant_evaluated() && count == Arch::lanes) {
      packed_groups =
          pack_groups(layout, layer.weights.bytes + std::int64_t{first} * depth, depth, flip, to);
    }
    for (int lane = 0; lane < Arch::lanes; ++lane) {
      const auto store_four = [&](int group, std::uint32_t four) {
        store_group<Arch, slicing::neighbors>(layout, to + group * layout.group_bytes(), lane,
                                              four);
      };
      if (lane >= count) {
        for (int group = 0; group < layout.groups; ++group) {
          store_four(group, 0);
        }
        continue;
      }
      const unsigned char* weights = layer.weights.bytes + std::int64_t{first + lane} * depth;
      int group = packed_groups;
      for (; 4 * group + 4 <= depth; ++group) {
        store_four(group, load<std::uint32_t>(weights + 4 * group) ^ flip);
      }
      for (; group < layout.groups; ++group) {
        std::uint32_t four = 0;
        for (int k = depth - 1; k >= 4 * group; --k) {
          four = four << 8 | (weights[k] ^ (flip & 0xFF));
        }
        store_four(group, four);
      }
      const weight_sums sums =
          step.type == element::int8
              ? sums_of_weights<element::int8>(weights, depth, 1, step.weights_zero_point)
              : sums_of_weights<element::uint8>(weights, depth, 1, step.weights_zero_point);
      packed_channel& channel = channels[static_cast<std::size_t>(lane)];
      channel = channel_of(step, layer, first + lane, sums);
      channel.start = wrapping_add(channel.start, static_cast<std::int32_t>(-zero * sums.total()));
    }
    out[layout.forms_offset() + vector] =
        static_cast<unsigned char>(pack_head<Arch>(channels, count, block));
  }
}

} // namespace inlay::kernels::simd
