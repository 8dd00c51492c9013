// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iterator>
#include <string_view>

// Numbers of fields and enumerators in TensorFlow Lite's schema, version 3
// (tensorflow/compiler/mlir/lite/schema/schema.fbs): the parts that inlay reads.

namespace inlay::tflite::schema {

inline constexpr std::string_view identifier = "TFL3";
inline constexpr std::uint32_t version = 3;

namespace model {
enum field { version, operator_codes, subgraphs, description, buffers };
}
namespace operator_code {
enum field { deprecated_builtin_code, custom_code, version, builtin_code };
}
namespace subgraph {
enum field { tensors, inputs, outputs, operators };
}
namespace tensor {
enum field { shape, type, buffer, name, quantization, is_variable, sparsity, shape_signature };
}
namespace quantization {
enum field { min, max, scale, zero_point, details_type, details, quantized_dimension };
}
namespace buffer {
enum field { data };
}
namespace operators {
enum field { opcode_index, inputs, outputs, options_type, options };
}
namespace conv2d {
enum field { padding, stride_w, stride_h, activation, dilation_w, dilation_h };
inline constexpr int options_type = 1;
} // namespace conv2d
namespace depthwise_conv2d {
enum field { padding, stride_w, stride_h, depth_multiplier, activation, dilation_w, dilation_h };
inline constexpr int options_type = 2;
} // namespace depthwise_conv2d
namespace pool2d {
enum field { padding, stride_w, stride_h, filter_w, filter_h, activation };
inline constexpr int options_type = 5;
} // namespace pool2d
namespace fully_connected {
enum field { activation, weights_format, keep_num_dims };
inline constexpr int options_type = 8;
} // namespace fully_connected
namespace softmax {
enum field { beta };
inline constexpr int options_type = 9;
} // namespace softmax
namespace add {
enum field { activation };
inline constexpr int options_type = 11;
} // namespace add
namespace reshape {
enum field { new_shape };
inline constexpr int options_type = 17;
} // namespace reshape
namespace reducer {
enum field { keep_dims };
inline constexpr int options_type = 27;
} // namespace reducer
namespace squeeze {
enum field { squeeze_dims };
inline constexpr int options_type = 30;
} // namespace squeeze

/// TensorType.
namespace type {
enum value { float32 = 0, int32 = 2, uint8 = 3, int64 = 4, int8 = 9 };
}
constexpr std::string_view name_of_type(int type) {
  constexpr std::string_view names[] = {"float32", "float16",    "int32",  "uint8",     "int64",
                                        "string",  "bool",       "int16",  "complex64", "int8",
                                        "float64", "complex128", "uint64", "resource",  "variant",
                                        "uint32",  "uint16",     "int4",   "bfloat16"};
  return type >= 0 && type < static_cast<int>(std::size(names)) ? names[type] : "an unknown type";
}

/// ActivationFunctionType.
constexpr std::string_view name_of_activation(int activation) {
  constexpr std::string_view names[] = {"NONE",  "RELU", "RELU_N1_TO_1",
                                        "RELU6", "TANH", "SIGN_BIT"};
  return activation >= 0 && activation < static_cast<int>(std::size(names)) ? names[activation]
                                                                            : "unknown";
}

/// BuiltinOperator: those that inlay runs, and those that MobileNets, their heads and their
/// converters are known to contain, so that a message can name them.
namespace builtin {
enum value {
  add = 0,
  average_pool_2d = 1,
  conv_2d = 3,
  depthwise_conv_2d = 4,
  dequantize = 6,
  fully_connected = 9,
  logistic = 14,
  reshape = 22,
  softmax = 25,
  custom = 32,
  pad = 34,
  mean = 40,
  squeeze = 43,
  quantize = 114
};
}
struct operator_name {
  int code;
  std::string_view name;
};
inline constexpr operator_name operator_names[] = {
    {0, "ADD"},
    {1, "AVERAGE_POOL_2D"},
    {2, "CONCATENATION"},
    {3, "CONV_2D"},
    {4, "DEPTHWISE_CONV_2D"},
    {5, "DEPTH_TO_SPACE"},
    {6, "DEQUANTIZE"},
    {9, "FULLY_CONNECTED"},
    {11, "L2_NORMALIZATION"},
    {14, "LOGISTIC"},
    {17, "MAX_POOL_2D"},
    {18, "MUL"},
    {19, "RELU"},
    {20, "RELU_N1_TO_1"},
    {21, "RELU6"},
    {22, "RESHAPE"},
    {23, "RESIZE_BILINEAR"},
    {25, "SOFTMAX"},
    {28, "TANH"},
    {32, "CUSTOM"},
    {34, "PAD"},
    {36, "GATHER"},
    {39, "TRANSPOSE"},
    {40, "MEAN"},
    {41, "SUB"},
    {42, "DIV"},
    {43, "SQUEEZE"},
    {45, "STRIDED_SLICE"},
    {49, "SPLIT"},
    {50, "LOG_SOFTMAX"},
    {53, "CAST"},
    {54, "PRELU"},
    {55, "MAXIMUM"},
    {56, "ARG_MAX"},
    {57, "MINIMUM"},
    {60, "PADV2"},
    {65, "SLICE"},
    {67, "TRANSPOSE_CONV"},
    {70, "EXPAND_DIMS"},
    {74, "SUM"},
    {77, "SHAPE"},
    {83, "PACK"},
    {97, "RESIZE_NEAREST_NEIGHBOR"},
    {98, "LEAKY_RELU"},
    {114, "QUANTIZE"},
    {117, "HARD_SWISH"},
};
constexpr std::string_view name_of_operator(int code) {
  for (const operator_name& known : operator_names) {
    if (known.code == code) {
      return known.name;
    }
  }
  return "unknown builtin operator";
}

} // namespace inlay::tflite::schema
