# SPDX-License-Identifier: Apache-2.0
"""SOFTMAX and LOGISTIC in numpy, with TensorFlow Lite's reference arithmetic bit for bit."""

from __future__ import annotations

import math

import numpy as np

from fixed_point import (clz32, exp_on_negative_values, input_radius, logistic_q0, mbqm, one_over_one_plus_x,
                         quantize_multiplier, rdbpot, require_int32, round_half_away, srdhm)
from numpy_quantization import RANGES, round_array


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
