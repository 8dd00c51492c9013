# SPDX-License-Identifier: Apache-2.0
"""What lens, light and dirt do to a picture; and the seeded random numbers of a batch."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F


class Random:
    """Seeded random numbers, one per picture of a batch unless a shape is given."""

    def __init__(self, seed: int, count: int):
        self.generator, self.count = torch.Generator().manual_seed(seed), count

    def tensor_uniform(self, *shape):
        return torch.rand(*shape, generator=self.generator)

    def tensor_normal(self, *shape):
        return torch.randn(*shape, generator=self.generator)

    def uniform(self, low, high):
        return low + (high - low) * self.tensor_uniform(self.count)

    def normal(self, mean, deviation):
        return mean + deviation * self.tensor_normal(self.count)

    def sometimes(self, share, low, high):
        """Uniform in a share of the pictures, 0 in the others."""
        return torch.where(self.uniform(0, 1) < share, self.uniform(low, high), torch.zeros(self.count))

    def integer(self, low, high):
        """One number for the whole batch, below high."""
        return int(torch.randint(low, high, (1,), generator=self.generator))


def ramp(random, size):
    """A slope in a random direction, from about -1 to 1: (n, 1, size, size)."""
    n = random.count
    angle = random.uniform(0, 2 * math.pi).view(n, 1, 1)
    axis = (torch.arange(size) + 0.5) * (2 / size) - 1
    return (torch.cos(angle) * axis.view(1, 1, size) + torch.sin(angle) * axis.view(1, size, 1)).unsqueeze(1)


def smooth_noise(random, cells, size):
    """Noise of a few cells across the picture, one per color: (n, 3, size, size)."""
    gray = random.tensor_normal(random.count, 1, cells, cells)
    color = random.tensor_normal(random.count, 3, cells, cells) * 0.4
    return F.interpolate(gray + color, size=(size, size), mode="bilinear", align_corners=False)


def degrade(random, picture, contrast):
    """uint8 pictures (n, size, size, 3) from float ones (n, 3, size, size) between 0 and 1."""
    n, _, size, _ = picture.shape

    def each(values):
        return values.view(n, 1, 1, 1)

    picture = _occlude(random, picture)
    shade = 1 - each(random.sometimes(0.25, 0.2, 0.45)) * torch.sigmoid(
        (ramp(random, size) + each(random.uniform(-0.8, 0.8))) * each(random.uniform(4, 40)))
    picture = picture * shade * (1 + each(random.uniform(0, 0.3)) * ramp(random, size))
    picture = picture + each(random.sometimes(0.2, 0.1, 0.45)) * _blob(random, size, 0.15, 0.6)
    picture = picture.clamp(0.001, 1) ** each(random.uniform(0.65, 1.5))
    picture = _blur(random, picture)
    picture = _coarsen(random, picture)
    strength = each(random.uniform(0, 0.12) ** 1.2) * contrast.clamp(min=0.35)
    noise = random.tensor_normal(n, 1, size, size) + 0.5 * random.tensor_normal(n, 3, size, size)
    picture = picture + strength * noise
    return (picture.clamp(0, 1) * 255).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous()


def _blob(random, size, small, large, reach=1.0):
    """A soft spot, 1 at its center: (n, 1, size, size)."""
    n = random.count
    axis = (torch.arange(size) + 0.5) * (2 / size) - 1
    x = axis.view(1, 1, 1, size) - random.uniform(-reach, reach).view(n, 1, 1, 1)
    y = axis.view(1, 1, size, 1) - random.uniform(-reach, reach).view(n, 1, 1, 1)
    radius = random.uniform(small, large).view(n, 1, 1, 1)
    return torch.exp(-(x * x + y * y) / (radius * radius))


def _occlude(random, picture):
    """A thin bar across a fifth of the pictures, a small spot on another quarter."""
    n, _, size, _ = picture.shape
    across = ramp(random, size) - random.uniform(-0.9, 0.9).view(n, 1, 1, 1)
    bar = torch.sigmoid((random.uniform(0.015, 0.04).view(n, 1, 1, 1) - across.abs()) * 60)
    bar = bar * random.sometimes(0.2, 0.5, 1).view(n, 1, 1, 1)
    picture = picture + (random.tensor_uniform(n, 3, 1, 1) - picture) * bar
    spot = torch.sigmoid((_blob(random, size, 0.05, 0.16) - 0.4) * 12)
    spot = spot * random.sometimes(0.25, 0.5, 1).view(n, 1, 1, 1)
    return picture + (random.tensor_uniform(n, 3, 1, 1) - picture) * spot


def _blur(random, picture):
    """A Gaussian of its own for each picture: out of focus where round, motion where long."""
    n, _, size, _ = picture.shape
    reach = max(2, round(3 * size / 96))
    narrow = random.uniform(0.2, 1.15) * (size / 96)
    long = narrow + random.sometimes(0.3, 0.3, 1.8) * (size / 96)
    angle = random.uniform(0, math.pi)
    axis = torch.arange(-reach, reach + 1, dtype=torch.float32)
    x, y = axis.view(1, 1, -1), axis.view(1, -1, 1)
    cos, sin = torch.cos(angle).view(n, 1, 1), torch.sin(angle).view(n, 1, 1)
    u, v = cos * x + sin * y, cos * y - sin * x
    kernel = torch.exp(-0.5 * ((u / long.view(n, 1, 1)) ** 2 + (v / narrow.view(n, 1, 1).clamp(min=0.2)) ** 2))
    kernel = kernel / kernel.sum((1, 2), keepdim=True)
    weights = kernel.view(n, 1, 2 * reach + 1, 2 * reach + 1).repeat_interleave(3, 0)
    padded = F.pad(picture, (reach,) * 4, mode="replicate").view(1, 3 * n, size + 2 * reach, size + 2 * reach)
    return F.conv2d(padded, weights, groups=3 * n).view(n, 3, size, size)


def _coarsen(random, picture):
    """Half of the batch goes through a smaller size, as from a small crop: 40 to 90 % of it."""
    size = picture.shape[2]
    result = picture.clone()
    for start in (0, 1):
        smaller = random.integer(round(0.4 * size), round(0.9 * size))
        part = F.interpolate(picture[start::4], size=(smaller, smaller), mode="area")
        result[start::4] = F.interpolate(part, size=(size, size), mode="bilinear", align_corners=False)
    return result
