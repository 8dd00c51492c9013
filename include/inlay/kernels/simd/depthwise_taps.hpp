// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/simd/depthwise.hpp>

namespace inlay::kernels::simd {

/// Windows that do not fit quads, of up to 128 taps: larger ones, dilated ones, and those with
/// several outputs an input.
constexpr bool fits_taps(const step::depthwise_convolution& step) {
  return step.window.kernel.height * step.window.kernel.width <= 128;
}

/// The scratch memory of depthwise_taps: a pixel of zero points, and the rows of a window with each
/// channel as often as it has outputs, where that is not once.
struct taps_memory {
  std::int64_t rows_at;
  std::int64_t row_bytes;
  std::size_t bytes;

  constexpr explicit taps_memory(const step::depthwise_convolution& step)
      : rows_at(divide_up(step.out.channels, 64) * 64),
        row_bytes(std::int64_t{step.in.width} * step.out.channels),
        bytes(static_cast<std::size_t>(
            rows_at + (step.multiplier == 1 ? 0 : step.window.kernel.height * row_bytes))) {}
};

template <class Arch>
constexpr std::size_t scratch_bytes_of(const step::depthwise_convolution& step) {
  return fits_quads(step)  ? static_cast<std::size_t>(2 * quad_numbers<Arch>(step).quad_bytes)
         : fits_taps(step) ? taps_memory(step).bytes
                           : 0;
}

/// DEPTHWISE_CONV_2D tap by tap: four taps of a vector of channels are interleaved and go into one
/// dot product. A unit is a row of the output.
template <class Arch, step::depthwise_convolution Step>
struct depthwise_taps {
  static constexpr step::depthwise_convolution step = Step;
  static constexpr step::sliding_window window = Step.window;
  static constexpr int taps = window.kernel.height * window.kernel.width;
  static constexpr int groups = divide_up(taps, 4);
  static constexpr int parts = weight_parts_of(step);
  static constexpr int channels = step.out.channels;
  static constexpr packed_layout<Arch> layout{divide_up(channels, Arch::lanes), groups* parts};
  static constexpr taps_memory memory{Step};

  static constexpr std::size_t packed_bytes = static_cast<std::size_t>(layout.bytes());
  static constexpr std::size_t scratch_bytes = memory.bytes;
  static constexpr std::int32_t units = step.out.height;

  static constexpr void pack(layers constants, unsigned char* out) noexcept {
    for (int vector = 0; vector < layout.vectors; ++vector) {
      unsigned char* const block = out + vector * layout.block_bytes();
      std::array<packed_channel, Arch::lanes> packed{};
      const int first = vector * Arch::lanes;
      const int count = channels - first < Arch::lanes ? channels - first : Arch::lanes;
      for (int lane = 0; lane < Arch::lanes; ++lane) {
        const weight_sums sums =
            pack_lane(constants[0], first, lane, lane < count, block + layout.weights_offset);
        if (lane < count) {
          constexpr std::int32_t zero = level_of_zero(step.type, step.input_zero_point);
          packed_channel& channel = packed[static_cast<std::size_t>(lane)];
          channel = channel_of(step, constants[0], first + lane, sums);
          channel.start =
              wrapping_add(channel.start, static_cast<std::int32_t>(-zero * sums.total()));
        }
      }
      out[layout.forms_offset() + vector] =
          static_cast<unsigned char>(pack_head<Arch>(packed, count, block));
    }
  }

  static void run(const arguments& given) noexcept {
    std::memset(given.scratch, static_cast<unsigned char>(step.input_zero_point), channels);
    for (int y = given.units.first; y < given.units.last; ++y) {
      run_row(given, y);
    }
  }

private:
  /// Where the taps of four pixels are, the first of their channels.
  struct places {
    const unsigned char* from[4][std::size_t{4 * groups}];
  };

  static constexpr weight_sums pack_lane(const layer_constants& layer, int first, int lane,
                                         bool is_there, unsigned char* to) noexcept {
    weight_sums sums{};
    for (int group = 0; group < groups; ++group) {
      std::array<std::uint32_t, std::size_t{parts}> dwords{};
      for (int tap = 4 * group; tap < 4 * group + 4 && tap < taps && is_there; ++tap) {
        std::int32_t rest = weight_of(step, layer, tap, first + lane);
        sums.add(rest);
        for (std::uint32_t& dword : dwords) {
          const std::int32_t part = clamp(rest, -128, 127);
          rest -= part;
          dword |= (static_cast<std::uint32_t>(part) & 0xFF) << (8 * (tap % 4));
        }
      }
      for (const std::uint32_t dword : dwords) {
        store_group<Arch, slicing::alternating>(layout, to, lane, dword);
        to += layout.group_bytes();
      }
    }
    return sums;
  }

