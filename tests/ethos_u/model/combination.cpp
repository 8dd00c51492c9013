// SPDX-License-Identifier: Apache-2.0
#include "execute.hpp"
#include "scaling.hpp"

#include <algorithm>
#include <bit>

namespace inlay::test::npu_model {
namespace {

/// One operand of ADD and SUB. The operand that is scaled by 32 bits and the other one are first
/// moved up as TensorFlow Lite does; its factor of a half is all that the other one gets.
std::int64_t operand(const operation& what, std::int64_t value, bool is_a) {
  if (what.scale_mode == 0) {
    return value * (is_a ? what.opa_scale : what.opb_scale).multiplier;
  }
  const int shift = what.ifm.element_bytes == 1 ? 20 : 15;
  if ((what.scale_mode == 1) != is_a) {
    return value * (std::int64_t{1} << (shift - 1));
  }
  const std::int64_t moved = value * (std::int64_t{1} << shift);
  return scaled(moved, {what.opa_scale.multiplier, what.opa_scale.shift + shift}, rounding::tflite);
}

int shift_count(std::int64_t by) {
  if (by < 0 || by > 31) {
    throw stream_error("a shift by " + std::to_string(by));
  }
  return static_cast<int>(by);
}

std::int64_t outcome(const operation& what, std::int64_t a, std::int64_t b) {
  // Of elements of 32 bits only the shift counts: MUL by 2^30 / 2^31 is the high multiplication.
  const bool wide = what.ifm.element_bytes == 4;
  const scale by{wide ? 1 : what.ofm_scale.multiplier, what.ofm_scale.shift};
  const auto scale_all = [&](std::int64_t value) {
    return what.global_scale ? scaled(value, by, what.rounding) : value;
  };
  switch (what.elementwise_mode()) {
  case elementwise::mul:
    return scale_all(a * b);
  case elementwise::add:
    return scale_all(operand(what, a, true) + operand(what, b, false));
  case elementwise::sub:
    return scale_all(operand(what, a, true) - operand(what, b, false));
  case elementwise::min:
    return scale_all(std::min(a, b));
  case elementwise::max:
    return scale_all(std::max(a, b));
  case elementwise::lrelu:
    return a >= 0 ? a : scale_all(a);
  case elementwise::abs:
    return scale_all(a < 0 ? -a : a);
  case elementwise::clz:
    return std::countl_zero(static_cast<std::uint32_t>(a));
  case elementwise::shr:
    return scale_all(shifted(a, shift_count(b), what.rounding));
  case elementwise::shl:
    return scale_all(a * (std::int64_t{1} << shift_count(b)));
  }
  throw stream_error("the elementwise mode " + std::to_string(what.parameter) + " does not exist");
}

std::int64_t scalar_of(const operation& what) {
  const auto bits = static_cast<std::uint16_t>(what.scalar);
  const std::int64_t value = what.ifm2.is_signed ? static_cast<std::int16_t>(bits) : bits;
  return value - what.ifm2.zero_point;
}

} // namespace

results combined(const operation& what, const context& where) {
  if (what.ifm.depth != what.ofm.depth) {
    throw stream_error("IFM_DEPTH_M1 gives " + std::to_string(what.ifm.depth) +
                       " channels and OFM_DEPTH_M1 " + std::to_string(what.ofm.depth));
  }
  if (what.scale_mode != 0 && (what.scale_mode == 3 || what.ifm.element_bytes == 4)) {
    throw stream_error("an operand's scale mode " + std::to_string(what.scale_mode) +
                       " with elements of " + std::to_string(what.ifm.element_bytes) + " bytes");
  }
  if (what.scale_mode == 0 && (what.opa_scale.multiplier | what.opb_scale.multiplier) > 0xFFFF) {
    throw stream_error("OPA_SCALE or OPB_SCALE has more than 16 bits in a mode that takes 16");
  }
  const numbers first = plain_input(what.ifm, where);
  numbers second;
  if (what.has_ifm2()) {
    second = plain_input(what.ifm2, where);
  } else if (what.has_scalar()) {
    second = {1, 1, 1, {static_cast<std::int32_t>(scalar_of(what))}};
  }
  const bool unary = what.is_unary();
  results values;
  for (int y = 0; y < what.ofm.height; ++y) {
    for (int x = 0; x < what.ofm.width; ++x) {
      const std::int32_t* const a = first.values.data() + first.at(y, x);
      const std::int32_t* const b =
          unary ? nullptr
                : second.values.data() +
                      second.at(second.height == 1 ? 0 : y, second.width == 1 ? 0 : x);
      for (int c = 0; c < what.ofm.depth; ++c) {
        const std::int64_t one = a[c];
        const std::int64_t two = unary ? 0 : b[second.depth == 1 ? 0 : c];
        values.push_back(what.reversed() && !unary ? outcome(what, two, one)
                                                   : outcome(what, one, two));
      }
    }
  }
  return values;
}

} // namespace inlay::test::npu_model
