# SPDX-License-Identifier: Apache-2.0
"""Models of the corpus for single operators and their options."""

from __future__ import annotations

from corpus_case import corpus_model


@corpus_model()
def conv_same(g):
    """SAME padding on odd sizes, per-channel weights."""
    x = g.input((1, 5, 7, 3))
    return [g.conv(x, 8, (3, 3), activation="RELU6")]


@corpus_model()
def conv_valid_strides(g):
    """VALID padding, unequal strides and an even kernel, per-tensor weights."""
    x = g.input((1, 9, 8, 3), zero_point=-128)
    x = g.conv(x, 5, (3, 2), stride=(2, 1), padding="VALID", activation="RELU", per_channel=False)
    return [g.conv(x, 4, (2, 3), stride=(1, 2), padding="VALID")]


@corpus_model()
def conv_same_even_stride(g):
    """SAME padding with stride 2: (0, 1) on even sizes, (1, 1) on odd ones."""
    x = g.input((1, 8, 9, 3), zero_point=127)
    return [g.conv(x, 8, (3, 3), stride=(2, 2), activation="RELU6")]


@corpus_model()
def conv_dilated(g):
    """Dilation 2 with SAME and unequal dilation with VALID; RELU_N1_TO_1."""
    x = g.input((1, 9, 11, 2))
    x = g.conv(x, 4, (3, 3), dilation=(2, 2), activation="RELU_N1_TO_1")
    return [g.conv(x, 3, (2, 3), padding="VALID", dilation=(1, 2), activation="NONE")]


@corpus_model()
def conv_no_bias(g):
    """Bias left out in both ways that a file can say it."""
    x = g.input((1, 4, 5, 6))
    x = g.conv(x, 7, (1, 1), bias=False)
    return [g.conv(x, 3, (3, 3), bias=False, bias_placeholder=True)]


@corpus_model()
def conv_dead_channels(g):
    """Channels with scale 1e-6, zero weights and a huge bias: narrow or float accumulators fail here."""
    x = g.input((1, 3, 4, 5))
    x = g.conv(x, 7, (3, 3), dead={1: -324204896, 4: 324204896, 6: 0}, zero_point=3)
    x = g.conv(x, 8, (1, 1), dead={0: -60000000, 5: 8000017, 7: 2147483647}, activation="RELU6")
    return [g.depthwise(x, (3, 3), dead={2: -324204896, 3: 1234567}, zero_point=-11)]


@corpus_model()
def conv_odd_channels(g):
    """Channel counts that no vector width divides, through 1x1 kernels."""
    x = g.input((1, 3, 5, 37))
    x = g.conv(x, 67, (1, 1), activation="RELU6")
    return [g.conv(x, 19, (1, 1))]


@corpus_model()
def conv_extremes(g):
    """Weights of -128 and 127 and inputs at both ends, so that products reach their extremes."""
    x = g.input((1, 4, 4, 16), zero_point=-128)
    x = g.conv(x, 6, (3, 3))
    w = g.tensors[g.operators[0].inputs[1]]
    w.data[0], w.data[1], w.data[2, :, :, ::2] = -128, 127, -128
    return [x]


@corpus_model()
def depthwise_same(g):
    """Depthwise at stride 1 and 2, SAME, odd channel count."""
    x = g.input((1, 7, 6, 9))
    x = g.depthwise(x, (3, 3), activation="RELU6")
    return [g.depthwise(x, (3, 3), stride=(2, 2), activation="RELU")]


@corpus_model()
def depthwise_multiplier_2(g):
    """Depth multiplier 2, VALID, unequal strides, per-tensor weights."""
    x = g.input((1, 6, 9, 5))
    return [g.depthwise(x, (2, 3), multiplier=2, stride=(1, 2), padding="VALID", per_channel=False)]


@corpus_model()
def depthwise_multiplier_3(g):
    """Depth multiplier 3, from 1 channel and from 3; no bias in the second.

    TensorFlow Lite Micro computes this only with its assertions off: they want a bias.
    """
    x = g.input((1, 5, 5, 1))
    x = g.depthwise(x, (3, 3), multiplier=3, activation="RELU_N1_TO_1")
    return [g.depthwise(x, (1, 1), multiplier=3, bias=False)]


@corpus_model()
def depthwise_dilated(g):
    """Dilation 2 in depthwise, SAME and VALID, also a 5x5 kernel wider than the image."""
    x = g.input((1, 9, 8, 6))
    x = g.depthwise(x, (3, 3), dilation=(2, 2), activation="RELU6")
    x = g.depthwise(x, (3, 2), dilation=(2, 1), padding="VALID")
    return [g.depthwise(x, (5, 9))]


@corpus_model()
def pad_then_valid(g):
    """PAD before VALID convolutions at stride 2; the pad value is the zero point."""
    x = g.input((1, 8, 6, 3), zero_point=-17)
    x = g.pad(x, [(0, 0), (0, 1), (0, 1), (0, 0)])
    x = g.conv(x, 8, (3, 3), stride=(2, 2), padding="VALID", activation="RELU6")
    x = g.pad(x, [(0, 0), (1, 1), (2, 0), (0, 0)])
    x = g.depthwise(x, (3, 3), stride=(2, 2), padding="VALID", activation="RELU6")
    return [g.pad(x, [(0, 0), (0, 0), (1, 0), (0, 3)])]