  static void run_row(const arguments& given, int y) noexcept {
    const unsigned char* rows[std::size_t{window.kernel.height}];
    for (int ky = 0; ky < window.kernel.height; ++ky) {
      const int at = y * window.stride.height - window.padding_top + ky * window.dilation.height;
      rows[ky] = nullptr;
      if (at >= 0 && at < step.in.height) {
        rows[ky] = given.inputs[0] + std::int64_t{at} * step.in.width * step.in.channels;
        if constexpr (step.multiplier > 1) {
          unsigned char* const own = given.scratch + memory.rows_at + ky * memory.row_bytes;
          repeat_channels(rows[ky], own);
          rows[ky] = own;
        }
      }
    }
    unsigned char* to = given.output + std::int64_t{y} * step.out.width * channels;
    constexpr int whole = step.out.width / 4 * 4;
    for (int x = 0; x < whole; x += 4, to += 4 * channels) {
      run_pixels<4>(given, rows, x, to);
    }
    if constexpr (whole < step.out.width) {
      run_pixels<step.out.width - whole>(given, rows, whole, to);
    }
  }

  static void repeat_channels(const unsigned char* from, unsigned char* to) noexcept {
    for (int i = 0; i < step.in.width * step.in.channels; ++i, to += step.multiplier) {
      std::memset(to, from[i], static_cast<std::size_t>(step.multiplier));
    }
  }

  template <int Pixels>
  static void run_pixels(const arguments& given, const unsigned char* const* rows, int x,
                         unsigned char* to) noexcept {
    places at;
    for (int i = 0; i < 4; ++i) {
      // Pixels that make four are not written.
      const int left = (x + (i < Pixels ? i : 0)) * window.stride.width - window.padding_left;
      for (int tap = 0; tap < 4 * groups; ++tap) {
        const int column = left + tap % window.kernel.width * window.dilation.width;
        const unsigned char* const row = tap < taps ? rows[tap / window.kernel.width] : nullptr;
        const bool inside = row != nullptr && column >= 0 && column < step.in.width;
        at.from[i][tap] = inside ? row + std::int64_t{column} * channels : given.scratch;
      }
    }
    for (int vector = 0; vector < layout.vectors - 1; ++vector) {
      run_vector<Pixels, Arch::lanes>(given.packed, at, vector, to);
    }
    run_vector<Pixels, channels - (layout.vectors - 1) * Arch::lanes>(given.packed, at,
                                                                      layout.vectors - 1, to);
  }

  template <int Pixels, int Channels>
  static void run_vector(const unsigned char* packed, const places& at, int vector,
                         unsigned char* to) noexcept {
    const unsigned char* const block = packed + vector * layout.block_bytes();
    if (static_cast<form>(packed[layout.forms_offset() + vector]) == form::floats) {
      make<Pixels, Channels, form::floats>(block, at, vector * Arch::lanes, to);
    } else {
      make<Pixels, Channels, form::integers>(block, at, vector * Arch::lanes, to);
    }
  }

  template <int Pixels, int Channels, form How>
  static void make(const unsigned char* block, const places& at, int first,
                   unsigned char* to) noexcept {
    using ints = typename Arch::ints;
    constexpr finishing finish = finishing_of(step);
    const channel_constants<Arch> constants(block);
    const unsigned char* weights = block + layout.weights_offset;
    ints sums[4];
    unroll<4>([&](auto i) __attribute__((always_inline)) { sums[i] = constants.start; });
    for (int group = 0; group < groups; ++group, weights += parts * layout.group_bytes()) {
      unroll<Pixels>([&](auto i) __attribute__((always_inline)) {
        const unsigned char* const* from = at.from[i] + 4 * group;
        auto rows = Arch::template load_rows<Channels>(from[0] + first, from[1] + first,
                                                       from[2] + first, from[3] + first);
        if constexpr (step.type == element::int8) {
          rows ^= 0x80;
        }
        const ints four = reinterpret_cast<ints>(Arch::interleave(rows));
        unroll<parts>([&](auto part) __attribute__((always_inline)) {
          unroll<Arch::slices>([&](auto slice) __attribute__((always_inline)) {
            const unsigned char* own =
                weights + part * layout.group_bytes() + slice * layout.row_bytes;
            sums[i] = Arch::dot(sums[i], Arch::template slice<slice>(four), Arch::load(own));
          });
        });
      });
    }
    unroll<4>([&](auto i) __attribute__((always_inline)) {
      sums[i] = to_level<Arch, finish, How>(sums[i], constants);
    });
    auto levels = narrow<Arch, finish>(sums[0], sums[1], sums[2], sums[3]);
    if constexpr (step.type == element::int8) {
      levels ^= 0x80;
    }
    const auto pixels = Arch::transpose(levels);
    unroll<Pixels>([&](auto i) __attribute__((always_inline)) {
      Arch::template store_row<i, Channels>(pixels, to + i * channels + first);
    });
  }
};

} // namespace inlay::kernels::simd
