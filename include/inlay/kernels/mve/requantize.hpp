// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/mve/multiply.hpp>
#include <inlay/kernels/portable/channel_constants.hpp>

#if INLAY_MVE
#include <arm_mve.h>
#endif

namespace inlay::kernels::mve {

using portable::channel_constants;
using portable::output_stage;
using portable::requantization;

/// A sum, its bias in it, as an output.
inline unsigned char requantize(std::int32_t sum, std::int32_t mantissa, std::uint8_t code,
                                const output_stage& stage) noexcept {
  return static_cast<unsigned char>(
      clamp(multiply(sum, quantized_multiplier{mantissa, -1 - code}) + stage.zero_point,
            stage.clamp.low, stage.clamp.high));
}

#if INLAY_MVE

/// Four sums as outputs; both roundings are instructions, the second is of ties upward and gets
/// numbers below zero less one.
template <bool HidesNegative>
[[gnu::always_inline]] inline int32x4_t requantize(int32x4_t sums, int32x4_t mantissas,
                                                   int32x4_t shifts, std::int32_t zero_point,
                                                   int32x4_t low, int32x4_t high) noexcept {
  int32x4_t scaled = vqrdmulhq_s32(sums, mantissas);
  if constexpr (!HidesNegative) {
    scaled = vaddq_s32(scaled, vshrq_n_s32(scaled, 31));
  }
  const int32x4_t moved = vaddq_n_s32(vrshlq_s32(scaled, shifts), zero_point);
  return vminq_s32(vmaxq_s32(moved, low), high);
}

#endif

/// Requantizes two channels of some pixels, for one pair of channels after the other.
template <bool HidesNegative, bool Corrects>
class pair_requantizer {
public:
  /// @param corrections added to the sums of each pixel: [2 * p + c]
  /// @param stride between output pixels
  [[gnu::always_inline]] pair_requantizer(const output_stage& stage,
                                          const std::int32_t* corrections, std::int32_t count,
                                          std::int32_t stride) noexcept
      : stage_(stage), corrections_(corrections), count_(count), stride_(stride) {}

  /// @param sums of pixel p and channel c at [2 * p + c], biases in them; of an even number of
  ///   pixels, of which an odd last one may be anything
  /// @param constants two biases and two mantissas
  /// @param codes of the two channels
  [[gnu::always_inline]] void operator()(const std::int32_t* sums, const unsigned char* constants,
                                         const unsigned char* codes,
                                         unsigned char* out) const noexcept {
#if INLAY_MVE
    const int32x4_t mantissas = vldrwq_gather_shifted_offset_s32(
        reinterpret_cast<const std::int32_t*>(constants), vaddq_n_u32(pair_, 2));
    const int32x4_t shifts =
        vmvnq_s32(vreinterpretq_s32_u32(vldrbq_gather_offset_u32(codes, pair_)));
    const std::int32_t* corrections = corrections_;
    const std::int32_t zero_point = stage_.zero_point;
    const auto four = [&] {
      int32x4_t sum = vldrwq_s32(sums);
      if constexpr (Corrects) {
        sum = vaddq_s32(sum, vldrwq_s32(corrections));
        corrections += 4;
      }
      sums += 4;
      return requantize<HidesNegative>(sum, mantissas, shifts, zero_point, low_, high_);
    };
    auto* to = reinterpret_cast<std::int8_t*>(out);
    for (std::int32_t pairs = count_ / 2; pairs > 0; --pairs, to += 2 * stride_) {
      vstrbq_scatter_offset_s32(to, places_, four());
    }
    if (count_ % 2 != 0) {
      vstrbq_scatter_offset_p_s32(to, places_, four(), vctp32q(2));
    }
#else
    for (std::int32_t p = 0; p < count_; ++p, out += stride_) {
      for (std::int32_t c = 0; c < 2; ++c) {
        const std::int32_t sum =
            wrapping_add(sums[2 * p + c], Corrects ? corrections_[2 * p + c] : 0);
        out[c] = requantize(sum, load<std::int32_t>(constants + 8 + 4 * c), codes[c], stage_);
      }
    }
#endif
  }

private:
  const output_stage& stage_;
  const std::int32_t* corrections_;
  std::int32_t count_;
  std::int32_t stride_;
#if INLAY_MVE
  uint32x4_t pair_ = vandq_u32(vidupq_n_u32(0, 1), vdupq_n_u32(1)); // 0 1 0 1
  uint32x4_t places_ = vaddq_u32(
      pair_, vmulq_n_u32(vshrq_n_u32(vidupq_n_u32(0, 1), 1), static_cast<std::uint32_t>(stride_)));
  int32x4_t low_ = vdupq_n_s32(stage_.clamp.low);
  int32x4_t high_ = vdupq_n_s32(stage_.clamp.high);
#endif
};

} // namespace inlay::kernels::mve
