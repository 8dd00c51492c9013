# SPDX-License-Identifier: Apache-2.0
"""Files that a reader must refuse, each with one line that says what is wrong.

Each case starts from a good model of two convolutions (or another small one) and spoils one thing. A case
changes the model, the file's bytes, or the keywords given to the writer.
"""

from __future__ import annotations

import struct

import numpy as np

from graph_builder import GraphBuilder
from tflite_model import Operator
from tflite_writer import to_bytes

CASES = {}


def case(reason):
    """Registers a function that returns the bytes of one wrong file."""
    def register(function):
        CASES[function.__name__] = (function, reason)
        return function
    return register


def all_files():
    return {name: (function(), reason) for name, (function, reason) in CASES.items()}


def _good(type="int8"):
    """Tensors: 0 input, 1 weights, 2 bias, 3 conv, 4 weights, 5 bias, 6 conv (output)."""
    g = GraphBuilder("broken", type)
    x = g.input((1, 6, 5, 3))
    x = g.conv(x, 4, (3, 3), activation="RELU6")
    x = g.conv(x, 2, (1, 1))
    return g.model([x])


def _write(model, **kwargs):
    return to_bytes(model, checked=False, **kwargs)


def _spoiled(change, model=None):
    model = model or _good()
    change(model)
    return _write(model)


def _classifier():
    """An average pool, a reshape, a softmax: operators without weights."""
    g = GraphBuilder("broken_tail")
    x = g.input((1, 4, 4, 6))
    x = g.average_pool(x, (4, 4))
    x = g.reshape(x, (1, 6), by_tensor=True)
    return g.model([g.softmax(x)])


@case("The file is empty.")
def empty_file():
    return b""


@case("The file ends after 3 bytes, inside the root offset.")
def truncated_at_3():
    return _write(_good())[:3]


@case("The file ends after 8 bytes, right after the identifier.")
def truncated_at_8():
    return _write(_good())[:8]


