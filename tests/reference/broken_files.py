# SPDX-License-Identifier: Apache-2.0
"""Files that are damaged, and graphs whose operators, tensors and buffers do not fit each other."""

from __future__ import annotations

import struct

import numpy as np

from broken_case import case, good, spoiled, write
from graph_builder import GraphBuilder
from tflite_model import Operator


@case("The file is empty.")
def empty_file():
    return b""


@case("The file ends after 3 bytes, inside the root offset.")
def truncated_at_3():
    return write(good())[:3]


@case("The file ends after 8 bytes, right after the identifier.")
def truncated_at_8():
    return write(good())[:8]


@case("The file ends after a quarter of its bytes.")
def truncated_at_quarter():
    file = write(good())
    return file[:len(file) // 4]


@case("The file ends after half of its bytes.")
def truncated_at_half():
    file = write(good())
    return file[:len(file) // 2]


@case("The last 64 bytes are missing.")
def truncated_at_end():
    return write(good())[:-64]


@case("The identifier is TFL9, not TFL3.")
def wrong_identifier():
    return write(good(), identifier=b"TFL9")


@case("The root offset points beyond the end of the file.")
def root_offset_out_of_range():
    file = write(good())
    return struct.pack("<I", len(file) + 1000) + file[4:]


@case("The root offset is 0xffffffff, which overflows when it is added to a position.")
def root_offset_huge():
    return b"\xff\xff\xff\xff" + write(good())[4:]


@case("Not a FlatBuffer: the identifier is right, every other byte is 0xff.")
def garbage():
    return b"\x10\x00\x00\x00TFL3" + b"\xff" * 500


@case("Schema version 2; version 3 is the one that is read.")
def schema_version_2():
    return write(good(), schema_version=2)


@case("Operator 0 is RESIZE_BILINEAR, which is not supported.")
def unsupported_operator():
    g = GraphBuilder("broken_resize")
    x = g.input((1, 4, 4, 2))
    size = g.constant([8, 8])
    y = g.tensor("resized", (1, 8, 8, 2), "int8", scale=g.tensors[x].scale, zero_point=g.tensors[x].zero_point)
    g.operators.append(Operator("RESIZE_BILINEAR", [x, size], [y], {"align_corners": True}))
    return write(g.model([y]))


@case("Operator 0 is the custom operator 'MyOperator'.")
def custom_operator():
    def change(model):
        model.operators[0] = Operator("CUSTOM", [0], [3], custom_code="MyOperator")
    return spoiled(change)


@case("CONV_2D has version 99.")
def operator_version_99():
    return spoiled(lambda model: setattr(model.operators[0], "version", 99))


@case("CONV_2D has the fused activation TANH.")
def activation_tanh():
    return spoiled(lambda model: model.operators[0].options.update(fused_activation_function="TANH"))


@case("CONV_2D has stride 0.")
def stride_zero():
    return spoiled(lambda model: model.operators[0].options.update(stride_h=0))


@case("CONV_2D has dilation -1.")
def dilation_negative():
    return spoiled(lambda model: model.operators[0].options.update(dilation_w_factor=-1))


@case("CONV_2D has no options table, and so stride 0.")
def options_missing():
    return spoiled(lambda model: setattr(model.operators[0], "options", None))


@case("Activations are int16.")
def int16_activations():
    def change(model):
        for i in (0, 3, 6):
            model.tensors[i].type, model.tensors[i].zero_point = "int16", (0,)
    return spoiled(change)


@case("Hybrid: float32 activations with int8 weights.")
def hybrid_float_input():
    def change(model):
        for i in (0, 2, 3, 5, 6):
            model.tensors[i].type, model.tensors[i].scale, model.tensors[i].zero_point = "float32", (), ()
        for i in (2, 5):
            model.tensors[i].data = model.tensors[i].data.astype(np.float32)
    return spoiled(change)


@case("All tensors are float32.")
def float_model():
    def change(model):
        for tensor in model.tensors:
            tensor.type, tensor.scale, tensor.zero_point = "float32", (), ()
            if tensor.data is not None:
                tensor.data = tensor.data.astype(np.float32)
    return spoiled(change)


@case("The bias is int64.")
def bias_int64():
    def change(model):
        model.tensors[2].type, model.tensors[2].data = "int64", model.tensors[2].data.astype(np.int64)
    return spoiled(change)


@case("The bias has 3 values for 4 output channels.")
def bias_too_short():
    def change(model):
        bias = model.tensors[2]
        bias.shape, bias.data, bias.scale, bias.zero_point = (3,), bias.data[:3], bias.scale[:3], bias.zero_point[:3]
    return spoiled(change)


@case("Operator 0 reads tensor 77 of 7.")
def tensor_index_out_of_range():
    return spoiled(lambda model: model.operators[0].inputs.__setitem__(0, 77))


@case("Operator 0 reads tensor -2; only -1 has a meaning.")
def tensor_index_negative():
    return spoiled(lambda model: model.operators[0].inputs.__setitem__(2, -2))


@case("The input that operator 0 convolves is left out (-1).")
def data_input_left_out():
    return spoiled(lambda model: model.operators[0].inputs.__setitem__(0, -1))


@case("Operator 0 writes tensor 77 of 7.")
def output_index_out_of_range():
    return spoiled(lambda model: model.operators[0].outputs.__setitem__(0, 77))


@case("The graph's output is tensor 77 of 7.")
def graph_output_out_of_range():
    return spoiled(lambda model: model.outputs.__setitem__(0, 77))


@case("The graph has no output.")
def graph_without_output():
    return spoiled(lambda model: model.outputs.clear())


@case("Tensor 1 names buffer 500, which does not exist.")
def buffer_index_out_of_range():
    return spoiled(lambda model: setattr(model.tensors[1], "buffer", 500))


@case("The weights of operator 0 are not a constant.")
def weights_without_data():
    return spoiled(lambda model: setattr(model.tensors[1], "data", None))


@case("The weights' buffer is 1 byte shorter than their shape says.")
def buffer_too_small():
    return spoiled(lambda model: setattr(model.tensors[1], "data", model.tensors[1].data_bytes()[:-1]))


@case("The weights' buffer is 16 bytes longer than their shape says.")
def buffer_too_large():
    return spoiled(lambda model: setattr(model.tensors[1], "data", model.tensors[1].data_bytes() + bytes(16)))


@case("Operator 0 reads tensor 6, which operator 1 writes later.")
def reads_later_tensor():
    return spoiled(lambda model: model.operators[0].inputs.__setitem__(0, 6))


@case("A cycle: operator 0 reads its own output.")
def cycle():
    return spoiled(lambda model: model.operators[0].inputs.__setitem__(0, 3))


@case("Operators 0 and 1 both write tensor 3.")
def written_twice():
    def change(model):
        g = GraphBuilder("twice")
        x = g.input((1, 6, 5, 3))
        a = g.conv(x, 3, (1, 1))
        g.conv(a, 3, (1, 1))
        g.operators[1].outputs[0] = a
        model.tensors, model.operators, model.inputs, model.outputs = g.tensors, g.operators, g.inputs, [a]
    return spoiled(change)
