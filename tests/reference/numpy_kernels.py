# SPDX-License-Identifier: Apache-2.0
"""The layers in numpy, with TensorFlow Lite's reference arithmetic bit for bit; numpy_exponentials.py has two more.

Written from the arithmetic's definition, as a second opinion on the C++ kernels; it shares no code with
them. Each kernel takes arrays and Quant values (scale and zero point) and returns the output array.
Batch is 1 or more; layout is NHWC. Whatever a kernel does not support raises ValueError.
"""

from __future__ import annotations

import numpy as np

from fixed_point import mbqm, quantize_multiplier, require_int32
from numpy_quantization import Quant, round_array, store


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
    return store(mbqm(acc, multipliers, shifts) + out.zp, out, activation)


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
    if shift_out > 0:
        raise ValueError(f"ADD of scales {aq.s} and {bq.s} to {out.s}: the reference takes multipliers below 1 alone")

    def rescaled(x, q):
        multiplier, shift = quantize_multiplier(float(q.s) / twice_max)
        return mbqm((x.astype(np.int64) - q.zp) << left_shift, multiplier, shift)

    return store(mbqm(rescaled(a, aq) + rescaled(b, bq), m_out, shift_out) + out.zp, out, activation)


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
    return store(np.where(total < 0, -magnitude, magnitude), out, activation)


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
    return store(mbqm(total, multiplier, shift) + out.zp, out)


def pad(x, out, amounts):
    """PAD with the output's zero point (real 0): tensorflow/lite/micro/kernels/pad_common.cc."""
    if np.min(amounts) < 0:
        raise ValueError(f"PAD by {np.asarray(amounts).tolist()}: amounts must not be negative")
    return np.pad(x, [tuple(pair) for pair in np.asarray(amounts).tolist()], constant_values=out.zp)


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
        return store(round_array(quotient).astype(np.int64) + out.zp, out)
    multiplier, shift = quantize_multiplier(float(xq.s) / float(out.s))
    return store(mbqm(x.astype(np.int64) - xq.zp, multiplier, shift) + out.zp, out)


def dequantize(x, xq):
    """DEQUANTIZE to float32: scale * (q - zero_point) in double, then rounded to float.

    tensorflow/lite/kernels/internal/reference/dequantize.h. The double product is exact (24 bits by 9),
    so a float multiplication gives the same.
    """
    return (float(xq.s) * (x.astype(np.int64) - xq.zp)).astype(np.float32)
