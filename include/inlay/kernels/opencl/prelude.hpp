// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/opencl/device.hpp>
#include <inlay/kernels/opencl/writer.hpp>

// What the kernels of a source share. The source is OpenCL C 1.2; which product of four bytes it
// uses is chosen when it is built (see inlay::opencl::build_options).

namespace inlay::kernels::opencl {

inline constexpr std::string_view dot_extensions = R"(
#if defined(INLAY_DOT_KHR)
#define INLAY_DOT(a, b, sum) ((sum) + dot(a, b))
#elif defined(INLAY_DOT_ACC)
#define INLAY_DOT(a, b, sum) arm_dot_acc(a, b, sum)
#elif defined(INLAY_DOT_ARM)
#define INLAY_DOT(a, b, sum) ((sum) + arm_dot(a, b))
#endif
)";

/// Sums of four output channels, four input channels at a time. `zero` is the weights' zero point.
inline constexpr std::string_view dot_by_extension = R"(
#ifdef INLAY_DOT
typedef int4 inlay_sums;
typedef char16 inlay_weights;
static inline inlay_sums inlay_start(const int4 start) { return start; }
static inline int4 inlay_total(const inlay_sums sums) { return sums; }
static inline inlay_weights inlay_load(const int group, __global const char* from, const int zero) {
  return vload16(group, from);
}
static inline inlay_sums inlay_dot(const inlay_weights w, const char4 x, const int zero,
                                   const inlay_sums sums) {
  const inlay_sums products =
      (int4)(INLAY_DOT(w.s0123, x, sums.s0), INLAY_DOT(w.s4567, x, sums.s1),
             INLAY_DOT(w.s89ab, x, sums.s2), INLAY_DOT(w.scdef, x, sums.s3));
  return zero == 0 ? products : products - zero * INLAY_DOT((char4)(1), x, 0);
}
#else
)";

inline constexpr std::string_view dot_by_wide_sums = R"(typedef int16 inlay_sums;
typedef int16 inlay_weights;
static inline inlay_sums inlay_start(const int4 start) {
  return (int16)((int4)(start.s0, 0, 0, 0), (int4)(start.s1, 0, 0, 0), (int4)(start.s2, 0, 0, 0),
                 (int4)(start.s3, 0, 0, 0));
}
static inline int4 inlay_total(const inlay_sums sums) {
  const int8 pairs = sums.even + sums.odd;
  return pairs.even + pairs.odd;
}
static inline inlay_weights inlay_load(const int group, __global const char* from, const int zero) {
  return convert_int16(vload16(group, from)) - zero;
}
static inline inlay_sums inlay_dot(const inlay_weights w, const char4 x, const int zero,
                                   const inlay_sums sums) {
  const int4 wide = convert_int4(x);
  return sums + w * (int16)(wide, wide, wide, wide);
}
#endif
)";

inline constexpr std::string_view dot_by_multiplication = R"(typedef int4 inlay_sums;
typedef char16 inlay_weights;
static inline inlay_sums inlay_start(const int4 start) { return start; }
static inline int4 inlay_total(const inlay_sums sums) { return sums; }
static inline inlay_weights inlay_load(const int group, __global const char* from, const int zero) {
  return vload16(group, from);
}
static inline inlay_sums inlay_dot(const inlay_weights w, const char4 x, const int zero,
                                   const inlay_sums sums) {
  return sums + (convert_int4(w.s048c) - zero) * (int)x.s0 +
         (convert_int4(w.s159d) - zero) * (int)x.s1 + (convert_int4(w.s26ae) - zero) * (int)x.s2 +
         (convert_int4(w.s37bf) - zero) * (int)x.s3;
}
#endif
)";

inline constexpr std::string_view scalar_helpers = R"(
// round(a * b / 2^31), ties up, from the two halves of the product.
static inline int inlay_high_product(const int a, const int b) {
  const uint low = as_uint(a) * as_uint(b);
  return as_int((as_uint(mul_hi(a, b)) << 1 | low >> 31) + (low >> 30 & 1));
}

// As many of four outputs as there are channels left.
static inline void inlay_store(const uchar4 outputs, __global uchar* to, const int left) {
  to[0] = outputs.s0;
  if (left > 1) {
    to[1] = outputs.s1;
  }
  if (left > 2) {
    to[2] = outputs.s2;
  }
  if (left > 3) {
    to[3] = outputs.s3;
  }
}
)";

/// Sums become outputs: in floats, which is exact where packing has proved it and fma rounds once,
/// or in the reference's integers.
/// @param lanes of a vector: 4, 8 or 16
template <class Writer>
constexpr void write_requantization(Writer& to, std::int32_t lanes) {
  to.line();
  to.line("// Sums times multipliers, rounded twice as TensorFlow Lite's reference does.");
  to.open("static inline int", lanes, " inlay_multiply", lanes, "(const int", lanes,
          " sums, const int", lanes, " mantissas, const int", lanes, " shifts)");
  to.line("const int", lanes, " values = sums << max(shifts, (int", lanes, ")(0));");
  to.line("const int", lanes, " right = max(-shifts, (int", lanes, ")(0));");
  to.line("const uint", lanes, " low = as_uint", lanes, "(values) * as_uint", lanes,
          "(mantissas);");
  to.line("const uint", lanes, " high = as_uint", lanes, "(mul_hi(values, mantissas));");
  to.line("const int", lanes, " products = as_int", lanes,
          "((high << 1 | low >> 31) + (low >> 30 & 1));");
  to.line("const int", lanes, " mask = as_int", lanes, "(((uint", lanes, ")(1) << as_uint", lanes,
          "(right)) - 1);");
  to.line("return (products >> right) - ((products & mask) > (mask >> 1) - (products < 0));");
  to.close();
  to.line();
  to.line(
      "// Sums become outputs. Where `is_float`, scales and offsets are floats that are proved ",
      "to be");
  to.line("// exact: from the lowest output on, or, with two sides, from the zero point on.");
  to.open("static inline uchar", lanes, " inlay_outputs", lanes, "(const int", lanes,
          " sums, const int", lanes, " scales, const int", lanes,
          " offsets, const int is_float, const int two_sides, const int zero, const int lowest, "
          "const int low, const int high)");
  to.line("int", lanes, " outputs;");
  to.open("if (is_float)");
  to.line("const float", lanes, " real = convert_float", lanes, "_rte(sums);");
  to.line("const float", lanes, " offset = as_float", lanes, "(offsets);");
  to.line("outputs = convert_int", lanes, "_rtz(fma(real, as_float", lanes,
          "(scales), two_sides ? copysign(offset, real) : offset)) + (two_sides ? zero : "
          "lowest);");
  to.close();
  to.open("else");
  to.line("outputs = inlay_multiply", lanes, "(sums, scales, offsets) + zero;");
  to.close();
  to.line("return convert_uchar", lanes, "(clamp(outputs, (int", lanes, ")(low), (int", lanes,
          ")(high)) & 255);");
  to.close();
}

/// Everything that comes before the kernels.
template <class Writer>
constexpr void write_prelude(Writer& to, const device& on) {
  to.line("// SPDX-License-Identifier: Apache-2.0");
  to.line("// Made by inlay for ", on.name, ".");
  to.put(dot_extensions, dot_by_extension, on.wide_sums ? dot_by_wide_sums : dot_by_multiplication,
         scalar_helpers);
  for (std::int32_t lanes = 4; lanes <= on.vector_bytes; lanes *= 2) {
    write_requantization(to, lanes);
  }
}

} // namespace inlay::kernels::opencl
