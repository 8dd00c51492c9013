# SPDX-License-Identifier: Apache-2.0
"""The corpus of small models: between them they cover every operator and every option of each.

A function's name is the model's name, its docstring says what the model is there to catch.
"""

from __future__ import annotations

# Importing these registers their models.
import corpus_operators
import corpus_networks
from corpus_case import CORPUS
from graph_builder import GraphBuilder

__all__ = ["CORPUS", "build", "corpus_networks", "corpus_operators"]


def build(name):
    """(model, input array) of one corpus model."""
    function, type = CORPUS[name]
    g = GraphBuilder(name, type)
    model = g.model(function(g))
    return model, g.random_input()
