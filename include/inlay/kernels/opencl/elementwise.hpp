// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/opencl/tile.hpp>
#include <inlay/kernels/opencl/writer.hpp>
#include <inlay/kernels/reference/logistic.hpp>
#include <inlay/kernels/reference/quantize.hpp>
#include <inlay/lower/channel.hpp>
#include <inlay/tensor/bytes.hpp>

// Steps that take element by element. Their kernels know no shape, so that all of them in a network
// are one: the number of elements is an argument, and numbers lie in the parameters.

namespace inlay::kernels::opencl {

inline constexpr std::int32_t elements_of_item = 16;

constexpr launch_size size_of_elements(std::int64_t elements, const device& on) {
  const auto items = static_cast<std::int32_t>(divide_up(elements, elements_of_item));
  launch_size size;
  size.local[0] = on.group;
  size.global[0] = divide_up(items, on.group) * on.group;
  return size;
}

/// Writes a function that is called for each of a work-item's elements, and the calls.
template <class Writer>
constexpr void write_elements(Writer& to, std::string_view statement) {
  to.line("const int begin = (int)get_global_id(0) * ", elements_of_item, ";");
  to.line("const int end = min(begin + ", elements_of_item, ", elements);");
  to.open("for (int i = begin; i < end; ++i)");
  to.line(statement);
  to.close();
}

// ADD: two scales, an offset and whether they are exact; then the reference's integers.

inline constexpr std::size_t addition_bytes = 64;

constexpr void pack(const step::add& step, unsigned char* out) {
  const float_addition found = prove_addition<true>(addition_of(step), 0);
  const std::array<std::int32_t, 13> numbers{std::bit_cast<std::int32_t>(found.first_scale),
                                             std::bit_cast<std::int32_t>(found.second_scale),
                                             std::bit_cast<std::int32_t>(found.offset),
                                             found.exact ? 1 : 0,
                                             step.first_multiplier.mantissa,
                                             step.first_multiplier.shift,
                                             step.second_multiplier.mantissa,
                                             step.second_multiplier.shift,
                                             step.output_multiplier.mantissa,
                                             step.output_multiplier.shift,
                                             step.first_zero_point,
                                             step.second_zero_point,
                                             step.output_zero_point};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    store(out + 4 * i, numbers[i]);
  }
}

constexpr launch_size size_of(const step::add& step, const device& on) {
  return size_of_elements(step.elements, on);
}

/// ADD: arguments first, second, output, packed, elements. The last elements are done one by one.
template <class Writer>
constexpr void write_kernel(Writer& to, const step::add& step, const device& /*on*/) {
  const std::string_view type = step.type == element::int8 ? "char" : "uchar";
  to.line("__global const int* const numbers = (__global const int*)(parameters + packed);");
  to.line("const int begin = (int)get_global_id(0) * ", elements_of_item, ";");
  to.open("for (int i = begin; i < min(begin + ", elements_of_item, ", elements); i += 4)");
  to.line("const int left = elements - i;");
  for (const std::string_view each : {"first", "second"}) {
    to.line("__global const ", type, "* const from_", each, " = (__global const ", type,
            "*)(arena + ", each, " + i);");
    to.line("const int4 ", each, "_4 = left >= 4 ? convert_int4(vload4(0, from_", each,
            ")) : (int4)(from_", each, "[0], left > 1 ? from_", each, "[1] : 0, left > 2 ? from_",
            each, "[2] : 0, 0);");
  }
  to.line("int4 outputs;");
  to.open("if (numbers[3] != 0)");
  to.line("const float4 inner = fma(convert_float4(second_4), (float4)(as_float(numbers[1])), "
          "(float4)(as_float(numbers[2])));");
  to.line("outputs = convert_int4_rtz(fma(convert_float4(first_4), (float4)(as_float(numbers[0])), "
          "inner)) + ",
          lowest_of(step.type), ";");
  to.close();
  to.open("else");
  to.line("const int4 a = inlay_multiply4((first_4 - numbers[10]) << ", step::add::left_shift,
          ", (int4)(numbers[4]), (int4)(numbers[5]));");
  to.line("const int4 b = inlay_multiply4((second_4 - numbers[11]) << ", step::add::left_shift,
          ", (int4)(numbers[6]), (int4)(numbers[7]));");
  to.line("outputs = inlay_multiply4(a + b, (int4)(numbers[8]), (int4)(numbers[9])) + "
          "numbers[12];");
  to.close();
  to.line("const uchar4 bytes = convert_uchar4(clamp(outputs, (int4)(", step.clamp.low,
          "), (int4)(", step.clamp.high, ")) & 255);");
  to.line("__global uchar* const to = arena + output + i;");
  to.open("if (left >= 4)");
  to.line("vstore4(bytes, 0, to);");
  to.close();
  to.open("else");
  to.line("inlay_store(bytes, to, left);");
  to.close();
  to.close();
}

// LOGISTIC, QUANTIZE between 8-bit types and DEQUANTIZE: a table of all 256 results.

inline constexpr std::size_t byte_table_bytes = 256;
inline constexpr std::size_t float_table_bytes = 1024;