@case("The file ends after a quarter of its bytes.")
def truncated_at_quarter():
    file = _write(_good())
    return file[:len(file) // 4]


@case("The file ends after half of its bytes.")
def truncated_at_half():
    file = _write(_good())
    return file[:len(file) // 2]


@case("The last 64 bytes are missing.")
def truncated_at_end():
    return _write(_good())[:-64]


@case("The identifier is TFL9, not TFL3.")
def wrong_identifier():
    return _write(_good(), identifier=b"TFL9")


@case("The root offset points beyond the end of the file.")
def root_offset_out_of_range():
    file = _write(_good())
    return struct.pack("<I", len(file) + 1000) + file[4:]


@case("The root offset is 0xffffffff, which overflows when it is added to a position.")
def root_offset_huge():
    return b"\xff\xff\xff\xff" + _write(_good())[4:]


@case("Not a FlatBuffer: the identifier is right, every other byte is 0xff.")
def garbage():
    return b"\x10\x00\x00\x00TFL3" + b"\xff" * 500


@case("Schema version 2; version 3 is the one that is read.")
def schema_version_2():
    return _write(_good(), schema_version=2)


@case("Operator 0 is RESIZE_BILINEAR, which is not supported.")
def unsupported_operator():
    g = GraphBuilder("broken_resize")
    x = g.input((1, 4, 4, 2))
    size = g.constant([8, 8])
    y = g.tensor("resized", (1, 8, 8, 2), "int8", scale=g.tensors[x].scale, zero_point=g.tensors[x].zero_point)
    g.operators.append(Operator("RESIZE_BILINEAR", [x, size], [y], {"align_corners": True}))
    return _write(g.model([y]))


@case("Operator 0 is the custom operator 'MyOperator'.")
def custom_operator():
    def change(model):
        model.operators[0] = Operator("CUSTOM", [0], [3], custom_code="MyOperator")
    return _spoiled(change)


@case("CONV_2D has version 99.")
def operator_version_99():
    return _spoiled(lambda model: setattr(model.operators[0], "version", 99))


@case("CONV_2D has the fused activation TANH.")
def activation_tanh():
    return _spoiled(lambda model: model.operators[0].options.update(fused_activation_function="TANH"))


@case("CONV_2D has stride 0.")
def stride_zero():
    return _spoiled(lambda model: model.operators[0].options.update(stride_h=0))


@case("CONV_2D has dilation -1.")
def dilation_negative():
    return _spoiled(lambda model: model.operators[0].options.update(dilation_w_factor=-1))


@case("CONV_2D has no options table, and so stride 0.")
def options_missing():
    return _spoiled(lambda model: setattr(model.operators[0], "options", None))


@case("Activations are int16.")
def int16_activations():
    def change(model):
        for i in (0, 3, 6):
            model.tensors[i].type, model.tensors[i].zero_point = "int16", (0,)
    return _spoiled(change)


@case("Hybrid: float32 activations with int8 weights.")
def hybrid_float_input():
    def change(model):
        for i in (0, 2, 3, 5, 6):
            model.tensors[i].type, model.tensors[i].scale, model.tensors[i].zero_point = "float32", (), ()
        for i in (2, 5):
            model.tensors[i].data = model.tensors[i].data.astype(np.float32)
    return _spoiled(change)


@case("All tensors are float32.")
def float_model():
    def change(model):
        for tensor in model.tensors:
            tensor.type, tensor.scale, tensor.zero_point = "float32", (), ()
            if tensor.data is not None:
                tensor.data = tensor.data.astype(np.float32)
    return _spoiled(change)


@case("The bias is int64.")
def bias_int64():
    def change(model):
        model.tensors[2].type, model.tensors[2].data = "int64", model.tensors[2].data.astype(np.int64)
    return _spoiled(change)


@case("The bias has 3 values for 4 output channels.")
def bias_too_short():
    def change(model):
        bias = model.tensors[2]
        bias.shape, bias.data, bias.scale, bias.zero_point = (3,), bias.data[:3], bias.scale[:3], bias.zero_point[:3]
    return _spoiled(change)


@case("Operator 0 reads tensor 77 of 7.")
def tensor_index_out_of_range():
    return _spoiled(lambda model: model.operators[0].inputs.__setitem__(0, 77))


@case("Operator 0 reads tensor -2; only -1 has a meaning.")
def tensor_index_negative():
    return _spoiled(lambda model: model.operators[0].inputs.__setitem__(2, -2))


@case("The input that operator 0 convolves is left out (-1).")
def data_input_left_out():
    return _spoiled(lambda model: model.operators[0].inputs.__setitem__(0, -1))


@case("Operator 0 writes tensor 77 of 7.")
def output_index_out_of_range():
    return _spoiled(lambda model: model.operators[0].outputs.__setitem__(0, 77))


@case("The graph's output is tensor 77 of 7.")
def graph_output_out_of_range():
    return _spoiled(lambda model: model.outputs.__setitem__(0, 77))


@case("The graph has no output.")
def graph_without_output():
    return _spoiled(lambda model: model.outputs.clear())


@case("Tensor 1 names buffer 500, which does not exist.")
def buffer_index_out_of_range():
    return _spoiled(lambda model: setattr(model.tensors[1], "buffer", 500))


@case("The weights of operator 0 are not a constant.")
def weights_without_data():
    return _spoiled(lambda model: setattr(model.tensors[1], "data", None))


@case("The weights' buffer is 1 byte shorter than their shape says.")
def buffer_too_small():
    return _spoiled(lambda model: setattr(model.tensors[1], "data", model.tensors[1].data_bytes()[:-1]))


@case("The weights' buffer is 16 bytes longer than their shape says.")
def buffer_too_large():
    return _spoiled(lambda model: setattr(model.tensors[1], "data", model.tensors[1].data_bytes() + bytes(16)))


@case("Operator 0 reads tensor 6, which operator 1 writes later.")
def reads_later_tensor():
    return _spoiled(lambda model: model.operators[0].inputs.__setitem__(0, 6))


@case("A cycle: operator 0 reads its own output.")
def cycle():
    return _spoiled(lambda model: model.operators[0].inputs.__setitem__(0, 3))


@case("Operators 0 and 1 both write tensor 3.")
def written_twice():
    def change(model):
        g = GraphBuilder("twice")
        x = g.input((1, 6, 5, 3))
        a = g.conv(x, 3, (1, 1))
        g.conv(a, 3, (1, 1))
        g.operators[1].outputs[0] = a
        model.tensors, model.operators, model.inputs, model.outputs = g.tensors, g.operators, g.inputs, [a]
    return _spoiled(change)


@case("Operator 1 has weights for 5 input channels, its input has 4.")
def channel_mismatch():
    def change(model):
        weights = model.tensors[4]
        weights.shape, weights.data = (2, 1, 1, 5), np.ones((2, 1, 1, 5), np.int8)
    return _spoiled(change)


@case("Operator 0 computes 6x5, the file says 5x5.")
def output_shape_mismatch():
    return _spoiled(lambda model: setattr(model.tensors[3], "shape", (1, 5, 5, 4)))


@case("The kernel is larger than the input and padding is VALID.")
def kernel_too_large():
    def change(model):
        model.operators[0].options["padding"] = "VALID"
        model.tensors[0].shape = (1, 2, 2, 3)
    return _spoiled(change)


@case("Per-channel int8 weights with zero point 3.")
def weight_zero_point():
    return _spoiled(lambda model: setattr(model.tensors[1], "zero_point", (3,) * 4))


@case("The weights are quantized per channel along dimension 3 (inputs), not 0.")
def wrong_quantized_dimension():
    def change(model):
        weights = model.tensors[1]
        weights.quantized_dimension, weights.scale, weights.zero_point = 3, weights.scale[:3], weights.zero_point[:3]
    return _spoiled(change)


@case("3 weight scales for 4 output channels.")
def scale_count():
    def change(model):
        weights = model.tensors[1]
        weights.scale, weights.zero_point = weights.scale[:3], weights.zero_point[:3]
    return _spoiled(change)


@case("An activation quantized per channel.")
def activation_per_channel():
    return _spoiled(lambda model: (setattr(model.tensors[3], "scale", (0.1, 0.2, 0.3, 0.4)),
                                   setattr(model.tensors[3], "zero_point", (0, 0, 0, 0)),
                                   setattr(model.tensors[3], "quantized_dimension", 3)))


@case("An activation's zero point is 300, outside int8.")
def zero_point_out_of_range():
    return _spoiled(lambda model: setattr(model.tensors[3], "zero_point", (300,)))


@case("Batch of 2.")
def batch_of_2():
    def change(model):
        for i in (0, 3, 6):
            model.tensors[i].shape = (2, *model.tensors[i].shape[1:])
    return _spoiled(change)


@case("The input's height is -6.")
def negative_dimension():
    return _spoiled(lambda model: setattr(model.tensors[0], "shape", (1, -6, 5, 3)))


@case("The input's height is 0.")
def zero_dimension():
    return _spoiled(lambda model: setattr(model.tensors[0], "shape", (1, 0, 5, 3)))


@case("The input is 2147483647 x 2147483647 x 3: its element count overflows.")
def huge_dimensions():
    return _spoiled(lambda model: setattr(model.tensors[0], "shape", (1, 2147483647, 2147483647, 3)))


@case("The weights' shape multiplies to 4 modulo 2^32 bytes, but is far larger.")
def weights_shape_wraps():
    def change(model):
        model.tensors[1].shape, model.tensors[1].data = (4, 32768, 32768, 4), np.zeros(4, np.int8).tobytes()
    return _spoiled(change)


@case("The input has 7 dimensions.")
def too_many_dimensions():
    return _spoiled(lambda model: setattr(model.tensors[0], "shape", (1, 1, 1, 1, 6, 5, 3)))


@case("The input's shape signature has a dynamic height (-1).")
def dynamic_shape():
    return _spoiled(lambda model: setattr(model.tensors[0], "shape_signature", (1, -1, 5, 3)))


@case("The input's scale is NaN.")
def scale_nan():
    return _spoiled(lambda model: setattr(model.tensors[0], "scale", (float("nan"),)))


@case("The input's scale is infinite.")
def scale_infinite():
    return _spoiled(lambda model: setattr(model.tensors[0], "scale", (float("inf"),)))


@case("The output's scale is 0.")
def scale_zero():
    return _spoiled(lambda model: setattr(model.tensors[3], "scale", (0.0,)))


@case("One weight scale is negative.")
def scale_negative():
    return _spoiled(lambda model: setattr(model.tensors[1], "scale", (0.1, -0.1, 0.1, 0.1)))


@case("RESHAPE from 6 elements to 7.")
def reshape_changes_count():
    def change(model):
        model.tensors[2].data = np.array([1, 7], np.int32)
        for i in (3, 4):
            model.tensors[i].shape = (1, 7)
    return _spoiled(change, _classifier())


@case("RESHAPE with two dimensions of -1.")
def reshape_two_wildcards():
    return _spoiled(lambda model: setattr(model.tensors[2], "data", np.array([-1, -1], np.int32)), _classifier())


@case("RESHAPE whose shape is computed at run time.")
def reshape_dynamic():
    return _spoiled(lambda model: (setattr(model.tensors[2], "data", None), model.inputs.append(2)), _classifier())


@case("SOFTMAX output has scale 1/128, expected 1/256.")
def softmax_scale():
    return _spoiled(lambda model: setattr(model.tensors[4], "scale", (1 / 128,)), _classifier())


@case("AVERAGE_POOL_2D with different scales in and out.")
def pool_rescales():
    return _spoiled(lambda model: setattr(model.tensors[1], "scale", (0.5,)), _classifier())


@case("AVERAGE_POOL_2D with a window of 0.")
def pool_empty_window():
    return _spoiled(lambda model: model.operators[0].options.update(filter_height=0), _classifier())


@case("ADD of 1x4x4x3 and 1x4x4x1.")
def add_shapes_differ():
    g = GraphBuilder("broken_add")
    x = g.input((1, 4, 4, 3))
    a, b = g.conv(x, 3, (1, 1)), g.conv(x, 1, (1, 1))
    return _write(g.model([g.add(a, b)]))


@case("ADD with one input.")
def add_one_input():
    g = GraphBuilder("broken_add_one")
    x = g.input((1, 4, 4, 3))
    y = g.add(x, x)
    g.operators[0].inputs.pop()
    return _write(g.model([y]))


@case("PAD by -1.")
def pad_negative():
    g = GraphBuilder("broken_pad")
    x = g.input((1, 4, 4, 3))
    return _write(g.model([g.pad(x, [(0, 0), (-1, 1), (0, 0), (0, 0)])]))


@case("MEAN over the channels.")
def mean_over_channels():
    g = GraphBuilder("broken_mean")
    x = g.input((1, 4, 4, 3))
    y = g.mean(x, keep_dims=False, axes=(3,))
    g.tensors[y].shape = (1, 4, 4)
    return _write(g.model([y]))


@case("DEPTHWISE_CONV_2D says depth multiplier 2, its weights have multiplier 1.")
def depth_multiplier_mismatch():
    g = GraphBuilder("broken_depthwise")
    y = g.depthwise(g.input((1, 4, 4, 3)), (3, 3))
    g.operators[0].options["depth_multiplier"] = 2
    return _write(g.model([y]))


@case("CONV_2D with 2 groups: weights for 2 of 4 input channels.")
def grouped_convolution():
    def change(model):
        model.tensors[4].shape, model.tensors[4].data = (2, 1, 1, 2), model.tensors[4].data[..., :2].copy()
    return _spoiled(change)


@case("Two subgraphs.")
def two_subgraphs():
    return to_bytes(_good(), _good(), checked=False)


@case("Tensor 0, an activation, has no quantization.")
def quantization_missing():
    return _spoiled(lambda model: (setattr(model.tensors[0], "scale", ()), setattr(model.tensors[0], "zero_point", ())))


@case("The weights are a sparse tensor.")
def sparse_tensor():
    return _spoiled(lambda model: setattr(model.tensors[1], "sparse", True))


@case("A variable tensor, which keeps its value between calls.")
def variable_tensor():
    return _spoiled(lambda model: setattr(model.tensors[3], "is_variable", True))


@case("uint8 activations with int8 weights.")
def mixed_types():
    def change(model):
        for i in (0, 3, 6):
            model.tensors[i].type, model.tensors[i].zero_point = "uint8", (128,)
    return _spoiled(change)


@case("The graph has no operators, and its output is its input.")
def no_operators():
    def change(model):
        model.operators.clear()
        model.outputs[:] = [0]
    return _spoiled(change)


@case("The graph has no tensors and no operators.")
def empty_graph():
    model = _good()
    for part in (model.tensors, model.operators, model.inputs, model.outputs):
        part.clear()
    return _write(model)
