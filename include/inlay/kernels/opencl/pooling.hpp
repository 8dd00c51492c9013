// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/opencl/convolution.hpp>
#include <inlay/kernels/reference/softmax.hpp>
#include <inlay/tensor/bytes.hpp>

namespace inlay::kernels::opencl {

constexpr std::string_view char_of(element type) {
  return type == element::int8 ? "char" : "uchar";
}

constexpr launch_size size_of(const step::mean& step, const device& on) {
  return divided({divide_up(step.in.channels, 4), 1, 1}, on.group);
}

/// MEAN over height and width: arguments input, output, mantissa, shift, zero.
template <class Writer>
constexpr void write_kernel(Writer& to, const step::mean& step, const device& /*on*/) {
  const std::int32_t pixels = step.in.height * step.in.width;
  to.line("const int block = min((int)get_global_id(0), ", divide_up(step.in.channels, 4) - 1,
          ");");
  to.line("int4 sum = (int4)(", -pixels * step.input_zero_point, ");");
  to.open("for (int pixel = 0; pixel < ", pixels, "; ++pixel)");
  to.line("__global const ", char_of(step.type), "* const from = (__global const ",
          char_of(step.type), "*)(arena + input + pixel * ", step.in.channels, ");");
  if (step.in.channels % 4 == 0) {
    to.line("sum += convert_int4(vload4(block, from));");
  } else {
    const std::int32_t last = step.in.channels - 1;
    to.line("sum += (int4)(from[4 * block], from[min(4 * block + 1, ", last,
            ")], from[min(4 * block + 2, ", last, ")], from[min(4 * block + 3, ", last, ")]);");
  }
  to.close();
  to.line("const int4 outputs = inlay_multiply4(sum, (int4)(mantissa), (int4)(shift)) + zero;");
  to.line("const uchar4 bytes = convert_uchar4(clamp(outputs, (int4)(", lowest_of(step.type),
          "), (int4)(", highest_of(step.type), ")) & 255);");
  to.line("inlay_store(bytes, arena + output + 4 * block, ", step.in.channels, " - 4 * block);");
}

constexpr launch_size size_of(const step::average_pool& step, const device& on) {
  return divided({step.out.channels, step.out.width, step.out.height}, on.group);
}

/// AVERAGE_POOL_2D: arguments input, output.
template <class Writer>
constexpr void write_kernel(Writer& to, const step::average_pool& step, const device& /*on*/) {
  const step::sliding_window& window = step.window;
  to.line("const int channel = min((int)get_global_id(0), ", step.out.channels - 1, ");");
  to.line("const int x = min((int)get_global_id(1), ", step.out.width - 1, ");");
  to.line("const int y = min((int)get_global_id(2), ", step.out.height - 1, ");");
  to.line("const int top = y * ", window.stride.height, " - ", window.padding_top, ";");
  to.line("const int left = x * ", window.stride.width, " - ", window.padding_left, ";");
  to.line("int sum = 0;");
  to.line("int count = 0;");
  to.open("for (int row = max(top, 0); row < min(top + ", window.kernel.height, ", ",
          step.in.height, "); ++row)");
  to.open("for (int column = max(left, 0); column < min(left + ", window.kernel.width, ", ",
          step.in.width, "); ++column)");
  to.line("sum += ((__global const ", char_of(step.type), "*)(arena + input))[(row * ",
          step.in.width, " + column) * ", step.in.channels, " + channel];");
  to.line("++count;");
  to.close();
  to.close();
  to.line("const int mean = count == 0 ? 0 : sum > 0 ? (sum + count / 2) / count : (sum - count / "
          "2) / count;");
  to.line("arena[output + (y * ", step.out.width, " + x) * ", step.out.channels,
          " + channel] = (uchar)clamp(mean, ", step.clamp.low, ", ", step.clamp.high, ");");
}

constexpr step::image padded(const step::pad& step) {
  return {step.in.height + step.border.top + step.border.bottom,
          step.in.width + step.border.left + step.border.right,
          step.in.channels + step.border.channels_before + step.border.channels_after};
}
constexpr launch_size size_of(const step::pad& step, const device& on) {
  const step::image out = padded(step);
  return divided({out.channels, out.width, out.height}, on.group);
}

/// PAD: arguments input, output.
template <class Writer>
constexpr void write_kernel(Writer& to, const step::pad& step, const device& /*on*/) {
  const step::image out = padded(step);
  to.line("const int to_channel = min((int)get_global_id(0), ", out.channels - 1, ");");
  to.line("const int to_x = min((int)get_global_id(1), ", out.width - 1, ");");
  to.line("const int to_y = min((int)get_global_id(2), ", out.height - 1, ");");
  to.line("const int channel = to_channel - ", step.border.channels_before, ";");
  to.line("const int x = to_x - ", step.border.left, ";");
  to.line("const int y = to_y - ", step.border.top, ";");
  to.line("const int inside = (uint)y < ", step.in.height, "u && (uint)x < ", step.in.width,
          "u && (uint)channel < ", step.in.channels, "u;");
  to.line("arena[output + (to_y * ", out.width, " + to_x) * ", out.channels,
          " + to_channel] = inside ? arena[input + (y * ", step.in.width, " + x) * ",
          step.in.channels, " + channel] : (uchar)(", step.fill & 0xFF, ");");
}

// SOFTMAX: the parameters hold the exponentials of all differences from the maximum.

inline constexpr std::size_t exponentials_bytes = 1024;
inline constexpr std::int32_t softmax_group = 32;

constexpr void pack(const step::softmax& step, unsigned char* out) {
  for (std::int32_t i = 0; i < 256; ++i) {
    const std::int32_t scaled = saturating_rounding_doubling_high_mul(
        wrapping_shift_left(-i, step.multiplier.shift), step.multiplier.mantissa);
    store(out + 4 * i, -i >= step.least_difference ? exp_of_negative<5>(scaled) : 0);
  }
}

constexpr launch_size size_of(const step::softmax& step, const device& /*on*/) {
  return {{softmax_group, step.rows, 1}, {softmax_group, 1, 1}};
}

/// The reciprocal in fixed point, equal to inlay::reciprocal_of.
inline constexpr std::string_view softmax_helpers = R"(
static inline int inlay_shift_left(const int value, const int bits) {
  const int shifted = value << bits;
  return shifted >> bits == value ? shifted : value < 0 ? INT_MIN : INT_MAX;
}

// 1 / (1 + x) for x in [0, 1) by three Newton-Raphson steps; no integer bits in and out.
static inline int inlay_one_over_one_plus(const int x) {
  const int half_denominator = as_int((as_uint(x) + 0x80000000u) >> 1);
  int estimate = 1515870810 + inlay_high_product(half_denominator, -1010580540);
  for (int i = 0; i < 3; ++i) {
    const int error = (1 << 29) - inlay_high_product(half_denominator, estimate);
    estimate += inlay_shift_left(inlay_high_product(estimate, error), 2);
  }
  return inlay_shift_left(estimate, 1);
}

static inline int inlay_round_shift(const int value, const int bits) {
  const int mask = as_int((1u << bits) - 1);
  return (value >> bits) + ((value & mask) > (mask >> 1) + (value < 0));
}
)";

