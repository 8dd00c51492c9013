# SPDX-License-Identifier: Apache-2.0
"""Shapes, quantization and counts that no operator can have."""

from __future__ import annotations

import numpy as np

from broken_case import case, classifier, good, spoiled, write
from graph_builder import GraphBuilder
from tflite_writer import to_bytes


@case("Operator 1 has weights for 5 input channels, its input has 4.")
def channel_mismatch():
    def change(model):
        weights = model.tensors[4]
        weights.shape, weights.data = (2, 1, 1, 5), np.ones((2, 1, 1, 5), np.int8)
    return spoiled(change)


@case("Operator 0 computes 6x5, the file says 5x5.")
def output_shape_mismatch():
    return spoiled(lambda model: setattr(model.tensors[3], "shape", (1, 5, 5, 4)))


@case("The kernel is larger than the input and padding is VALID.")
def kernel_too_large():
    def change(model):
        model.operators[0].options["padding"] = "VALID"
        model.tensors[0].shape = (1, 2, 2, 3)
    return spoiled(change)


@case("Per-channel int8 weights with zero point 3.")
def weight_zero_point():
    return spoiled(lambda model: setattr(model.tensors[1], "zero_point", (3,) * 4))


@case("The weights are quantized per channel along dimension 3 (inputs), not 0.")
def wrong_quantized_dimension():
    def change(model):
        weights = model.tensors[1]
        weights.quantized_dimension, weights.scale, weights.zero_point = 3, weights.scale[:3], weights.zero_point[:3]
    return spoiled(change)


@case("3 weight scales for 4 output channels.")
def scale_count():
    def change(model):
        weights = model.tensors[1]
        weights.scale, weights.zero_point = weights.scale[:3], weights.zero_point[:3]
    return spoiled(change)


@case("An activation quantized per channel.")
def activation_per_channel():
    return spoiled(lambda model: (setattr(model.tensors[3], "scale", (0.1, 0.2, 0.3, 0.4)),
                                   setattr(model.tensors[3], "zero_point", (0, 0, 0, 0)),
                                   setattr(model.tensors[3], "quantized_dimension", 3)))


@case("An activation's zero point is 300, outside int8.")
def zero_point_out_of_range():
    return spoiled(lambda model: setattr(model.tensors[3], "zero_point", (300,)))


@case("Batch of 2.")
def batch_of_2():
    def change(model):
        for i in (0, 3, 6):
            model.tensors[i].shape = (2, *model.tensors[i].shape[1:])
    return spoiled(change)


@case("The input's height is -6.")
def negative_dimension():
    return spoiled(lambda model: setattr(model.tensors[0], "shape", (1, -6, 5, 3)))


@case("The input's height is 0.")
def zero_dimension():
    return spoiled(lambda model: setattr(model.tensors[0], "shape", (1, 0, 5, 3)))


@case("The input is 2147483647 x 2147483647 x 3: its element count overflows.")
def huge_dimensions():
    return spoiled(lambda model: setattr(model.tensors[0], "shape", (1, 2147483647, 2147483647, 3)))


@case("The weights' shape multiplies to 4 modulo 2^32 bytes, but is far larger.")
def weights_shape_wraps():
    def change(model):
        model.tensors[1].shape, model.tensors[1].data = (4, 32768, 32768, 4), np.zeros(4, np.int8).tobytes()
    return spoiled(change)


@case("The input has 7 dimensions.")
def too_many_dimensions():
    return spoiled(lambda model: setattr(model.tensors[0], "shape", (1, 1, 1, 1, 6, 5, 3)))


@case("The input's shape signature has a dynamic height (-1).")
def dynamic_shape():
    return spoiled(lambda model: setattr(model.tensors[0], "shape_signature", (1, -1, 5, 3)))


@case("The input's scale is NaN.")
def scale_nan():
    return spoiled(lambda model: setattr(model.tensors[0], "scale", (float("nan"),)))


@case("The input's scale is infinite.")
def scale_infinite():
    return spoiled(lambda model: setattr(model.tensors[0], "scale", (float("inf"),)))


@case("The output's scale is 0.")
def scale_zero():
    return spoiled(lambda model: setattr(model.tensors[3], "scale", (0.0,)))


@case("One weight scale is negative.")
def scale_negative():
    return spoiled(lambda model: setattr(model.tensors[1], "scale", (0.1, -0.1, 0.1, 0.1)))


@case("RESHAPE from 6 elements to 7.")
def reshape_changes_count():
    def change(model):
        model.tensors[2].data = np.array([1, 7], np.int32)
        for i in (3, 4):
            model.tensors[i].shape = (1, 7)
    return spoiled(change, classifier())


@case("RESHAPE with two dimensions of -1.")
def reshape_two_wildcards():
    return spoiled(lambda model: setattr(model.tensors[2], "data", np.array([-1, -1], np.int32)), classifier())