@corpus_model()
def mean_rescale(g):
    """MEAN without keep_dims into another scale and zero point, axes in the other order."""
    x = g.input((1, 5, 7, 11))
    return [g.mean(x, keep_dims=False, axes=(2, 1), zero_point=-30)]


@corpus_model()
def mean_keep_dims(g):
    """MEAN with keep_dims, once rescaling upward and once with equal quantization."""
    x = g.input((1, 7, 7, 10), zero_point=-3)
    a = g.mean(x, keep_dims=True, rescale=0.21, zero_point=14)
    b = g.mean(x, keep_dims=True, rescale=1.0, zero_point=-3)
    return [g.conv(a, 6, (1, 1)), b]


@corpus_model()
def average_pool_same(g):
    """AVERAGE_POOL_2D with SAME padding counts only the taps inside; negative sums round away from zero."""
    x = g.input((1, 5, 6, 4), zero_point=-9)
    x = g.average_pool(x, (3, 3), stride=(2, 2), padding="SAME")
    return [g.average_pool(x, (2, 2), padding="SAME", activation="RELU")]


@corpus_model()
def average_pool_global(g):
    """AVERAGE_POOL_2D over the whole image, then the classifier tail."""
    x = g.input((1, 7, 7, 8))
    x = g.average_pool(x, (7, 7), stride=(7, 7))
    x = g.conv(x, 10, (1, 1))
    x = g.squeeze(x, (1, 2))
    return [g.softmax(x)]


@corpus_model()
def fully_connected_keep_dims(g):
    """keep_num_dims with several rows; per-tensor weights, with the scale product rounded to float."""
    x = g.input((1, 3, 4, 6))
    x = g.fully_connected(x, 5, depth=6, keep_num_dims=True, activation="RELU")
    return [g.fully_connected(x, 7, depth=5, bias=False)]


@corpus_model()
def fully_connected_flat(g):
    """4-D input flattened, per-channel weights, then one row without bias."""
    x = g.input((1, 2, 3, 5))
    x = g.fully_connected(x, 33, per_channel=True, activation="RELU6")
    return [g.fully_connected(x, 9, per_channel=True, bias=False)]


@corpus_model()
def fully_connected_in_blocks(g):
    """FULLY_CONNECTED as expansion and projection of a block, which may be fused, and into rows, which may not."""
    x = g.input((1, 6, 5, 4))
    x = g.fully_connected(x, 12, depth=4, keep_num_dims=True, activation="RELU6")
    x = g.depthwise(x, (3, 3), activation="RELU6")
    x = g.fully_connected(x, 5, depth=12, keep_num_dims=True)
    y = g.depthwise(g.conv(x, 9, (1, 1), activation="RELU6"), (3, 3), stride=(2, 2))
    return [g.fully_connected(y, 7, depth=9), x]


@corpus_model()
def reshape_squeeze(g):
    """RESHAPE by options, by tensor and with -1; SQUEEZE with and without named dimensions."""
    x = g.input((1, 4, 1, 6))
    x = g.reshape(x, (1, 2, 2, 6))
    x = g.conv(x, 6, (1, 1))
    x = g.reshape(x, (1, 1, 4, 6), by_tensor=True)
    x = g.squeeze(x, (1,))
    x = g.reshape(x, (1, 1, 24), target=(1, 1, -1), by_tensor=True)
    x = g.squeeze(x)
    return [g.reshape(x, (1, 24), target=(-1, 24))]


@corpus_model()
def float_ends(g):
    """float32 in and out: QUANTIZE first, DEQUANTIZE last."""
    x = g.input((1, 5, 4, 3), type="float32")
    x = g.quantize(x, "int8", 0.0187, 11)
    x = g.conv(x, 4, (3, 3), activation="RELU6")
    x = g.mean(x, keep_dims=False)
    return [g.dequantize(g.softmax(x))]


@corpus_model(type="uint8")
def quantize_types(g):
    """QUANTIZE uint8 to int8 (an exclusive-or), int8 to int8 with a rescale, int8 to uint8 both ways."""
    x = g.input((1, 4, 5, 3), scale=0.0078125, zero_point=127)
    a = g.quantize(x, "int8", 0.0078125, -1)
    b = g.quantize(a, "int8", 0.0113, -7)
    c = g.quantize(b, "uint8", 0.0113, 121)
    d = g.quantize(b, "uint8", 0.0059, 90)
    e = g.quantize(x, "int8", 0.0041, 33)
    return [c, d, e]


@corpus_model()
def logistic_int8(g):
    """LOGISTIC in fixed point over every input value, with two scales and off-center zero points."""
    x = g.input((1, 16, 16, 3), scale=0.061, zero_point=-21)
    y = g.quantize(x, "int8", 0.0431, 15)
    return [g.logistic(x), g.logistic(y)]


@corpus_model(type="uint8")
def logistic_uint8(g):
    """LOGISTIC over uint8: the table computed in float."""
    x = g.input((1, 16, 16, 3), scale=0.0473, zero_point=119)
    return [g.logistic(x)]


@corpus_model()
def softmax_beta(g):
    """SOFTMAX with beta 0.5 and 1, over several rows, and with a scale so large that few terms count."""
    x = g.input((1, 3, 2, 41), scale=0.11)
    a = g.softmax(x, 0.5)
    b = g.softmax(g.quantize(x, "int8", 1.7, 2))
    return [a, b]
