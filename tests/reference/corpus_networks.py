# SPDX-License-Identifier: Apache-2.0
"""Models of the corpus that are whole networks, or whose operators have several readers."""

from __future__ import annotations

from corpus_case import corpus_model


@corpus_model()
def diamond(g):
    """One tensor read by two branches of unequal length that meet in an ADD, with an activation."""
    x = g.input((1, 5, 6, 4))
    x = g.conv(x, 6, (1, 1), activation="RELU6")
    long = g.conv(x, 9, (3, 3), activation="RELU")
    long = g.depthwise(long, (3, 3), activation="RELU6")
    long = g.conv(long, 6, (1, 1), zero_point=21)
    short = g.depthwise(x, (1, 1), scale=0.013, zero_point=-90)
    x = g.add(long, short, activation="RELU_N1_TO_1", scale=0.0151)
    return [g.add(x, x)]


@corpus_model()
def two_outputs(g):
    """Two outputs, one of which a later operator reads as well."""
    x = g.input((1, 6, 6, 3))
    first = g.conv(x, 5, (3, 3), activation="RELU6")
    second = g.conv(first, 4, (3, 3), stride=(2, 2))
    return [second, first]


@corpus_model()
def sum_before_reshape(g):
    """A sum that a RESHAPE reads, of tensors that only convolutions make: NPUs lay them out otherwise than it."""
    x = g.input((1, 9, 6, 5))
    x = g.conv(x, 32, (1, 1), activation="RELU6")
    x = g.add(g.depthwise(x, (3, 3)), g.conv(x, 32, (1, 1), zero_point=127))
    return [g.conv(g.reshape(x, (1, 6, 9, 32)), 7, (3, 3))]


@corpus_model()
def inverted_residual(g):
    """Expansion, depthwise, projection, residual ADD: the block that gets fused and streamed."""
    return [_inverted_residual(g, g.input((1, 9, 7, 6)), 36, 6, 1)]


@corpus_model(type="uint8")
def uint8_layers(g):
    """Legacy uint8: weight zero points in conv, depthwise and FULLY_CONNECTED; padding; dilation; pooling."""
    x = g.input((1, 9, 7, 3), zero_point=128)
    x = g.conv(x, 8, (3, 3), stride=(2, 2), activation="RELU6")
    x = g.depthwise(x, (3, 3), dilation=(2, 2), multiplier=2, activation="RELU_N1_TO_1")
    y = g.conv(x, 16, (3, 3), padding="SAME", bias=False)
    x = g.add(x, y, activation="RELU")
    x = g.pad(x, [(0, 0), (1, 0), (0, 2), (0, 0)])
    x = g.average_pool(x, (3, 3), stride=(2, 2), padding="SAME")
    m = g.mean(x, keep_dims=True)
    x = g.fully_connected(x, 11)
    return [g.softmax(x), m]


@corpus_model()
def tiny_mobilenet_v2_int8(g):
    """A whole small MobileNetV2 as today's converter writes it: uint8 in and out, MEAN, int8 per channel."""
    x = g.input((1, 16, 16, 3), type="uint8", scale=0.0078431377, zero_point=127)
    x = g.quantize(x, "int8", 0.0078431377, -1)
    x = _mobilenet_v2(g, x)
    x = g.mean(x, keep_dims=True, rescale=0.6, zero_point=-128)
    x = g.conv(x, 11, (1, 1))
    x = g.softmax(g.reshape(x, (1, 11), by_tensor=True))
    return [g.quantize(x, "uint8", 1 / 256, 0)]


@corpus_model(type="uint8")
def tiny_mobilenet_v2_uint8(g):
    """The same network as the older converter wrote it: uint8, AVERAGE_POOL_2D, RESHAPE."""
    x = _mobilenet_v2(g, g.input((1, 16, 16, 3), scale=0.0078125, zero_point=128))
    x = g.average_pool(x, g.tensors[x].shape[1:3])
    x = g.conv(x, 11, (1, 1))
    return [g.softmax(g.reshape(x, (1, 11)))]


def _inverted_residual(g, x, expanded, channels, stride):
    y = x if expanded == g.tensors[x].shape[3] else g.conv(x, expanded, (1, 1), activation="RELU6")
    y = g.depthwise(y, (3, 3), stride=(stride, stride), activation="RELU6")
    y = g.conv(y, channels, (1, 1))
    return g.add(x, y) if g.tensors[y].shape == g.tensors[x].shape else y


def _mobilenet_v2(g, x):
    x = g.conv(x, 8, (3, 3), stride=(2, 2), activation="RELU6")
    x = _inverted_residual(g, x, 8, 6, 1)
    x = _inverted_residual(g, x, 24, 7, 2)
    x = _inverted_residual(g, x, 28, 7, 1)
    x = _inverted_residual(g, x, 28, 10, 2)
    return g.conv(x, 40, (1, 1), activation="RELU6")
