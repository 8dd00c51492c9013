# SPDX-License-Identifier: Apache-2.0
"""Runs a Model with the numpy kernels.

    model = read_model("net.tflite")
    for step in run(model, [image]):
        print(step.index, step.operator.code, step.outputs[0].shape)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import numpy_exponentials
import numpy_kernels as kernels
from numpy_quantization import RANGES, Quant
from tflite_model import Model, NUMPY_TYPES, Operator


@dataclass
class Step:
    """What one operator computed: outputs in the order of operator.outputs."""

    index: int
    operator: Operator
    outputs: list


def run(model: Model, inputs):
    """Yields a Step per operator, in order. inputs are arrays in the order of model.inputs.

    Raises ValueError, naming the operator, where something is not supported or does not fit.
    """
    values = {i: t.array() for i, t in enumerate(model.tensors) if t.data is not None}
    for i, value in zip(model.inputs, inputs, strict=True):
        tensor = model.tensors[i]
        values[i] = np.asarray(value, NUMPY_TYPES[tensor.type]).reshape(tensor.shape)
    last_use = {i: n for n, op in enumerate(model.operators) for i in op.inputs}
    for index, operator in enumerate(model.operators):
        try:
            result = _execute(model, operator, values)
        except KeyError as error:
            raise ValueError(f"operator {index} {operator.code}: reads tensor {error}, which nothing has computed") \
                from error
        except (ValueError, OverflowError) as error:
            raise ValueError(f"operator {index} {operator.code}: {error}") from error
        values[operator.outputs[0]] = result
        yield Step(index, operator, [result])
        for i in set(operator.inputs):
            if last_use[i] == index:
                values.pop(i, None)


def _execute(model, operator, values):
    if operator.code not in _HANDLERS:
        raise ValueError(f"not supported; supported are {', '.join(sorted(_HANDLERS))}")
    if len(operator.outputs) != 1:
        raise ValueError(f"{len(operator.outputs)} outputs, expected 1")
    call = _Call(model, operator, values)
    result = _HANDLERS[operator.code](call)
    tensor = model.tensors[operator.outputs[0]]
    if result.shape != tensor.shape:
        raise ValueError(f"computes shape {result.shape}, but the file says {tensor.shape}")
    if result.dtype != NUMPY_TYPES[tensor.type]:
        raise ValueError(f"computes type {result.dtype}, but the file says {tensor.type}")
    return np.ascontiguousarray(result)


class _Call:
    """One operator with its tensors at hand."""

    def __init__(self, model, operator, values):
        self.model, self.operator, self.values = model, operator, values

    def option(self, name, default):
        value = (self.operator.options or {}).get(name)
        return default if value is None else value

    def required(self, name):
        value = self.option(name, None)
        if value is None:
            raise ValueError(f"has no option {name}")
        return value

    @property
    def activation(self):
        return self.option("fused_activation_function", "NONE")

    def tensor(self, position):
        return self.model.input_tensor(self.operator, position)

    def value(self, position):
        tensor = self.tensor(position)
        return None if tensor is None else self.values[self.operator.inputs[position]]

    @property
    def out_tensor(self):
        return self.model.tensors[self.operator.outputs[0]]

    @property
    def out(self):
        return self._quant(self.out_tensor)

    def arg(self, position):
        """Value and quantization of one input that must be there."""
        if self.tensor(position) is None:
            raise ValueError(f"input {position} is left out")
        return self.value(position), self._quant(self.tensor(position))

    def window(self):
        return {"strides": (self.required("stride_h"), self.required("stride_w")),
                "mode": self.required("padding"), "activation": self.activation}

    def dilations(self):
        return self.option("dilation_h_factor", 1), self.option("dilation_w_factor", 1)

    @staticmethod
    def _quant(tensor):
        if tensor.type not in RANGES:
            raise ValueError(f"tensor {tensor.name!r} is {tensor.type}, expected int8 or uint8")
        if not tensor.scale:
            raise ValueError(f"tensor {tensor.name!r} has no quantization")
        return Quant(tensor.type, tensor.scale, tensor.zero_point)


def _conv(call):
    return kernels.conv_2d(*call.arg(0), *call.arg(1), call.value(2), call.out,
                           dilations=call.dilations(), **call.window())


def _depthwise(call):
    multiplier, channels = call.required("depth_multiplier"), call.tensor(0).shape[-1]
    if multiplier * channels != call.tensor(1).shape[-1]:
        raise ValueError(f"depth multiplier {multiplier} of {channels} channels, weights {call.tensor(1).shape}")
    return kernels.depthwise_conv_2d(*call.arg(0), *call.arg(1), call.value(2), call.out,
                                     dilations=call.dilations(), **call.window())


def _fully_connected(call):
    rows = kernels.fully_connected(*call.arg(0), *call.arg(1), call.value(2), call.out, activation=call.activation)
    if call.option("keep_num_dims", False):
        return rows.reshape(*call.tensor(0).shape[:-1], rows.shape[1])
    return rows


def _average_pool(call):
    kernel = call.required("filter_height"), call.required("filter_width")
    return kernels.average_pool_2d(*call.arg(0), call.out, kernel=kernel, **call.window())


def _mean(call):
    x, xq = call.arg(0)
    axes = sorted(int(a) % x.ndim for a in call.value(1).reshape(-1))
    if x.ndim != 4 or axes != [1, 2]:
        raise ValueError(f"mean over axes {axes} of {x.ndim} dimensions, expected height and width, [1, 2] of 4")
    result = kernels.mean(x, xq, call.out)
    return result[:, None, None, :] if call.option("keep_dims", False) else result


def _reshape(call):
    if call.tensor(1) is not None:
        shape = call.value(1).reshape(-1).tolist()
    else:
        shape = call.option("new_shape", None)
        if shape is None:
            raise ValueError("has neither a shape input nor new_shape")
    return call.value(0).reshape(shape)


def _squeeze(call):
    x = call.value(0)
    axes = call.option("squeeze_dims", None) or [i for i, d in enumerate(x.shape) if d == 1]
    return np.squeeze(x, tuple(a % x.ndim for a in axes))


def _quantize(call):
    if call.tensor(0).type == "float32":
        return kernels.quantize(call.value(0), None, call.out)
    return kernels.quantize(*call.arg(0), call.out)


_HANDLERS = {
    "ADD": lambda call: kernels.add(*call.arg(0), *call.arg(1), call.out, activation=call.activation),
    "AVERAGE_POOL_2D": _average_pool,
    "CONV_2D": _conv,
    "DEPTHWISE_CONV_2D": _depthwise,
    "DEQUANTIZE": lambda call: kernels.dequantize(*call.arg(0)),
    "FULLY_CONNECTED": _fully_connected,
    "LOGISTIC": lambda call: numpy_exponentials.logistic(*call.arg(0), call.out),
    "MEAN": _mean,
    "PAD": lambda call: kernels.pad(call.value(0), call.out, call.value(1)),
    "QUANTIZE": _quantize,
    "RESHAPE": _reshape,
    "SOFTMAX": lambda call: numpy_exponentials.softmax(*call.arg(0), call.out, beta=call.option("beta", 1.0)),
    "SQUEEZE": _squeeze,
}
