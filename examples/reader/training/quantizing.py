# SPDX-License-Identifier: Apache-2.0
"""Post-training quantization: ranges from a calibration set, symmetric weights per channel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from folding import Layer, run
from network import INPUT_SCALE, INPUT_ZERO_POINT, normalize

_PART = 32
_BIAS_LIMIT = 2 ** 28


@dataclass
class Quantization:
    """int8 activations: real = scale * (q - zero_point)."""

    scale: float
    zero_point: int


@dataclass
class QuantizedLayer:
    """A layer with int8 weights (scales one per channel), int32 biases, and its output's quantization."""

    layer: Layer
    output: Quantization
    weight: np.ndarray | None = None
    scales: np.ndarray | None = None
    bias: np.ndarray | None = None


class _Ranges:
    """Smallest and largest value of each tensor: means over parts of the calibration set."""

    def __init__(self):
        self.low, self.high, self.parts = {}, {}, 0

    def __call__(self, number, layer, inputs, output):
        self.low[number] = self.low.get(number, 0.0) + float(output.min())
        self.high[number] = self.high.get(number, 0.0) + float(output.max())

    def of(self, number, relu6):
        """ReLU6 outputs start at 0 and so have zero point -128; other ranges are made to hold 0."""
        low = 0.0 if relu6 else min(0.0, self.low[number] / self.parts)
        high = max(self.high[number] / self.parts, 1e-3)
        scale = float(np.float32((high - low) / 255))
        return Quantization(scale, int(np.clip(round(-128 - low / scale), -128, 127)))


def quantize(layers: list[Layer], pictures: torch.Tensor) -> list[QuantizedLayer]:
    """Quantizes folded layers; pictures, uint8 (n, size, size, 3), are the calibration set."""
    ranges, parts = _Ranges(), pictures.split(_PART)
    for part in parts:
        run(layers, normalize(part), ranges)
    ranges.parts = len(parts)
    outputs = [ranges.of(number, layer.relu6 or layer.kind == "mean") for number, layer in enumerate(layers, 1)]
    quantized = [_with_weights(layer, output) for layer, output in zip(layers, outputs)]
    for number, shift in _weight_errors(quantized, parts).items():
        item = quantized[number - 1]
        item.layer.bias = item.layer.bias - shift
    values = [Quantization(INPUT_SCALE, INPUT_ZERO_POINT - 128)] + outputs
    for item in quantized:
        if item.weight is not None:
            _set_bias(item, values[item.layer.inputs[0]].scale)
    return quantized


def _with_weights(layer, output):
    if layer.weight is None:
        return QuantizedLayer(layer, output)
    copied = Layer(layer.kind, layer.inputs, layer.weight, layer.bias, layer.stride, layer.relu6)
    weight = layer.weight.numpy().astype(np.float64)
    scales = np.abs(weight).max(axis=(1, 2, 3)) / 127
    # A channel that is all but dead keeps a scale in which its bias fits int32 with room for the sum.
    scales = np.maximum(scales, 1e-7).astype(np.float32)
    rounded = np.clip(np.rint(weight / scales.reshape(-1, 1, 1, 1)), -127, 127).astype(np.int8)
    return QuantizedLayer(copied, output, rounded, scales)


def _weight_errors(quantized, parts):
    """The mean change of each output channel that rounded weights cause; the bias takes it back."""
    sums = {}

    def visit(number, layer, inputs, output):
        item = quantized[number - 1]
        if item.weight is None:
            return
        rounded = torch.from_numpy(item.weight.astype(np.float32) * item.scales.reshape(-1, 1, 1, 1))
        difference = Layer(layer.kind, layer.inputs, rounded - layer.weight, None, layer.stride)(*inputs)
        sums[number] = sums.get(number, 0) + difference.mean((0, 2, 3))

    for part in parts:
        run([item.layer for item in quantized], normalize(part), visit)
    return {number: total / len(parts) for number, total in sums.items()}


def _set_bias(item, input_scale):
    bias = item.layer.bias.numpy().astype(np.float64)
    unit = input_scale * item.scales.astype(np.float64)
    rounded = np.rint(bias / unit)
    if np.abs(rounded).max() > _BIAS_LIMIT:
        channel = int(np.abs(rounded).argmax())
        raise ValueError(f"channel {channel} of a {item.layer.kind} layer: its weights are too small beside its bias "
                         f"of {bias[channel]:.3g} for 32-bit sums; train with less weight decay")
    item.bias = rounded.astype(np.int32)
