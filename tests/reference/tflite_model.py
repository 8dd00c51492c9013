# SPDX-License-Identifier: Apache-2.0
"""A TensorFlow Lite model as plain data: what the writer writes and the reader returns."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

NUMPY_TYPES = {
    "float32": np.dtype("<f4"), "float64": np.dtype("<f8"), "int8": np.dtype("i1"), "uint8": np.dtype("u1"),
    "int16": np.dtype("<i2"), "int32": np.dtype("<i4"), "int64": np.dtype("<i8"), "bool": np.dtype("?"),
}


def _tuple(value, convert):
    if value is None:
        return ()
    if np.ndim(value) == 0:
        return (convert(value),)
    return tuple(convert(v) for v in value)


@dataclass
class Tensor:
    """One tensor.

    shape is NHWC for activations, OHWI for CONV_2D weights, 1HWC for DEPTHWISE_CONV_2D weights.
    scale and zero_point take one number (per tensor) or one per channel; they are kept as tuples, the
    scales rounded to float32. One zero point beside several scales stands for all of them.
    data is the constant's array (or raw bytes); None means that an operator or the caller computes it.
    """

    name: str
    shape: tuple
    type: str = "int8"
    scale: tuple = ()
    zero_point: tuple = ()
    quantized_dimension: int = 0
    data: np.ndarray | bytes | None = None
    is_variable: bool = False
    sparse: bool = False
    shape_signature: tuple = ()
    buffer: int | None = None
    """Only for deliberately wrong files: write this buffer index instead of the right one."""

    def __post_init__(self):
        self.shape = tuple(int(d) for d in self.shape)
        self.scale = _tuple(self.scale, lambda s: float(np.float32(s)))
        self.zero_point = _tuple(self.zero_point, int)
        if len(self.zero_point) <= 1 < len(self.scale):
            self.zero_point = (self.zero_point or (0,)) * len(self.scale)
        if self.scale and not self.zero_point:
            self.zero_point = (0,)

    @property
    def elements(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64)) if self.shape else 1

    def array(self) -> np.ndarray:
        """The constant as an array of the tensor's shape and type."""
        if self.data is None:
            raise ValueError(f"tensor {self.name!r} is not a constant")
        if isinstance(self.data, np.ndarray):
            return self.data.astype(NUMPY_TYPES[self.type], copy=False).reshape(self.shape)
        return np.frombuffer(self.data, NUMPY_TYPES[self.type]).reshape(self.shape)

    def data_bytes(self) -> bytes:
        if isinstance(self.data, (bytes, bytearray)):
            return bytes(self.data)
        return np.ascontiguousarray(self.data, NUMPY_TYPES[self.type]).tobytes()


@dataclass
class Operator:
    """One operator. inputs and outputs are tensor indices; -1 marks an input that is left out (no bias).

    options are the fields of the schema's options table by name; enums by name ("SAME", "RELU6"). None
    writes no table at all, which old converters do where a shape input says everything.
    version None means: the one that TensorFlow Lite's converter gives to this operator.
    """

    code: str
    inputs: list
    outputs: list
    options: dict | None = field(default_factory=dict)
    version: int | None = None
    custom_code: str = ""


@dataclass
class Model:
    """One graph. operators are in execution order; inputs and outputs are tensor indices."""

    tensors: list
    operators: list
    inputs: list
    outputs: list
    name: str = "main"
    description: str = ""

    def input_tensor(self, operator: Operator, position: int) -> Tensor | None:
        """The tensor at one input of an operator, or None where that input is left out."""
        if position >= len(operator.inputs) or operator.inputs[position] < 0:
            return None
        return self.tensors[operator.inputs[position]]


def converter_version(model: Model, operator: Operator) -> int:
    """The operator version that TensorFlow Lite's converter writes for the types and options at hand.

    Facts from tensorflow/lite/tools/versioning/op_version.cc, for the operators that
    this project supports; any other operator gets 1.
    """
    code, options = operator.code, operator.options or {}
    types = [model.tensors[i].type if 0 <= i < len(model.tensors) else None for i in operator.inputs]
    first = types[0] if types else None
    int8_weights = first == "int8" and len(types) > 1 and types[1] == "int8"
    if code == "CONV_2D":
        return 3 if int8_weights else 1
    if code == "DEPTHWISE_CONV_2D":
        if int8_weights:
            return 3
        dilated = options.get("dilation_w_factor", 1) != 1 or options.get("dilation_h_factor", 1) != 1
        return 2 if dilated else 1
    if code == "FULLY_CONNECTED":
        if len(operator.inputs) == 2:
            return 6
        if options.get("keep_num_dims"):
            return 5
        return 4 if int8_weights else 1
    if code in ("ADD", "AVERAGE_POOL_2D", "SOFTMAX", "MEAN", "PAD", "LOGISTIC", "DEQUANTIZE", "RESIZE_BILINEAR"):
        return 2 if first == "int8" else 1
    return 1


def check(model: Model) -> None:
    """Raises ValueError with the place and the remedy where the model could not be loaded anywhere."""
    count = len(model.tensors)
    for index, tensor in enumerate(model.tensors):
        where = f"tensor {index} {tensor.name!r}"
        if any(d <= 0 for d in tensor.shape):
            raise ValueError(f"{where}: shape {tensor.shape} has a dimension below 1; give fixed sizes")
        if len(tensor.scale) > 1 and tensor.shape[tensor.quantized_dimension] != len(tensor.scale):
            raise ValueError(f"{where}: {len(tensor.scale)} scales for dimension {tensor.quantized_dimension} "
                             f"of shape {tensor.shape}; give one scale per channel")
        if len(tensor.scale) != len(tensor.zero_point):
            raise ValueError(f"{where}: {len(tensor.scale)} scales but {len(tensor.zero_point)} zero points")
        if tensor.data is not None:
            expected = tensor.elements * NUMPY_TYPES[tensor.type].itemsize
            if len(tensor.data_bytes()) != expected:
                raise ValueError(f"{where}: {len(tensor.data_bytes())} bytes of data, expected {expected} for "
                                 f"{tensor.shape} {tensor.type}")
    ready = {i for i, t in enumerate(model.tensors) if t.data is not None} | set(model.inputs)
    for index, operator in enumerate(model.operators):
        where = f"operator {index} {operator.code}"
        for i in operator.inputs:
            if i != -1 and not 0 <= i < count:
                raise ValueError(f"{where}: input {i} is not one of the {count} tensors")
            if i != -1 and i not in ready:
                raise ValueError(f"{where}: reads tensor {i} {model.tensors[i].name!r} before anything writes it")
        ready.update(operator.outputs)
    for i in model.outputs:
        if i not in ready:
            raise ValueError(f"graph output {i} is written by no operator")
