# SPDX-License-Identifier: Apache-2.0
"""The register of the corpus's models."""

from __future__ import annotations

CORPUS = {}


def corpus_model(*, type="int8"):
    """Registers a function that takes a builder and an input tensor's maker and returns the outputs."""
    def register(function):
        CORPUS[function.__name__] = (function, type)
        return function
    return register
