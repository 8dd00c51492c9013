# SPDX-License-Identifier: Apache-2.0
"""Builds small random models layer by layer, with weights scaled so that outputs use their range.

    g = GraphBuilder("example")
    x = g.input((1, 5, 7, 3))
    x = g.conv(x, 8, (3, 3), stride=(2, 2), activation="RELU6")
    model = g.model([x])

Every method takes and returns tensor indices. The seed is the name, so that a model never changes with
its neighbors. All shapes have batch 1.
"""

from __future__ import annotations

import zlib

import numpy as np

from numpy_kernels import padding as window_padding
from tflite_model import Model, Operator, Tensor

TYPE_RANGE = {"int8": (-128, 127), "uint8": (0, 255)}
DEFAULT_SCALE = {"NONE": 0.047, "RELU": 0.031, "RELU6": 0.029, "RELU_N1_TO_1": 0.0173}


class GraphBuilder:
    def __init__(self, name: str, type: str = "int8"):
        self.name, self.type = name, type
        self.rng = np.random.Generator(np.random.PCG64(zlib.crc32(name.encode())))
        self.tensors, self.operators, self.inputs = [], [], []

    def model(self, outputs) -> Model:
        return Model(self.tensors, self.operators, self.inputs, list(outputs), self.name, "inlay test model")

    def tensor(self, label, shape, type, **kwargs) -> int:
        self.tensors.append(Tensor(f"{label}_{len(self.tensors)}", shape, type, **kwargs))
        return len(self.tensors) - 1

    def input(self, shape, type=None, scale=0.0213, zero_point=None) -> int:
        type = type or self.type
        quantization = {} if type == "float32" else {"scale": scale, "zero_point": self._zero_point(type, zero_point)}
        self.inputs.append(self.tensor("input", shape, type, **quantization))
        return self.inputs[-1]

    def constant(self, values) -> int:
        values = np.asarray(values, np.int32)
        return self.tensor("constant", values.shape, "int32", data=values)

    def random_input(self) -> np.ndarray:
        """A random value for the only input."""
        tensor = self.tensors[self.inputs[0]]
        if tensor.type == "float32":
            return self.rng.normal(0, 1.5, tensor.shape).astype(np.float32)
        low, high = TYPE_RANGE[tensor.type]
        return self.rng.integers(low, high + 1, tensor.shape).astype(tensor.type)

    def _zero_point(self, type, zero_point, activation="NONE"):
        if zero_point is not None:
            return zero_point
        low, high = TYPE_RANGE[type]
        return low if activation in ("RELU", "RELU6") else (low + high) // 2 + 5

    def _append(self, code, inputs, shape, *, type=None, scale=(), zero_point=(), options=None, version=None) -> int:
        type = type or self.tensors[inputs[0]].type
        output = self.tensor(code.lower(), shape, type, scale=scale, zero_point=zero_point)
        self.operators.append(Operator(code, list(inputs), [output], options or {}, version))
        return output

    def _quantized(self, code, inputs, shape, activation, scale, zero_point, options):
        type = self.tensors[inputs[0]].type
        return self._append(code, inputs, shape, scale=scale or DEFAULT_SCALE[activation],
                            zero_point=self._zero_point(type, zero_point, activation), options=options)

    def _same_quantization(self, code, inputs, shape, options=None):
        source = self.tensors[inputs[0]]
        return self._append(code, inputs, shape, scale=source.scale, zero_point=source.zero_point, options=options)

    def _weights(self, source, shape, channel_axis, taps, out_scale, per_channel, bias, dead):
        """Weights and bias whose accumulator, requantized, has a standard deviation of about 50 steps."""
        channels = shape[channel_axis]
        deviation = 73.0 * 73.0 * np.sqrt(taps)
        typical = out_scale * 50 / (deviation * source.scale[0])
        if source.type == "uint8":
            zero_point, scales = int(self.rng.integers(52, 202)), [typical]
            weights = np.clip(np.rint(self.rng.normal(zero_point, 65, shape)), 0, 255)
        else:
            weights, zero_point = self.rng.integers(-127, 128, shape), 0
            scales = typical * self.rng.uniform(0.4, 1.6, channels) if per_channel else [typical]
        biases = np.rint(self.rng.normal(0, deviation * 0.5, channels)).astype(np.int64)
        for channel, value in dead.items():
            scales[channel] = 1e-6
            weights[(slice(None),) * channel_axis + (channel,)] = 0
            biases[channel] = value
        w = self.tensor("weights", shape, source.type, scale=scales, zero_point=zero_point,
                        quantized_dimension=channel_axis if len(scales) > 1 else 0, data=weights.astype(source.type))
        if not bias:
            return w, None
        bias_scales = [source.scale[0] * s for s in self.tensors[w].scale]
        return w, self.tensor("bias", (channels,), "int32", scale=bias_scales, data=biases.astype(np.int32))

    def conv(self, x, channels, kernel, *, stride=(1, 1), padding="SAME", dilation=(1, 1), activation="NONE",
             per_channel=True, bias=True, bias_placeholder=False, dead=None, scale=None, zero_point=None) -> int:
        """CONV_2D. bias False leaves the bias input out; with bias_placeholder it is written as -1.

        dead maps a channel to its bias: that channel gets zero weights and scale 1e-6.
        """
        source = self.tensors[x]
        w, b = self._weights(source, (channels, *kernel, source.shape[3]), 0, np.prod(kernel) * source.shape[3],
                             scale or DEFAULT_SCALE[activation], per_channel, bias, dead or {})
        options = {"padding": padding, "stride_h": stride[0], "stride_w": stride[1], "dilation_h_factor": dilation[0],
                   "dilation_w_factor": dilation[1], "fused_activation_function": activation}
        size = [window_padding(source.shape[1 + i], kernel[i], stride[i], dilation[i], padding)[0] for i in (0, 1)]
        inputs = [x, w] + ([b] if b is not None else [-1] if bias_placeholder else [])
        return self._quantized("CONV_2D", inputs, (1, *size, channels), activation, scale, zero_point, options)

    def depthwise(self, x, kernel, *, multiplier=1, stride=(1, 1), padding="SAME", dilation=(1, 1), activation="NONE",
                  per_channel=True, bias=True, dead=None, scale=None, zero_point=None) -> int:
        source = self.tensors[x]
        channels = source.shape[3] * multiplier
        w, b = self._weights(source, (1, *kernel, channels), 3, np.prod(kernel),
                             scale or DEFAULT_SCALE[activation], per_channel, bias, dead or {})
        options = {"padding": padding, "stride_h": stride[0], "stride_w": stride[1], "depth_multiplier": multiplier,
                   "dilation_h_factor": dilation[0], "dilation_w_factor": dilation[1],
                   "fused_activation_function": activation}
        size = [window_padding(source.shape[1 + i], kernel[i], stride[i], dilation[i], padding)[0] for i in (0, 1)]
        inputs = [x, w] + ([b] if b is not None else [])
        shape = (1, *size, channels)
        return self._quantized("DEPTHWISE_CONV_2D", inputs, shape, activation, scale, zero_point, options)

    def fully_connected(self, x, units, *, depth=None, keep_num_dims=False, activation="NONE", per_channel=False,
                        bias=True, scale=None, zero_point=None) -> int:
        """depth is the weights' second dimension; by default all elements of the input."""
        source = self.tensors[x]
        depth = depth or source.elements
        w, b = self._weights(source, (units, depth), 0, depth, scale or DEFAULT_SCALE[activation], per_channel, bias,
                             {})
        shape = (*source.shape[:-1], units) if keep_num_dims else (source.elements // depth, units)
        options = {"fused_activation_function": activation, "keep_num_dims": keep_num_dims}
        inputs = [x, w] + ([b] if b is not None else [])
        return self._quantized("FULLY_CONNECTED", inputs, shape, activation, scale, zero_point, options)

    def add(self, a, b, *, activation="NONE", scale=None, zero_point=None) -> int:
        return self._quantized("ADD", [a, b], self.tensors[a].shape, activation, scale or 0.061, zero_point,
                               {"fused_activation_function": activation})

    def average_pool(self, x, kernel, *, stride=(1, 1), padding="VALID", activation="NONE") -> int:
        shape = self.tensors[x].shape
        size = [window_padding(shape[1 + i], kernel[i], stride[i], 1, padding)[0] for i in (0, 1)]
        return self._same_quantization("AVERAGE_POOL_2D", [x], (1, *size, shape[3]), {
            "padding": padding, "stride_h": stride[0], "stride_w": stride[1], "filter_height": kernel[0],
            "filter_width": kernel[1], "fused_activation_function": activation})

    def mean(self, x, *, keep_dims, rescale=0.37, axes=(1, 2), zero_point=None) -> int:
        source = self.tensors[x]
        shape = (1, 1, 1, source.shape[3]) if keep_dims else (1, source.shape[3])
        return self._quantized("MEAN", [x, self.constant(axes)], shape, "NONE", source.scale[0] * rescale, zero_point,
                               {"keep_dims": keep_dims})

    def pad(self, x, amounts) -> int:
        shape = [d + before + after for d, (before, after) in zip(self.tensors[x].shape, amounts)]
        return self._same_quantization("PAD", [x, self.constant(amounts)], shape)

    def reshape(self, x, shape, *, target=None, by_tensor=False) -> int:
        """target is what the file says where it differs from the shape, e.g. with a -1."""
        target = list(shape if target is None else target)
        if by_tensor:
            output = self._same_quantization("RESHAPE", [x, self.constant(target)], shape)
            self.operators[-1].options = None
            return output
        return self._same_quantization("RESHAPE", [x], shape, {"new_shape": target})

    def squeeze(self, x, axes=()) -> int:
        shape = self.tensors[x].shape
        gone = axes or [i for i, d in enumerate(shape) if d == 1]
        kept = [d for i, d in enumerate(shape) if i not in gone]
        return self._same_quantization("SQUEEZE", [x], kept, {"squeeze_dims": list(axes)})

    def _probability(self, code, x, options):
        source = self.tensors[x]
        return self._append(code, [x], source.shape, scale=1 / 256, zero_point=TYPE_RANGE[source.type][0],
                            options=options)

    def softmax(self, x, beta=1.0) -> int:
        return self._probability("SOFTMAX", x, {"beta": beta})

    def logistic(self, x) -> int:
        return self._probability("LOGISTIC", x, {})

    def quantize(self, x, type, scale, zero_point) -> int:
        return self._append("QUANTIZE", [x], self.tensors[x].shape, type=type, scale=scale, zero_point=zero_point)

    def dequantize(self, x) -> int:
        return self._append("DEQUANTIZE", [x], self.tensors[x].shape, type="float32")
