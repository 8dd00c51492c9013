# SPDX-License-Identifier: Apache-2.0
"""What the wrong files are made with: good models, and the register of what spoils them."""

from __future__ import annotations

from graph_builder import GraphBuilder
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


def good(type="int8"):
    """Tensors: 0 input, 1 weights, 2 bias, 3 conv, 4 weights, 5 bias, 6 conv (output)."""
    g = GraphBuilder("broken", type)
    x = g.input((1, 6, 5, 3))
    x = g.conv(x, 4, (3, 3), activation="RELU6")
    x = g.conv(x, 2, (1, 1))
    return g.model([x])


def write(model, **kwargs):
    return to_bytes(model, checked=False, **kwargs)


def spoiled(change, model=None):
    model = model or good()
    change(model)
    return write(model)


def classifier():
    """An average pool, a reshape, a softmax: operators without weights."""
    g = GraphBuilder("broken_tail")
    x = g.input((1, 4, 4, 6))
    x = g.average_pool(x, (4, 4))
    x = g.reshape(x, (1, 6), by_tensor=True)
    return g.model([g.softmax(x)])
