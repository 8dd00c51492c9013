// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/opencl/convolution.hpp>
#include <inlay/kernels/opencl/depthwise.hpp>
#include <inlay/kernels/opencl/elementwise.hpp>
#include <inlay/kernels/opencl/pack.hpp>
#include <inlay/kernels/opencl/pooling.hpp>
#include <inlay/kernels/opencl/separable.hpp>

#include <array>

// For each kind of step: its name, the arguments of its kernel, its packed constants. The kernels'
// texts are write_kernel's overloads.

namespace inlay::kernels::opencl {

/// Where a step's tensors and constants lie, in bytes from the arena's or the parameters'
/// beginning.
struct place {
  std::array<std::int32_t, 2> inputs{};
  std::int32_t output = 0;
  std::int32_t packed = 0;
};

/// The integers that a kernel is given, with their names in its text.
struct arguments_list {
  std::array<std::string_view, 6> names{};
  std::array<std::int32_t, 6> values{};
  int count = 0;

  constexpr arguments_list& add(std::string_view name, std::int64_t value) {
    names[static_cast<std::size_t>(count)] = name;
    values[static_cast<std::size_t>(count++)] = static_cast<std::int32_t>(value);
    return *this;
  }
};

template <class Step>
constexpr arguments_list arguments_of(const Step& step, const place& at) {
  arguments_list list;
  if constexpr (std::is_same_v<Step, step::add>) {
    list.add("first", at.inputs[0]).add("second", at.inputs[1]);
  } else {
    list.add("input", at.inputs[0]);
  }
  list.add("output", at.output);
  if constexpr (std::is_same_v<Step, step::mean>) {
    list.add("mantissa", step.multiplier.mantissa)
        .add("shift", step.multiplier.shift)
        .add("zero", step.output_zero_point);
  } else if constexpr (std::is_same_v<Step, step::inverted_residual>) {
    list.add("packed", at.packed)
        .add("inner_zero", step.depthwise.output_zero_point)
        .add("zero", step.projection.output_zero_point);
  } else if constexpr (requires { step.weights_zero_point; }) {
    list.add("packed", at.packed).add("zero", step.output_zero_point);
  } else if constexpr (requires { step.elements; }) {
    list.add("packed", at.packed).add("elements", step.elements);
  } else if constexpr (std::is_same_v<Step, step::softmax>) {
    list.add("packed", at.packed);
  }
  return list;
}

/// Bytes of a step's packed constants.
template <class Step>
constexpr std::size_t packed_bytes_of(const Step& step, const device& on) {
  if constexpr (requires { layout_of(step, on); }) {
    return static_cast<std::size_t>(layout_of(step, on).bytes());
  } else if constexpr (std::is_same_v<Step, step::inverted_residual>) {
    return packed_bytes_of(step.depthwise, on) + packed_bytes_of(step.projection, on);
  } else if constexpr (std::is_same_v<Step, step::add>) {
    return addition_bytes;
  } else if constexpr (std::is_same_v<Step, step::logistic> ||
                       std::is_same_v<Step, step::requantize>) {
    return byte_table_bytes;
  } else if constexpr (std::is_same_v<Step, step::dequantize>) {
    return float_table_bytes;
  } else if constexpr (std::is_same_v<Step, step::quantize>) {
    return beginnings_bytes;
  } else if constexpr (std::is_same_v<Step, step::softmax>) {
    return exponentials_bytes;
  } else {
    return 0;
  }
}

/// Writes a step's constants.
template <class Step>
constexpr void pack_step(const Step& step, const device& on, layers constants, unsigned char* out) {
  if constexpr (requires { pack(step, on, constants[0], out); }) {
    pack(step, on, constants[0], out);
  } else if constexpr (std::is_same_v<Step, step::inverted_residual>) {
    pack(step.depthwise, on, constants[0], out);
    pack(step.projection, on, constants[1], out + packed_bytes_of(step.depthwise, on));
  } else if constexpr (requires { pack(step, out); }) {
    pack(step, out);
  }
}

/// A kernel's name says what it does; the caller makes it unique.
template <class Writer, class Step>
constexpr void write_name(Writer& to, const Step& step) {
  if constexpr (std::is_same_v<Step, step::inverted_residual>) {
    to.put("separable_", step.depthwise.in.height, "x", step.depthwise.in.width, "x",
           step.depthwise.in.channels, "_to_", step.projection.out.height, "x",
           step.projection.out.width, "x", step.projection.out.channels);
    return;
  }
  for (const char letter : std::string_view(Step::name)) {
    to.put(std::string_view(letter == ' ' ? "_" : std::string_view(&letter, 1)));
  }
  if constexpr (requires { step.in.channels; }) {
    to.put("_", step.in.height, "x", step.in.width, "x", step.in.channels);
  }
  if constexpr (requires { step.out.channels; }) {
    to.put("_to_", step.out.height, "x", step.out.width, "x", step.out.channels);
  }
}

/// The text of one kernel from its parameters on, which is the same for steps that can share it.
struct kernel {
  static constexpr std::size_t capacity = 12288;
  writer<64> name{};
  writer<capacity> text{};
  launch_size size{};
};

template <class Step>
constexpr kernel make_kernel(const Step& step, const device& on) {
  kernel made;
  made.size = size_of(step, on);
  write_name(made.name, step);
  made.text.put("(__global uchar* restrict arena, __global const uchar* restrict parameters");
  const arguments_list list = arguments_of(step, {});
  for (int i = 0; i < list.count; ++i) {
    made.text.put(",\n    const int ", list.names[static_cast<std::size_t>(i)]);
  }
  made.text.open(")");
  write_kernel(made.text, step, on);
  made.text.close();
  return made;
}

} // namespace inlay::kernels::opencl
