# SPDX-License-Identifier: Apache-2.0
"""Quantization of one tensor, and how the numpy kernels round, clamp and store their results."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fixed_point import round_half_away

RANGES = {"int8": (-128, 127), "uint8": (0, 255)}


@dataclass
class Quant:
    """Quantization of one tensor: real = scale * (q - zero_point); type is "int8" or "uint8"."""

    type: str
    scale: tuple
    zero_point: tuple

    @property
    def s(self):
        """The only scale, a float32."""
        self._one()
        return np.float32(self.scale[0])

    @property
    def zp(self):
        self._one()
        return self.zero_point[0]

    def _one(self):
        if len(self.scale) != 1:
            raise ValueError(f"expected one scale, found {len(self.scale)}")


def round_array(x):
    """Rounds half away from zero. In double, since 0.49999997f + 0.5f is 1 in float."""
    x = np.asarray(x, np.float64)
    return np.copysign(np.floor(np.abs(x) + 0.5), x)


def activation_range(activation, out: Quant):
    """The clamp of a fused activation: float bounds divided by the float scale, rounded, in the type's range.

    tensorflow/lite/kernels/kernel_util.cc, CalculateActivationRangeQuantized.
    """
    low, high = RANGES[out.type]
    bounds = {"NONE": (None, None), "RELU": (0, None), "RELU6": (0, 6), "RELU_N1_TO_1": (-1, 1)}
    if activation not in bounds:
        raise ValueError(f"activation {activation} is not supported; use one of {sorted(bounds)}")

    def quantized(bound):
        return out.zp + round_half_away(float(np.float32(bound) / out.s))

    lower, upper = bounds[activation]
    return (low if lower is None else max(low, quantized(lower)),
            high if upper is None else min(high, quantized(upper)))


def store(x, out: Quant, activation="NONE"):
    low, high = activation_range(activation, out)
    return np.clip(x, low, high).astype(out.type)
