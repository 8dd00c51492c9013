# SPDX-License-Identifier: Apache-2.0
"""Fine-tuning on a user's own pictures and classes, from a .tflite of this project or a checkpoint."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from classes import LABELS
from exporting import read_model
from fit import optimizer_of, rate
from network import Convolution, MobileNetV2, load_checkpoint, normalize

SEED, BATCH, PEAK_RATE = 5, 32, 1e-3


def load_start(path: Path) -> tuple[MobileNetV2, list]:
    """The network to start from and its labels: a checkpoint (.pt), or a model that this program wrote (.tflite)."""
    if path.suffix == ".tflite":
        named = path.parent / "labels.txt"
        return from_tflite(path), named.read_text().splitlines() if named.exists() else LABELS
    network, labels, _ = load_checkpoint(path)
    return network, labels


@torch.no_grad()
def from_tflite(path: Path) -> MobileNetV2:
    """The network with the file's weights, dequantized; batch normalization holds only the biases."""
    try:
        model = read_model(path)
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file") from None
    except Exception as error:  # the reader is for well-formed files and raises what it stumbles over
        raise ValueError(f"{path}: not a .tflite file that can be read ({type(error).__name__}: {error})") from None
    found = []
    for operator in model.operators:
        if operator.code in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            weight, bias = (model.tensors[i] for i in operator.inputs[1:3])
            order = (3, 0, 1, 2) if operator.code.startswith("DEPTHWISE") else (0, 3, 1, 2)
            scale = np.array(weight.scale).reshape(-1, 1, 1, 1)
            found.append((weight.array().transpose(order) * scale, bias.array() * np.array(bias.scale)))
    network = MobileNetV2(found[-1][0].shape[0] if found else 2)
    places = [m for m in network.modules() if isinstance(m, Convolution)] + [network.classifier]
    shapes = [tuple(p.weight.shape if p is network.classifier else p.conv.weight.shape) for p in places]
    if shapes != [weight.shape for weight, _ in found]:
        raise ValueError(f"{path}: expected the {len(places)} convolutions of MobileNetV2 of width 0.35, found "
                         f"{len(found)} convolutions of other shapes; start from a model of this program")
    for place, (weight, bias) in zip(places, found):
        weight, bias = torch.tensor(weight, dtype=torch.float32), torch.tensor(bias, dtype=torch.float32)
        if place is network.classifier:
            place.weight.copy_(weight)
            place.bias.copy_(bias)
        else:
            place.conv.weight.copy_(weight)
            place.norm.bias.copy_(bias)
            place.norm.running_var.fill_(1 - place.norm.eps)
    return network.eval()


@torch.no_grad()
def with_classes(network: MobileNetV2, old: list, new: list) -> MobileNetV2:
    """The network with other classes; what both lists name keeps its weights."""
    result = MobileNetV2(len(new))
    state = network.state_dict()
    weight, bias = state.pop("classifier.weight"), state.pop("classifier.bias")
    result.load_state_dict(state, strict=False)
    for row, label in enumerate(new):
        if label in old:
            result.classifier.weight[row] = weight[old.index(label)]
            result.classifier.bias[row] = bias[old.index(label)]
    return result


def tune(network, pictures, labels, epochs, device):
    """Trains on four fifths of the pictures. Returns the network and the masks of training and held-out ones."""
    generator = torch.Generator().manual_seed(SEED)
    order = torch.randperm(len(labels), generator=generator)
    held = torch.zeros(len(labels), dtype=torch.bool)
    for number in labels.unique():
        of_class = order[labels[order] == number]
        held[of_class[:len(of_class) // 5]] = True
    chosen = (~held).nonzero().flatten()
    network.to(device).eval()  # batch statistics of a few pictures would undo what was learned
    optimizer = optimizer_of(network)
    steps, step, begin = epochs * -(-len(chosen) // BATCH), 0, time.time()
    for epoch in range(epochs):
        for part in chosen[torch.randperm(len(chosen), generator=generator)].split(BATCH):
            for group in optimizer.param_groups:
                group["lr"] = rate(step, steps, -(-steps // 20), steps, PEAK_RATE)
            batch = _varied(pictures[part], generator).to(device)
            loss = F.cross_entropy(network(batch), labels[part].to(device), label_smoothing=0.05)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            step += 1
        print(f"epoch {epoch + 1}/{epochs}  loss {loss.item():.3f}  {time.time() - begin:.0f} s", flush=True)
    return network.cpu(), ~held, held


def _varied(pictures, generator):
    """Network input, each picture a little turned, moved, zoomed and lit in its own way."""
    n = len(pictures)

    def around(reach):
        return (torch.rand(n, generator=generator) * 2 - 1) * reach

    angle, zoom, zero = around(0.12), 1 + around(0.12), torch.zeros(n)
    cos, sin = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    matrix = torch.stack([torch.stack([cos, sin, zero + around(0.1)], 1),
                          torch.stack([-sin, cos, zero + around(0.1)], 1)], 1)
    x = normalize(pictures).contiguous()
    x = F.grid_sample(x, F.affine_grid(matrix, x.shape, align_corners=False), padding_mode="border",
                      align_corners=False)
    return (x * (1 + around(0.2)).view(n, 1, 1, 1) + around(0.2).view(n, 1, 1, 1)).clamp(-1, 1)