@case("RESHAPE whose shape is computed at run time.")
def reshape_dynamic():
    return spoiled(lambda model: (setattr(model.tensors[2], "data", None), model.inputs.append(2)), classifier())


@case("SOFTMAX output has scale 1/128, expected 1/256.")
def softmax_scale():
    return spoiled(lambda model: setattr(model.tensors[4], "scale", (1 / 128,)), classifier())


@case("AVERAGE_POOL_2D with different scales in and out.")
def pool_rescales():
    return spoiled(lambda model: setattr(model.tensors[1], "scale", (0.5,)), classifier())


@case("AVERAGE_POOL_2D with a window of 0.")
def pool_empty_window():
    return spoiled(lambda model: model.operators[0].options.update(filter_height=0), classifier())


@case("ADD of 1x4x4x3 and 1x4x4x1.")
def add_shapes_differ():
    g = GraphBuilder("broken_add")
    x = g.input((1, 4, 4, 3))
    a, b = g.conv(x, 3, (1, 1)), g.conv(x, 1, (1, 1))
    return write(g.model([g.add(a, b)]))


@case("ADD with one input.")
def add_one_input():
    g = GraphBuilder("broken_add_one")
    x = g.input((1, 4, 4, 3))
    y = g.add(x, x)
    g.operators[0].inputs.pop()
    return write(g.model([y]))


@case("PAD by -1.")
def pad_negative():
    g = GraphBuilder("broken_pad")
    x = g.input((1, 4, 4, 3))
    return write(g.model([g.pad(x, [(0, 0), (-1, 1), (0, 0), (0, 0)])]))


@case("MEAN over the channels.")
def mean_over_channels():
    g = GraphBuilder("broken_mean")
    x = g.input((1, 4, 4, 3))
    y = g.mean(x, keep_dims=False, axes=(3,))
    g.tensors[y].shape = (1, 4, 4)
    return write(g.model([y]))


@case("DEPTHWISE_CONV_2D says depth multiplier 2, its weights have multiplier 1.")
def depth_multiplier_mismatch():
    g = GraphBuilder("broken_depthwise")
    y = g.depthwise(g.input((1, 4, 4, 3)), (3, 3))
    g.operators[0].options["depth_multiplier"] = 2
    return write(g.model([y]))


@case("CONV_2D with 2 groups: weights for 2 of 4 input channels.")
def grouped_convolution():
    def change(model):
        model.tensors[4].shape, model.tensors[4].data = (2, 1, 1, 2), model.tensors[4].data[..., :2].copy()
    return spoiled(change)


@case("Two subgraphs.")
def two_subgraphs():
    return to_bytes(good(), good(), checked=False)


@case("Tensor 0, an activation, has no quantization.")
def quantization_missing():
    return spoiled(lambda model: (setattr(model.tensors[0], "scale", ()), setattr(model.tensors[0], "zero_point", ())))


@case("The weights are a sparse tensor.")
def sparse_tensor():
    return spoiled(lambda model: setattr(model.tensors[1], "sparse", True))


@case("A variable tensor, which keeps its value between calls.")
def variable_tensor():
    return spoiled(lambda model: setattr(model.tensors[3], "is_variable", True))


@case("uint8 activations with int8 weights.")
def mixed_types():
    def change(model):
        for i in (0, 3, 6):
            model.tensors[i].type, model.tensors[i].zero_point = "uint8", (128,)
    return spoiled(change)


@case("ADD whose output's scale is so small that the sum's multiplier is 1 or more.")
def add_output_scale():
    g = GraphBuilder("broken_add_scale")
    x = g.input((1, 4, 4, 3), scale=0.5)
    return write(g.model([g.add(x, x, scale=0.5 / (1 << 19))]))


@case("MEAN whose output's scale is so small that its sums leave 32 bits.")
def mean_output_scale():
    g = GraphBuilder("broken_mean_scale")
    x = g.input((1, 4, 4, 3), scale=0.5, zero_point=-128)
    return write(g.model([g.mean(x, keep_dims=True, rescale=1.0 / (1 << 24))]))


@case("QUANTIZE whose output's scale is so small that its values leave 32 bits.")
def quantize_output_scale():
    g = GraphBuilder("broken_quantize_scale")
    x = g.input((1, 4, 4, 3), scale=0.5, zero_point=-128)
    return write(g.model([g.quantize(x, "uint8", 0.5 / (1 << 24), 0)]))


@case("The graph has no operators, and its output is its input.")
def no_operators():
    def change(model):
        model.operators.clear()
        model.outputs[:] = [0]
    return spoiled(change)


@case("The graph has no tensors and no operators.")
def empty_graph():
    model = good()
    for part in (model.tensors, model.operators, model.inputs, model.outputs):
        part.clear()
    return write(model)
