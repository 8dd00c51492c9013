# SPDX-License-Identifier: Apache-2.0
"""The layers in numpy, with TensorFlow Lite's reference arithmetic bit for bit.

Written from the arithmetic's definition, as a second opinion on the C++ kernels; it shares no code with
them. Each kernel takes arrays and Quant values (scale and zero point) and returns the output array.
Batch is 1 or more; layout is NHWC. Whatever a kernel does not support raises ValueError.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fixed_point import (clz32, exp_on_negative_values, input_radius, logistic_q0, mbqm, one_over_one_plus_x,
                         quantize_multiplier, rdbpot, require_int32, round_half_away, srdhm)

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


def _store(x, out: Quant, activation="NONE"):
    low, high = activation_range(activation, out)
    return np.clip(x, low, high).astype(out.type)


def output_multipliers(x: Quant, w: Quant, out: Quant, *, per_channel_rule):
    """Multipliers and shifts for an accumulator in units of s_in * s_w.

    per_channel_rule True (int8 convolutions, and int8 FULLY_CONNECTED with several scales): the product
    is taken in double. Otherwise (uint8, and int8 FULLY_CONNECTED with one scale) it is rounded to float
    first. tensorflow/lite/kernels/kernel_util.cc, PopulateConvolutionQuantizationParams and
    GetQuantizedConvolutionMultipler; tensorflow/lite/micro/kernels/fully_connected_common.cc.
    """
    if per_channel_rule:
        reals = [float(x.s) * float(np.float32(s)) / float(out.s) for s in w.scale]
    else:
        reals = [float(x.s * w.s) / float(out.s)]
    pairs = [quantize_multiplier(real) for real in reals]
    return np.array([m for m, _ in pairs], np.int64), np.array([s for _, s in pairs], np.int64)


def padding(size, kernel, stride, dilation, mode):
    """(output size, padding before, padding after) along one axis. SAME puts the odd one after."""
    reach = (kernel - 1) * dilation + 1
    if mode == "SAME":
        out = -(-size // stride)
    else:
        out = (size - reach) // stride + 1
    if out < 1:
        raise ValueError(f"a kernel of reach {reach} does not fit an input of {size} with {mode} padding")
    total = max((out - 1) * stride + reach - size, 0)
    return out, total // 2, total - total // 2


class _Window:
    """Iterates over the taps of a sliding window: tap (ky, kx) -> the strided view that it multiplies."""

    def __init__(self, x, kernel, strides, dilations, mode):
        self.kernel, self.strides, self.dilations = kernel, strides, dilations
        (self.height, top, bottom), (self.width, left, right) = (
            padding(x.shape[1 + i], kernel[i], strides[i], dilations[i], mode) for i in range(2))
        self.x = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))

    def taps(self):
        for ky in range(self.kernel[0]):
            for kx in range(self.kernel[1]):
                y0, x0 = ky * self.dilations[0], kx * self.dilations[1]
                y1 = y0 + (self.height - 1) * self.strides[0] + 1
                x1 = x0 + (self.width - 1) * self.strides[1] + 1
                yield ky, kx, self.x[:, y0:y1:self.strides[0], x0:x1:self.strides[1], :]


def _without_zero_point(values, q: Quant):
    """q - zero_point in double, in which sums of such products are exact. Padding it with 0 skips the tap."""
    return values.astype(np.float64) - q.zp


def _weights(w, q: Quant):
    if q.type == "int8" and any(q.zero_point):
        raise ValueError(f"int8 weights must have zero point 0, found {set(q.zero_point)}")
    return w.astype(np.float64) - (0 if q.type == "int8" else q.zp)


def _requantize(acc, bias, multipliers, shifts, out, activation):
    acc = acc.astype(np.int64)
    if bias is not None:
        acc = acc + bias.astype(np.int64)
    acc = require_int32(acc, "the accumulator")
    return _store(mbqm(acc, multipliers, shifts) + out.zp, out, activation)


def conv_2d(x, xq, w, wq, bias, out, *, strides, dilations, mode, activation):
    """CONV_2D; w is OHWI, bias int32 or None."""
    if w.shape[3] != x.shape[3]:
        raise ValueError(f"grouped convolution is not supported: {x.shape[3]} channels, weights {w.shape}")
    window = _Window(_without_zero_point(x, xq), w.shape[1:3], strides, dilations, mode)
    weights = _weights(w, wq)
    acc = np.zeros((x.shape[0], window.height, window.width, w.shape[0]))
    for ky, kx, tap in window.taps():
        acc += tap @ weights[:, ky, kx, :].T
    multipliers, shifts = output_multipliers(xq, wq, out, per_channel_rule=out.type == "int8")
    return _requantize(acc, bias, multipliers, shifts, out, activation)


def depthwise_conv_2d(x, xq, w, wq, bias, out, *, strides, dilations, mode, activation):
    """DEPTHWISE_CONV_2D; w is 1HWC, output channel c reads input channel c // depth multiplier."""
    if w.shape[3] % x.shape[3]:
        raise ValueError(f"{w.shape[3]} output channels are no multiple of {x.shape[3]} input channels")
    repeated = np.repeat(_without_zero_point(x, xq), w.shape[3] // x.shape[3], axis=3)
    window = _Window(repeated, w.shape[1:3], strides, dilations, mode)
    weights = _weights(w, wq)
    acc = np.zeros((x.shape[0], window.height, window.width, w.shape[3]))
    for ky, kx, tap in window.taps():
        acc += tap * weights[0, ky, kx, :]
    multipliers, shifts = output_multipliers(xq, wq, out, per_channel_rule=out.type == "int8")
    return _requantize(acc, bias, multipliers, shifts, out, activation)


def fully_connected(x, xq, w, wq, bias, out, *, activation):
    """FULLY_CONNECTED; returns (rows, units): the caller gives it the output's shape.

    w is (units, depth). Any input shape whose element count is a multiple of depth is read as rows of
    depth. With several weight scales (int8 only) each unit has its own multiplier by the double rule,
    with one scale the float rule counts: tensorflow/lite/micro/kernels/fully_connected_common.cc.
    """
    if x.size % w.shape[1]:
        raise ValueError(f"{x.size} inputs are no multiple of the weights' depth {w.shape[1]}")
    rows = _without_zero_point(x, xq).reshape(-1, w.shape[1])
    acc = rows @ _weights(w, wq).T
    multipliers, shifts = output_multipliers(xq, wq, out, per_channel_rule=len(wq.scale) > 1)
    return _requantize(acc, bias, multipliers, shifts, out, activation)


def add(a, aq, b, bq, out, *, activation):
    """ADD of two tensors of one shape. Broadcasting is not supported here: no MobileNet uses it.

    tensorflow/lite/kernels/internal/reference/integer_ops/add.h, micro/kernels/add_common.cc.
    """
    if a.shape != b.shape:
        raise ValueError(f"ADD of {a.shape} and {b.shape}: broadcasting is not supported")
    left_shift = 20
    twice_max = 2 * float(max(aq.s, bq.s))
    m_out, shift_out = quantize_multiplier(twice_max / ((1 << left_shift) * float(out.s)))

    def rescaled(x, q):
        multiplier, shift = quantize_multiplier(float(q.s) / twice_max)
        return mbqm((x.astype(np.int64) - q.zp) << left_shift, multiplier, shift)

    return _store(mbqm(rescaled(a, aq) + rescaled(b, bq), m_out, shift_out) + out.zp, out, activation)


def average_pool_2d(x, xq, out, *, kernel, strides, mode, activation):
    """AVERAGE_POOL_2D over the taps inside the image; input and output share scale and zero point.

    int8 rounds half away from zero, uint8 half up: reference/integer_ops/pooling.h and
    reference/pooling.h below tensorflow/lite/kernels/internal.
    """
    if (xq.s, xq.zp) != (out.s, out.zp):
        raise ValueError("AVERAGE_POOL_2D does not rescale: give input and output the same scale and zero point")
    window = _Window(x.astype(np.int64), kernel, strides, (1, 1), mode)
    inside = _Window(np.ones((1, *x.shape[1:3], 1), np.int64), kernel, strides, (1, 1), mode)
    total = sum(tap for _, _, tap in window.taps())
    count = sum(tap for _, _, tap in inside.taps())
    magnitude = (np.abs(total) + count // 2) // count
    return _store(np.where(total < 0, -magnitude, magnitude), out, activation)


def mean(x, xq, out):
    """MEAN over height and width; returns (batch, channels).

    tensorflow/lite/kernels/internal/reference/reduce.h, QuantizedMeanOrSum: TensorFlow Lite Micro uses
    it for int8, whatever keep_dims and the scales; the same template serves uint8. (Full TensorFlow
    Lite has shortcuts of its own for some cases, with other roundings: they are not the contract.)
    """
    count = x.shape[1] * x.shape[2]
    multiplier, shift = quantize_multiplier(float(xq.s) / float(out.s))
    k = min(count.bit_length() - 1, 32, 31 + shift)
    multiplier, shift = (multiplier << k) // count, shift - k
    total = require_int32(x.astype(np.int64).sum(axis=(1, 2)) - xq.zp * count, "the sum")
    return _store(mbqm(total, multiplier, shift) + out.zp, out)


def pad(x, out, amounts):
    """PAD with the output's zero point (real 0): tensorflow/lite/micro/kernels/pad_common.cc."""
    if np.min(amounts) < 0:
        raise ValueError(f"PAD by {np.asarray(amounts).tolist()}: amounts must not be negative")
    return np.pad(x, [tuple(pair) for pair in np.asarray(amounts).tolist()], constant_values=out.zp)


def softmax(x, xq, out, *, beta):
    """SOFTMAX over the last axis: tensorflow/lite/kernels/internal/reference/softmax.h, softmax_common.cc.

    Differences to the row's maximum are scaled to Q5.26, exponentials summed in Q12.19, and the sum's
    reciprocal found in fixed point. Output scale is 1/256, zero point the type's minimum. Where the sum
    of exponentials reaches 512 (512 equal maxima) the reference aborts; the formula goes on here, in which
    the last division by more than 2^31 gives 0.
    """
    low, high = RANGES[out.type]
    if out.s != np.float32(1 / 256) or out.zp != low:
        raise ValueError(f"SOFTMAX output must have scale 1/256 and zero point {low}, found {out.s} and {out.zp}")
    integer_bits, sum_bits = 5, 12
    real = min(float(np.float32(beta)) * float(xq.s) * (1 << (31 - integer_bits)), (1 << 31) - 1.0)
    if real <= 1:
        raise ValueError(f"beta * scale is {real / (1 << 26)}: too small for the reference kernel")
    multiplier, shift = quantize_multiplier(real)
    radius = input_radius(integer_bits, shift)
    result = np.empty(x.shape, np.int64)
    for index in np.ndindex(x.shape[:-1]):
        row = x[index].astype(np.int64)
        difference = row - row.max()
        counts = difference >= -radius
        exponentials = exp_on_negative_values(mbqm(difference[counts], multiplier, shift), integer_bits)
        total = int(require_int32(rdbpot(exponentials, sum_bits).sum(), "SOFTMAX's sum"))
        headroom = clz32(total)
        reciprocal = one_over_one_plus_x((total << headroom) - (1 << 31))
        exponent = sum_bits - headroom + 31 - 8
        result[index] = low
        result[index][counts] = np.clip(rdbpot(srdhm(reciprocal, exponentials), exponent) + low, low, high)
    return result.astype(out.type)


def logistic(x, xq, out):
    """LOGISTIC; output scale is 1/256 and zero point the type's minimum.

    int8: fixed point, TensorFlow Lite Micro's reference_integer_ops::Logistic
    (tensorflow/lite/kernels/internal/reference/integer_ops/logistic.h; parameters from
    tensorflow/lite/micro/kernels/logistic_common.cc). Full TensorFlow Lite uses a float table instead.
    uint8: Micro has no kernel; full TensorFlow Lite's is a table of 256 entries computed in float
    (tensorflow/lite/kernels/activations.cc, PopulateLookupTable): round(256 / (1 + exp(-x))), saturated.
    """
    low, high = RANGES[out.type]
    if out.s != np.float32(1 / 256) or out.zp != low:
        raise ValueError(f"LOGISTIC output must have scale 1/256 and zero point {low}, found {out.s} and {out.zp}")
    codes = np.arange(low, high + 1)
    centered = codes - xq.zp
    if out.type == "uint8":
        with np.errstate(over="ignore"):  # exp of a large number is infinity, its reciprocal 0
            power = np.exp(-(xq.s * centered.astype(np.float32)).astype(np.float64)).astype(np.float32)
        real = np.float32(1) / (np.float32(1) + power)
        table = np.clip(round_array(real * np.float32(256)), low, high)
    else:
        integer_bits = 4
        fraction, shift = math.frexp(float(xq.s) * (1 << (31 - integer_bits)))
        multiplier = round_half_away(fraction * (1 << 31))
        radius = input_radius(integer_bits, shift)
        inside = np.abs(centered) < radius
        scaled = mbqm(np.where(inside, centered, 0), multiplier, shift)
        value = np.clip(rdbpot(logistic_q0(scaled, integer_bits), 23) + low, low, high)
        table = np.where(inside, value, np.where(centered < 0, low, high))
    return table.astype(out.type)[x.astype(np.int64) - low]


def quantize(x, xq, out):
    """QUANTIZE from float32 (xq None) or between 8-bit types.

    float32: the quotient is a float32, rounded half away from zero (reference/quantize.h). A quotient
    outside int32, or NaN, is undefined there and refused here. 8 bit: reference/requantize.h; its
    exclusive-or by 0x80 for equal scales is the same function.
    """
    if xq is None:
        quotient = x.astype(np.float32) / out.s
        if not np.all(np.abs(quotient) < 2.0 ** 31):
            raise ValueError("QUANTIZE of NaN, infinity or a value beyond int32 is undefined")
        return _store(round_array(quotient).astype(np.int64) + out.zp, out)
    multiplier, shift = quantize_multiplier(float(xq.s) / float(out.s))
    return _store(mbqm(x.astype(np.int64) - xq.zp, multiplier, shift) + out.zp, out)


def dequantize(x, xq):
    """DEQUANTIZE to float32: scale * (q - zero_point) in double, then rounded to float.

    tensorflow/lite/kernels/internal/reference/dequantize.h. The double product is exact (24 bits by 9),
    so a float multiplication gives the same.
    """
    return (float(xq.s) * (x.astype(np.int64) - xq.zp)).astype(np.float32)
