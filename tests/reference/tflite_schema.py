# SPDX-License-Identifier: Apache-2.0
"""The part of the TensorFlow Lite file format that the reference tools use.

Field ids, enum values and union ids are facts of the public schema (schema.fbs of TensorFlow Lite,
file identifier TFL3, schema version 3). A field id is the position of the field in its table,
counted from 0; deprecated fields and the hidden type field of a union count too.
"""

FILE_IDENTIFIER = b"TFL3"
SCHEMA_VERSION = 3
BUFFER_ALIGNMENT = 16

TENSOR_TYPES = {
    "float32": 0, "float16": 1, "int32": 2, "uint8": 3, "int64": 4, "string": 5, "bool": 6, "int16": 7,
    "complex64": 8, "int8": 9, "float64": 10, "complex128": 11, "uint64": 12, "resource": 13,
    "variant": 14, "uint32": 15, "uint16": 16, "int4": 17,
}

BUILTIN_OPERATORS = {
    "ADD": 0, "AVERAGE_POOL_2D": 1, "CONCATENATION": 2, "CONV_2D": 3, "DEPTHWISE_CONV_2D": 4,
    "DEQUANTIZE": 6, "FULLY_CONNECTED": 9, "LOGISTIC": 14, "MAX_POOL_2D": 17, "MUL": 18, "RELU": 19,
    "RELU6": 21, "RESHAPE": 22, "RESIZE_BILINEAR": 23, "SOFTMAX": 25, "CUSTOM": 32, "PAD": 34,
    "MEAN": 40, "SQUEEZE": 43, "ARG_MAX": 56, "QUANTIZE": 114,
    "PLACEHOLDER_FOR_GREATER_OP_CODES": 127,
}

ENUMS = {
    "Padding": {"SAME": 0, "VALID": 1},
    "ActivationFunctionType": {"NONE": 0, "RELU": 1, "RELU_N1_TO_1": 2, "RELU6": 3, "TANH": 4, "SIGN_BIT": 5},
    "FullyConnectedOptionsWeightsFormat": {"DEFAULT": 0, "SHUFFLED4x16INT8": 1},
    "TensorType": TENSOR_TYPES,
}


class Field:
    """One field of a table: its id, its kind and its default.

    kind is a scalar name ("int8", "int32", "uint32", "int64", "float32", "bool"), the name of an enum in
    ENUMS (stored as int8), or "[int32]" for a vector.
    """

    def __init__(self, field_id, kind, default=None):
        self.id = field_id
        self.kind = kind
        if default is None and kind in ENUMS:
            default = next(iter(ENUMS[kind]))
        elif default is None and not kind.startswith("["):
            default = False if kind == "bool" else 0
        self.default = default


class Model:
    VERSION, OPERATOR_CODES, SUBGRAPHS, DESCRIPTION, BUFFERS, METADATA_BUFFER, METADATA, SIGNATURES = range(8)
    FIELDS = 8


class OperatorCode:
    DEPRECATED_BUILTIN_CODE, CUSTOM_CODE, VERSION, BUILTIN_CODE = range(4)
    FIELDS = 4


class SubGraph:
    TENSORS, INPUTS, OUTPUTS, OPERATORS, NAME = range(5)
    FIELDS = 5


class Tensor:
    SHAPE, TYPE, BUFFER, NAME, QUANTIZATION, IS_VARIABLE, SPARSITY, SHAPE_SIGNATURE, HAS_RANK = range(9)
    FIELDS = 9


class Quantization:
    MIN, MAX, SCALE, ZERO_POINT, DETAILS_TYPE, DETAILS, QUANTIZED_DIMENSION = range(7)
    FIELDS = 7


class Sparsity:
    TRAVERSAL_ORDER, BLOCK_MAP, DIM_METADATA = range(3)
    FIELDS = 3


class Operator:
    OPCODE_INDEX, INPUTS, OUTPUTS, OPTIONS_TYPE, OPTIONS, CUSTOM_OPTIONS = range(6)
    FIELDS = 6


class Buffer:
    DATA, OFFSET, SIZE = range(3)
    FIELDS = 3


_CONV = {
    "padding": Field(0, "Padding"),
    "stride_w": Field(1, "int32"),
    "stride_h": Field(2, "int32"),
}

# operator -> (id in the BuiltinOptions union, its fields by name)
OPTIONS = {
    "CONV_2D": (1, {
        **_CONV,
        "fused_activation_function": Field(3, "ActivationFunctionType"),
        "dilation_w_factor": Field(4, "int32", 1),
        "dilation_h_factor": Field(5, "int32", 1),
        "quantized_bias_type": Field(6, "TensorType"),
    }),
    "DEPTHWISE_CONV_2D": (2, {
        **_CONV,
        "depth_multiplier": Field(3, "int32"),
        "fused_activation_function": Field(4, "ActivationFunctionType"),
        "dilation_w_factor": Field(5, "int32", 1),
        "dilation_h_factor": Field(6, "int32", 1),
    }),
    "AVERAGE_POOL_2D": (5, {
        **_CONV,
        "filter_width": Field(3, "int32"),
        "filter_height": Field(4, "int32"),
        "fused_activation_function": Field(5, "ActivationFunctionType"),
    }),
    "FULLY_CONNECTED": (8, {
        "fused_activation_function": Field(0, "ActivationFunctionType"),
        "weights_format": Field(1, "FullyConnectedOptionsWeightsFormat"),
        "keep_num_dims": Field(2, "bool"),
        "asymmetric_quantize_inputs": Field(3, "bool"),
        "quantized_bias_type": Field(4, "TensorType"),
    }),
    "SOFTMAX": (9, {"beta": Field(0, "float32")}),
    "ADD": (11, {
        "fused_activation_function": Field(0, "ActivationFunctionType"),
        "pot_scale_int16": Field(1, "bool", True),
    }),
    "RESIZE_BILINEAR": (15, {
        "align_corners": Field(2, "bool"),
        "half_pixel_centers": Field(3, "bool"),
    }),
    "RESHAPE": (17, {"new_shape": Field(0, "[int32]")}),
    "PAD": (22, {}),
    "MEAN": (27, {"keep_dims": Field(0, "bool")}),
    "SQUEEZE": (30, {"squeeze_dims": Field(0, "[int32]")}),
    "DEQUANTIZE": (38, {}),
    "QUANTIZE": (89, {}),
}
"""LOGISTIC has no options table. An operator that is not listed is read and written without options."""


def name_of(table, value):
    """The name that a value has in one of the tables above, or the value itself where it has none."""
    return next((name for name, number in table.items() if number == value), value)