/// SOFTMAX, a group a row: arguments input, output, packed.
template <class Writer>
constexpr void write_kernel(Writer& to, const step::softmax& step, const device& /*on*/) {
  const std::int32_t lowest = lowest_of(step.type);
  const std::string_view type = char_of(step.type);
  const auto reduce = [&](std::string_view combined) {
    to.line("shared[item] = own;");
    to.line("barrier(CLK_LOCAL_MEM_FENCE);");
    to.open("for (int step = ", softmax_group / 2, "; step > 0; step /= 2)");
    to.open("if (item < step)");
    to.line("shared[item] = ", combined, ";");
    to.close();
    to.line("barrier(CLK_LOCAL_MEM_FENCE);");
    to.close();
  };
  to.line("__local int shared[", softmax_group, "];");
  to.line("const int item = (int)get_local_id(0);");
  to.line("__global const int* const exponentials = (__global const int*)(parameters + packed);");
  to.line("__global const ", type, "* const from = (__global const ", type,
          "*)(arena + input) + (int)get_global_id(1) * ", step.depth, ";");
  to.line("__global uchar* const to = arena + output + (int)get_global_id(1) * ", step.depth, ";");
  to.line("int own = ", lowest, ";");
  to.open("for (int i = item; i < ", step.depth, "; i += ", softmax_group, ")");
  to.line("own = max(own, (int)from[i]);");
  to.close();
  reduce("max(shared[item], shared[item + step])");
  to.line("const int highest = shared[0];");
  to.line("barrier(CLK_LOCAL_MEM_FENCE);");
  to.line("own = 0;");
  to.open("for (int i = item; i < ", step.depth, "; i += ", softmax_group, ")");
  to.line("own = as_int(as_uint(own) + as_uint(inlay_round_shift(exponentials[highest - from[i]], "
          "12)));");
  to.close();
  reduce("as_int(as_uint(shared[item]) + as_uint(shared[item + step]))");
  to.line("const uint sum = as_uint(shared[0]);");
  to.line("const int headroom = (int)clz(sum);");
  to.line("const int mantissa = inlay_one_over_one_plus(as_int((sum << headroom) - 0x80000000u));");
  to.line("const int shift = 12 - headroom + 31 - 8;");
  to.open("for (int i = item; i < ", step.depth, "; i += ", softmax_group, ")");
  to.line("const int difference = from[i] - highest;");
  to.line("const int counts = difference >= ", step.least_difference, " && shift <= 31;");
  to.line("const int product = inlay_high_product(mantissa, exponentials[-difference]);");
  to.line("const int result = counts ? inlay_round_shift(product, min(shift, 31)) : 0;");
  to.line("to[i] = (uchar)clamp(result + ", lowest, ", ", lowest, ", ", highest_of(step.type),
          ");");
  to.close();
}

} // namespace inlay::kernels::opencl
