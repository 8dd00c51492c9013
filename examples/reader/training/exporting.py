# SPDX-License-Identifier: Apache-2.0
"""Quantized layers as a TensorFlow Lite model: raw RGB bytes in, one uint8 score a class out."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from network import INPUT_SCALE, INPUT_ZERO_POINT
from quantizing import QuantizedLayer

REFERENCE = Path(__file__).resolve().parents[3] / "tests" / "reference"
"""The project's reader, writer and numpy interpreter of .tflite files."""
sys.path.append(str(REFERENCE))

from tflite_model import Model, Operator, Tensor  # noqa: E402 (found through the line above)
from tflite_reader import read_model  # noqa: E402
from tflite_writer import write_model  # noqa: E402

__all__ = ["batched", "read_model", "to_model", "write_model"]


class _Builder:
    def __init__(self):
        self.tensors, self.operators = [], []

    def tensor(self, name, shape, type="int8", scale=(), zero_point=(), **more):
        self.tensors.append(Tensor(name, shape, type, scale=scale, zero_point=zero_point, **more))
        return len(self.tensors) - 1

    def operator(self, code, inputs, name, shape, options=None, **output):
        made = self.tensor(name, shape, **output)
        self.operators.append(Operator(code, inputs, [made], options or {}))
        return made

    def shape(self, tensor):
        return self.tensors[tensor].shape


def to_model(quantized: list[QuantizedLayer], classes: int, size: int = 96, name: str = "reader") -> Model:
    """The model: QUANTIZE, the layers, RESHAPE, SOFTMAX, QUANTIZE to uint8."""
    b = _Builder()
    picture = b.tensor("image", (1, size, size, 3), "uint8", INPUT_SCALE, INPUT_ZERO_POINT)
    values = [b.operator("QUANTIZE", [picture], "image_int8", (1, size, size, 3), scale=INPUT_SCALE,
                         zero_point=INPUT_ZERO_POINT - 128)]
    axes = None
    for number, item in enumerate(quantized, 1):
        layer, output = item.layer, {"scale": item.output.scale, "zero_point": item.output.zero_point}
        inputs = [values[i] for i in layer.inputs]
        shape = b.shape(inputs[0])
        label = f"{layer.kind}_{number}"
        if layer.kind == "add":
            values.append(b.operator("ADD", inputs, label, shape, {"fused_activation_function": "NONE"}, **output))
        elif layer.kind == "mean":
            axes = b.tensor("axes", (2,), "int32", data=np.array([1, 2], np.int32))
            values.append(b.operator("MEAN", [*inputs, axes], label, (1, 1, 1, shape[3]), {"keep_dims": True},
                                     **output))
        else:
            values.append(_convolution(b, item, label, inputs[0], shape, output))
    logits = b.tensors[values[-1]]
    target = b.tensor("shape", (2,), "int32", data=np.array([1, classes], np.int32))
    flat = b.operator("RESHAPE", [values[-1], target], "logits", (1, classes), {"new_shape": [1, classes]},
                      scale=logits.scale, zero_point=logits.zero_point)
    scores = b.operator("SOFTMAX", [flat], "scores_int8", (1, classes), {"beta": 1.0}, scale=1 / 256,
                        zero_point=-128)
    result = b.operator("QUANTIZE", [scores], "scores", (1, classes), type="uint8", scale=1 / 256, zero_point=0)
    return Model(b.tensors, b.operators, [picture], [result], name, "inlay: character reader")


def _convolution(b, item, label, source, shape, output):
    layer, depthwise = item.layer, item.layer.kind == "depthwise"
    # PyTorch's (outputs, inputs, height, width) to OHWI, or to 1HWC for depthwise weights.
    weight = item.weight.transpose(1, 2, 3, 0) if depthwise else item.weight.transpose(0, 2, 3, 1)
    w = b.tensor(f"{label}_weights", weight.shape, scale=item.scales, zero_point=0,
                 quantized_dimension=3 if depthwise else 0, data=np.ascontiguousarray(weight))
    input_scale = np.float32(b.tensors[source].scale[0])
    bias = b.tensor(f"{label}_bias", item.bias.shape, "int32", scale=input_scale * item.scales, zero_point=0,
                    data=item.bias)
    options = {"padding": "SAME", "stride_w": layer.stride, "stride_h": layer.stride,
               "fused_activation_function": "RELU6" if layer.relu6 else "NONE",
               "dilation_w_factor": 1, "dilation_h_factor": 1}
    if depthwise:
        options["depth_multiplier"] = 1
    height, width = (-(-d // layer.stride) for d in shape[1:3])
    return b.operator("DEPTHWISE_CONV_2D" if depthwise else "CONV_2D", [source, w, bias], label,
                      (1, height, width, item.weight.shape[0]), options, **output)


def batched(model: Model, count: int) -> Model:
    """The model for several pictures at once. Only the numpy interpreter runs it."""
    constants = {i for i, t in enumerate(model.tensors) if t.data is not None}
    tensors = [t if i in constants else Tensor(t.name, (count, *t.shape[1:]), t.type, t.scale, t.zero_point)
               for i, t in enumerate(model.tensors)]
    for operator in model.operators:
        if operator.code == "RESHAPE":
            i = operator.inputs[1]
            old = model.tensors[i]
            tensors[i] = Tensor(old.name, old.shape, old.type, data=np.array([count, *old.array()[1:]], np.int32))
    return Model(tensors, model.operators, model.inputs, model.outputs, model.name)
