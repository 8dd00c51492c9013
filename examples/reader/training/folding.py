# SPDX-License-Identifier: Apache-2.0
"""A trained network as a plain list of layers, batch normalization folded into weights and biases."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from network import MobileNetV2, convolve


@dataclass
class Layer:
    """One operator. Value 0 is the network's input, value i + 1 the output of layer i.

    kind is "conv", "depthwise", "add" or "mean". weight is as in PyTorch: (outputs, inputs, height, width).
    """

    kind: str
    inputs: tuple
    weight: torch.Tensor | None = None
    bias: torch.Tensor | None = None
    stride: int = 1
    relu6: bool = False

    @property
    def groups(self):
        return self.weight.shape[0] if self.kind == "depthwise" else 1

    def __call__(self, *values):
        if self.kind == "add":
            return values[0] + values[1]
        if self.kind == "mean":
            return values[0].mean((2, 3), keepdim=True)
        y = convolve(values[0], self.weight, self.bias, self.stride, self.groups)
        return y.clamp(0, 6) if self.relu6 else y


@torch.no_grad()
def fold(network: MobileNetV2) -> list[Layer]:
    """The layers of an evaluated network."""
    layers = []

    def convolution(module, source):
        conv, norm = module.conv, module.norm
        factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        kind = "depthwise" if conv.groups > 1 else "conv"
        layers.append(Layer(kind, (source,), conv.weight * factor.view(-1, 1, 1, 1),
                            norm.bias - norm.running_mean * factor, conv.stride[0], module.activation))
        return len(layers)

    value = convolution(network.stem, 0)
    for block in network.blocks:
        inner = value if block.expand is None else convolution(block.expand, value)
        inner = convolution(block.project, convolution(block.depthwise, inner))
        if block.residual:
            layers.append(Layer("add", (value, inner)))
            inner = len(layers)
        value = inner
    value = convolution(network.head, value)
    layers.append(Layer("mean", (value,)))
    layers.append(Layer("conv", (len(layers),), network.classifier.weight.detach(), network.classifier.bias.detach()))
    return layers


@torch.no_grad()
def run(layers, x, visit=None):
    """The last value. visit(number, layer, inputs, output) is called after each layer."""
    values = [x]
    for number, layer in enumerate(layers, 1):
        inputs = [values[i] for i in layer.inputs]
        values.append(layer(*inputs))
        if visit:
            visit(number, layer, inputs, values[-1])
    return values[-1].flatten(1)