constexpr void pack(const step::logistic& step, unsigned char* out) {
  for (std::int32_t byte = 0; byte < 256; ++byte) {
    const std::int32_t value = step.type == element::int8 ? static_cast<std::int8_t>(byte) : byte;
    out[byte] = static_cast<unsigned char>(step.type == element::int8
                                               ? reference::logistic_int8(value, step.input)
                                               : reference::logistic_uint8(value, step.input));
  }
}
constexpr void pack(const step::requantize& step, unsigned char* out) {
  for (std::int32_t byte = 0; byte < 256; ++byte) {
    const std::int32_t value = step.from == element::int8 ? static_cast<std::int8_t>(byte) : byte;
    const std::int32_t result = wrapping_add(
        multiply(value - step.input_zero_point, step.multiplier), step.output_zero_point);
    out[byte] = static_cast<unsigned char>(clamp(result, lowest_of(step.to), highest_of(step.to)));
  }
}
constexpr void pack(const step::dequantize& step, unsigned char* out) {
  for (std::int32_t byte = 0; byte < 256; ++byte) {
    const std::int32_t value = step.from == element::int8 ? static_cast<std::int8_t>(byte) : byte;
    store(out + 4 * byte, static_cast<float>(static_cast<double>(step.input.scale) *
                                             (value - step.input.zero_point)));
  }
}

constexpr launch_size size_of(const step::logistic& step, const device& on) {
  return size_of_elements(step.elements, on);
}
constexpr launch_size size_of(const step::requantize& step, const device& on) {
  return size_of_elements(step.elements, on);
}
constexpr launch_size size_of(const step::dequantize& step, const device& on) {
  return size_of_elements(step.elements, on);
}

/// Arguments input, output, packed, elements.
template <class Writer>
constexpr void write_kernel(Writer& to, const step::logistic& /*step*/, const device& /*on*/) {
  write_elements(to, "arena[output + i] = parameters[packed + arena[input + i]];");
}
template <class Writer>
constexpr void write_kernel(Writer& to, const step::requantize& /*step*/, const device& /*on*/) {
  write_elements(to, "arena[output + i] = parameters[packed + arena[input + i]];");
}
template <class Writer>
constexpr void write_kernel(Writer& to, const step::dequantize& /*step*/, const device& /*on*/) {
  write_elements(to, "((__global int*)(arena + output))[i] = "
                     "((__global const int*)(parameters + packed))[arena[input + i]];");
}

// QUANTIZE from float32. Devices need not divide as the reference does, but the result is a
// monotone function of the input: the parameters hold where each output begins, as integers that
// are ordered like the floats whose bits they come from.

inline constexpr std::size_t beginnings_bytes = 1024;

constexpr std::int32_t order_of(float value) {
  const auto bits = std::bit_cast<std::int32_t>(value);
  return bits < 0 ? bits ^ 0x7FFFFFFF : bits;
}
constexpr float of_order(std::int32_t order) {
  return std::bit_cast<float>(order < 0 ? order ^ 0x7FFFFFFF : order);
}

constexpr void pack(const step::quantize& step, unsigned char* out) {
  const auto level = [&](std::int32_t order) {
    const float real = of_order(order) / step.output.scale;
    const std::int32_t result = round_to_int32(static_cast<double>(real)) + step.output.zero_point;
    return clamp(result, lowest_of(step.to), highest_of(step.to)) - lowest_of(step.to);
  };
  const std::int32_t infinity = order_of(std::numeric_limits<float>::infinity());
  store(out, order_of(-std::numeric_limits<float>::infinity()));
  for (std::int32_t wanted = 1; wanted < 256; ++wanted) {
    std::int64_t below = order_of(-std::numeric_limits<float>::infinity()) - std::int64_t{1};
    std::int64_t at = infinity + std::int64_t{1};
    while (at - below > 1) {
      const std::int64_t middle = below + (at - below) / 2;
      (level(static_cast<std::int32_t>(middle)) >= wanted ? at : below) = middle;
    }
    store(out + 4 * wanted, static_cast<std::int32_t>(at));
  }
}

constexpr launch_size size_of(const step::quantize& step, const device& on) {
  return size_of_elements(step.elements, on);
}

/// Arguments input, output, packed, elements. Not-a-number becomes the lowest output.
template <class Writer>
constexpr void write_kernel(Writer& to, const step::quantize& step, const device& /*on*/) {
  to.line("__global const int* const beginnings = (__global const int*)(parameters + packed);");
  to.line("const int begin = (int)get_global_id(0) * ", elements_of_item, ";");
  to.open("for (int i = begin; i < min(begin + ", elements_of_item, ", elements); ++i)");
  to.line("const int bits = ((__global const int*)(arena + input))[i];");
  to.line("const int order = bits < 0 ? bits ^ 0x7FFFFFFF : bits;");
  to.line("int level = 0;");
  to.open("for (int step = 128; step > 0; step /= 2)");
  to.line("level += order >= beginnings[level + step] ? step : 0;");
  to.close();
  to.line("const int is_number = (bits & 0x7FFFFFFF) <= 0x7F800000;");
  to.line("arena[output + i] = (uchar)((is_number ? level : 0) + ", lowest_of(step.to), ");");
  to.close();
}

} // namespace inlay::kernels::opencl
