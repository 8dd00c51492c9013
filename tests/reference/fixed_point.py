# SPDX-License-Identifier: Apache-2.0
"""The integer arithmetic under TensorFlow Lite's reference kernels, vectorized over int64 arrays.

Values are int32 by contract but kept in int64, so that every step can be checked: a step whose
int32 counterpart would overflow (undefined there) raises OverflowError here.
"""

from __future__ import annotations

import math

import numpy as np

INT32_MIN, INT32_MAX = -(1 << 31), (1 << 31) - 1


def require_int32(x, what):
    x = np.asarray(x, np.int64)
    if x.size and (x.min() < INT32_MIN or x.max() > INT32_MAX):
        raise OverflowError(f"{what} leaves the int32 range: {x.min()} to {x.max()}")
    return x


def srdhm(a, b):
    """Saturating rounding doubling high multiply: a * b / 2^31, ties toward plus infinity."""
    a, b = np.broadcast_arrays(np.asarray(a, np.int64), np.asarray(b, np.int64))
    return np.where((a == INT32_MIN) & (b == INT32_MIN), INT32_MAX, (a * b + (1 << 30)) >> 31)


def rdbpot(x, exponent):
    """x / 2^exponent, ties away from zero; exponent >= 0, one or one per element."""
    x, exponent = np.asarray(x, np.int64), np.asarray(exponent, np.int64)
    half = np.where(exponent > 0, np.int64(1) << np.maximum(exponent - 1, 0), 0)
    return np.where(exponent > 0, (x + half - (x < 0)) >> exponent, x)


def mbqm(x, multiplier, shift):
    """Multiply by a quantized multiplier, with both roundings: x * multiplier * 2^(shift - 31)."""
    shift = np.asarray(shift, np.int64)
    shifted = require_int32(np.asarray(x, np.int64) << np.maximum(shift, 0), "x << shift")
    return rdbpot(srdhm(shifted, multiplier), np.maximum(-shift, 0))


def quantize_multiplier(real):
    """(multiplier, shift) of a real number, multiplier in [2^30, 2^31); (0, 0) below about 2^-32."""
    if real == 0:
        return 0, 0
    fraction, shift = math.frexp(float(real))
    multiplier = round_half_away(fraction * (1 << 31))
    if multiplier == 1 << 31:
        multiplier, shift = multiplier // 2, shift + 1
    return (0, 0) if shift < -31 else (multiplier, shift)


def round_half_away(x):
    """Rounds one float as C's round does. Python's own round goes to even on ties."""
    return int(math.copysign(math.floor(abs(x) + 0.5), x))


def saturating_shift_left(x, exponent):
    return np.clip(np.asarray(x, np.int64) << exponent, INT32_MIN, INT32_MAX)


def clz32(x):
    return 32 - int(x).bit_length()


def exp_on_negative_values(x, integer_bits):
    """exp(x) in Q0.31 for x <= 0 in Q(integer_bits).(31 - integer_bits), integer_bits at most 5.

    The algorithm is gemmlowp's (fixedpoint/fixedpoint.h): split x into a part in [-1/4, 0) and a
    multiple of 1/4; a polynomial of degree 4 around -1/8 gives the first, and each bit of the second
    multiplies by a constant exp(-2^k).
    """
    x = np.asarray(x, np.int64)
    fraction_bits = 31 - integer_bits
    quarter = 1 << (fraction_bits - 2)
    small = (x & (quarter - 1)) - quarter
    result = _exp_from_minus_quarter(saturating_shift_left(small, integer_bits))
    remainder = small - x
    for k in range(-2, integer_bits):
        factor = round_half_away(math.exp(-(2.0 ** k)) * (1 << 31))
        bit = (remainder >> (fraction_bits + k)) & 1
        result = np.where(bit == 1, srdhm(result, factor), result)
    return np.where(x == 0, INT32_MAX, result)


def _exp_from_minus_quarter(x):
    """exp(x) in Q0.31 for x in [-1/4, 0) in Q0.31: a Taylor polynomial around -1/8."""
    constant = round_half_away(math.exp(-1 / 8) * (1 << 31))
    third = round_half_away((1 << 31) / 3)
    x = x + (1 << 28)
    x2 = srdhm(x, x)
    x3 = srdhm(x2, x)
    x4 = srdhm(x2, x2)
    tail = rdbpot(srdhm(rdbpot(x4, 2) + x3, third) + x2, 1)
    return constant + srdhm(constant, x + tail)


def one_over_one_plus_x(x):
    """1 / (1 + x) in Q0.31 for x in [0, 1) in Q0.31: three Newton-Raphson steps from 48/17 - 32/17 d."""
    one_q2 = 1 << 29
    total = np.asarray(x, np.int64) + INT32_MAX
    half_denominator = (total + 1) >> 1
    estimate = round_half_away(48 / 17 * one_q2) + srdhm(half_denominator, round_half_away(-32 / 17 * one_q2))
    for _ in range(3):
        error = one_q2 - srdhm(half_denominator, estimate)
        estimate = estimate + saturating_shift_left(srdhm(estimate, error), 2)
    return saturating_shift_left(estimate, 1)


def logistic_q0(x, integer_bits):
    """1 / (1 + exp(-x)) in Q0.31 for x in Q(integer_bits).(31 - integer_bits)."""
    x = np.asarray(x, np.int64)
    positive = one_over_one_plus_x(exp_on_negative_values(-np.abs(x), integer_bits))
    return np.where(x == 0, 1 << 30, np.where(x > 0, positive, INT32_MAX - positive))


def input_radius(integer_bits, left_shift, total_bits=31):
    """The largest difference whose rescaled value still fits Q(integer_bits)."""
    return math.floor(((1 << integer_bits) - 1) * 2.0 ** (total_bits - integer_bits - left_shift))
