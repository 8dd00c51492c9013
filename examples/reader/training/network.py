# SPDX-License-Identifier: Apache-2.0
"""MobileNetV2 in PyTorch, laid out like include/inlay/models/mobilenet_v2.hpp and padded like TensorFlow."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

ROWS = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
"""Expansion, channels, repeats, stride of the first: table 2 of the paper."""
LAST_CHANNELS = 1280


def scaled(channels: int, width: float) -> int:
    """channels times the width multiplier, a multiple of 8 not more than a tenth below it."""
    hundredths = channels * round(width * 100)
    rounded = max((hundredths + 400) // 800 * 8, 8)
    return rounded + 8 if rounded * 1000 < hundredths * 9 else rounded


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """Zeros before and after, as TensorFlow's SAME: the odd one after."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


class Convolution(nn.Module):
    """Convolution, batch normalization and, if wanted, ReLU6."""

    def __init__(self, inputs, outputs, kernel=1, stride=1, groups=1, activation=True):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(outputs, momentum=0.03)
        self.activation = activation

    def forward(self, x):
        x = self.norm(convolve(x, self.conv.weight, None, self.conv.stride[0], self.conv.groups))
        return F.relu6(x, inplace=True) if self.activation else x


def convolve(x, weight, bias, stride, groups):
    """F.conv2d with SAME padding."""
    kernel = weight.shape[2]
    (top, bottom), (left, right) = (same_padding(size, kernel, stride) for size in x.shape[2:])
    if (top, left) == (bottom, right):
        return F.conv2d(x, weight, bias, stride, (top, left), groups=groups)
    return F.conv2d(F.pad(x, (left, right, top, bottom)), weight, bias, stride, groups=groups)


class Block(nn.Module):
    """Inverted residual: expansion, depthwise, projection, and the sum where shapes allow it."""

    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        hidden = inputs * expansion
        self.expand = Convolution(inputs, hidden) if expansion > 1 else None
        self.depthwise = Convolution(hidden, hidden, 3, stride, hidden)
        self.project = Convolution(hidden, outputs, activation=False)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        y = x if self.expand is None else self.expand(x)
        y = self.project(self.depthwise(y))
        return x + y if self.residual else y


class MobileNetV2(nn.Module):
    """Takes float pictures (n, 3, size, size) as normalize makes them, returns logits (n, classes)."""

    def __init__(self, classes: int, width: float = 0.35):
        super().__init__()
        channels = scaled(32, width)
        self.stem = Convolution(3, channels, 3, 2)
        blocks = []
        for expansion, base, repeats, stride in ROWS:
            for repeat in range(repeats):
                outputs = scaled(base, width)
                blocks.append(Block(channels, outputs, stride if repeat == 0 else 1, expansion))
                channels = outputs
        self.blocks = nn.Sequential(*blocks)
        last = max(LAST_CHANNELS, scaled(LAST_CHANNELS, width))
        self.head = Convolution(channels, last)
        self.dropout = nn.Dropout(0.1)
        self.classifier = nn.Conv2d(last, classes, 1)

    def forward(self, x):
        x = self.head(self.blocks(self.stem(x))).mean((2, 3), keepdim=True)
        return self.classifier(self.dropout(x)).flatten(1)


INPUT_SCALE, INPUT_ZERO_POINT = 2 / 255, 127
"""Quantization of the raw bytes: real = scale * (byte - zero point), about -1 to 1."""


def normalize(pictures: torch.Tensor) -> torch.Tensor:
    """Float network input (n, 3, size, size) from uint8 pictures (n, size, size, 3)."""
    x = (pictures.float() - INPUT_ZERO_POINT) * INPUT_SCALE
    return x.permute(0, 3, 1, 2)  # of NHWC bytes: already channels last in memory


def save_checkpoint(path, network, labels, **more):
    torch.save({"kind": "inlay reader", "width": 0.35, "labels": list(labels), "state": network.state_dict(), **more},
               path)


def load_checkpoint(path) -> tuple[MobileNetV2, list, dict]:
    """The network, its labels, and all that the file holds. Raises ValueError for a file that is none."""
    try:
        data = torch.load(path, map_location="cpu")
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such checkpoint; train one first with the step 'fit'") from None
    except Exception as error:  # torch.load raises whatever the unpickler does
        raise ValueError(f"{path}: not a checkpoint that PyTorch can read ({type(error).__name__})") from None
    if not isinstance(data, dict) or data.get("kind") != "inlay reader":
        found = f"other entries: {', '.join(map(str, list(data)[:4]))}" if isinstance(data, dict) else type(data)
        raise ValueError(f"{path}: expected a checkpoint written by this program, found {found}")
    network = MobileNetV2(len(data["labels"]), data["width"])
    try:
        network.load_state_dict(data["state"])
    except RuntimeError as error:
        raise ValueError(f"{path}: its weights do not fit MobileNetV2 of width {data['width']} with "
                         f"{len(data['labels'])} classes: {str(error).splitlines()[-1].strip()}") from None
    return network, data["labels"], data
