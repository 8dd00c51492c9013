# SPDX-License-Identifier: Apache-2.0
"""Pictures of characters as a camera sees them on plates, labels and displays.

    drawer = Drawer(Atlas(folder, "train"), seed=1)
    pictures, labels = drawer.batch(index=0, count=128, size=96)

A batch is a function of the seed, its index, its count and its size; nothing is stored. Every step works
on the whole batch: three characters of a face are set in a line, the line is seen through a random
perspective, then painted over a background and degraded as in degrading.py.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from classes import CHARACTERS, LABELS
from degrading import Random, degrade, ramp, smooth_noise
from fonts import CAP_HEIGHT, BASELINE, HEIGHT, WIDTH, Atlas

LINE_WIDTH = 3 * WIDTH
SHARES = {96: (0.42, 0.82), 64: (0.55, 0.9)}
"""Height of the character in the picture's, from and to. At 64 pixels it is as large as at 96: so what is
learned there, at less than half of the cost, holds for the full size."""
_NOTHING = len(LABELS) - 1
_PART = 16
"""So many pictures are painted at a time: what fits a core's cache."""
_CENTER = BASELINE - CAP_HEIGHT / 2


class Drawer:
    """Draws batches. nothing is the share of pictures without a character.

    With varied, strokes become a little bolder, lighter or bent, so that training sees more shapes than there
    are fonts.
    """

    def __init__(self, atlas: Atlas, seed: int, nothing: float = 1 / len(LABELS), varied: bool = False):
        self.atlas, self.seed, self.nothing, self.varied = atlas, seed, nothing, varied

    def batch(self, index: int, count: int, size: int):
        """Pictures, uint8 (count, size, size, 3) RGB, and their labels, int64 (count)."""
        rng = np.random.default_rng((self.seed, index))
        labels = rng.integers(0, _NOTHING, count)
        labels[rng.random(count) < self.nothing] = _NOTHING
        lines, ink, kind = self._lines(rng, labels)
        parts = zip(*(torch.from_numpy(values).split(_PART) for values in (lines, ink, kind)))
        pictures = [_paint(Random(int(rng.integers(1 << 62)), len(part[1])), *part, size, self.varied)
                    for part in parts]
        return torch.cat(pictures), torch.from_numpy(labels)

    def _lines(self, rng, labels):
        """One line of up to three glyphs a picture, the width of the middle one, and what kind of nothing it is.

        Kinds: 0 a character, 1 empty, 2 neighbors only, 3 a sign, 4 the edge of a character.
        """
        count = len(labels)
        lines = np.zeros((count, HEIGHT, LINE_WIDTH), np.uint8)
        inks = np.zeros(count, np.float32)
        kinds = np.where(labels == _NOTHING, rng.choice([1, 2, 3, 4], count, p=[0.35, 0.25, 0.2, 0.2]), 0)
        for i, label in enumerate(labels):
            kind = kinds[i]
            glyph = label if kind == 0 else rng.integers(len(CHARACTERS))
            if kind == 3:
                glyph = rng.integers(len(CHARACTERS), self.atlas.ink.shape[1])
            face = self._face(rng, glyph)
            ink = self.atlas.ink[face, glyph]
            inks[i] = max(ink, 12)
            if kind in (0, 3, 4):
                self._set(lines[i], face, glyph, LINE_WIDTH // 2)
            if kind != 1 and (kind == 2 or rng.random() < 0.55):
                for side in (-1, 1):
                    self._neighbor(rng, lines[i], face, side, inks[i] if kind != 2 else WIDTH)
        return lines, inks, kinds

    def _face(self, rng, glyph):
        segmented = self.atlas.segmented
        if rng.random() < 0.15 and len(segmented):
            able = segmented[self.atlas.ink[segmented, glyph] > 0]
            if len(able):
                return rng.choice(able)
        while True:
            face = rng.choice(self.atlas.printed[rng.integers(len(self.atlas.printed))])
            if self.atlas.ink[face, glyph]:
                return face

    def _set(self, line, face, glyph, center):
        left = int(center) - WIDTH // 2
        first, last = max(left, 0), min(left + WIDTH, LINE_WIDTH)
        if first < last:
            part = line[:, first:last]
            np.maximum(part, self.atlas.masks[face, glyph][:, first - left:last - left], out=part)

    def _neighbor(self, rng, line, face, side, ink):
        if rng.random() < 0.15:
            return
        glyph = rng.integers(len(CHARACTERS))
        other = self.atlas.ink[face, glyph]
        if other:
            gap = rng.uniform(6, 16)
            self._set(line, face, glyph, LINE_WIDTH / 2 + side * (ink / 2 + gap + other / 2))


def _view(random, ink, kind, size):
    """Where each pixel looks on the line: (n, size, size, 2), in pixels from the middle character's center."""
    n = random.count
    angle, shear = random.normal(0, 0.13).clamp(-0.35, 0.35), random.normal(0, 0.1).clamp(-0.25, 0.25)
    aspect = random.uniform(0.78, 1.25)
    share = random.uniform(*SHARES.get(size, SHARES[96]))
    share = torch.minimum(share, 0.86 * CAP_HEIGHT / (ink * aspect))
    zoom = CAP_HEIGHT / (2 * share)
    extent = torch.maximum(share, share * ink * aspect / CAP_HEIGHT)
    slack = (0.95 - extent).clamp(0.02, 0.22)
    # The character that is meant covers the picture's center.
    y0 = random.uniform(-1, 1) * slack
    x0 = random.uniform(-1, 1) * torch.minimum(slack, 0.4 * share * ink * aspect / CAP_HEIGHT)
    # The edge of a character: its center lies beyond the border, so that less than half of it shows.
    beyond, side = random.uniform(1.05, 1.25), torch.sign(random.uniform(-1, 1))
    upright = random.uniform(0, 1) < 0.5
    x0 = torch.where((kind == 4) & upright, side * beyond, x0)
    y0 = torch.where((kind == 4) & ~upright, side * beyond, y0)
    axis = (torch.arange(size) + 0.5) * (2 / size) - 1
    x = axis.view(1, 1, size).expand(n, size, size) - x0.view(n, 1, 1)
    y = axis.view(1, size, 1).expand(n, size, size) - y0.view(n, 1, 1)
    cos, sin = torch.cos(angle).view(n, 1, 1), torch.sin(angle).view(n, 1, 1)
    u, v = cos * x + sin * y, cos * y - sin * x
    u = u + shear.view(n, 1, 1) * v
    depth = 1 + random.normal(0, 0.1).clamp(-0.25, 0.25).view(n, 1, 1) * u \
        + random.normal(0, 0.1).clamp(-0.25, 0.25).view(n, 1, 1) * v
    zoom = zoom.view(n, 1, 1)
    return torch.stack([u / depth * zoom / aspect.view(n, 1, 1), v / depth * zoom], 3)


def _bolder_or_lighter(random, lines):
    """Half of the lines with their strokes up to a pixel thicker or thinner on each side; thin ones stay."""
    bold, light = F.max_pool2d(lines, 3, 1, 1), -F.max_pool2d(-lines, 3, 1, 1)
    change = random.sometimes(0.5, -1, 1).view(-1, 1, 1, 1)
    lasts = light.sum((1, 2, 3), keepdim=True) > 0.5 * lines.sum((1, 2, 3), keepdim=True)
    return lines + change.clamp(min=0) * (bold - lines) - (change.clamp(max=0) * lasts) * (light - lines)


def _bent(random, view):
    """The view with smooth displacements of a few pixels of the line."""
    reach = random.sometimes(0.6, 0, 2.2).view(-1, 1, 1, 1)
    moves = F.interpolate(random.tensor_normal(random.count, 2, 5, 5) * reach, size=view.shape[1:3], mode="bilinear",
                          align_corners=True)
    return view + moves.permute(0, 2, 3, 1)


def _look(lines, view):
    """The lines' masks, (n, 1, height, width), seen through a view: (n, 1, size, size) from 0 to 1."""
    size = view.shape[1]
    if size < 64:
        lines = F.avg_pool2d(lines, 2)
    scale = torch.tensor([2 / LINE_WIDTH, 2 / HEIGHT])
    offset = torch.tensor([0.0, (_CENTER - HEIGHT / 2) * 2 / HEIGHT])
    return F.grid_sample(lines, view * scale + offset, align_corners=False)


def _colors(random):
    """Background and ink, (n, 3, 1, 1) each, far enough apart in brightness for a person to read."""
    n = random.count
    contrast = random.uniform(0.36, 0.9)
    dark = random.uniform(0, 1) * (1 - contrast)
    swap = random.uniform(0, 1) < 0.5
    saturation = torch.where(random.uniform(0, 1) < 0.3, torch.zeros(n), random.uniform(0.05, 0.5))
    weights = torch.tensor([0.299, 0.587, 0.114])

    def color(brightness):
        hue = random.tensor_uniform(n, 3) - 0.5
        hue = hue - (hue * weights).sum(1, keepdim=True)
        return (brightness.unsqueeze(1) + hue * saturation.unsqueeze(1)).clamp(0, 1).view(n, 3, 1, 1)

    return (color(torch.where(swap, dark + contrast, dark)), color(torch.where(swap, dark, dark + contrast)),
            contrast.view(n, 1, 1, 1))


def _paint(random, lines, ink, kind, size, varied):
    n = random.count
    view = _view(random, ink, kind, size)
    lines = lines.float().div_(255).unsqueeze(1)
    if varied:
        lines, view = _bolder_or_lighter(random, lines), _bent(random, view)
    mask = _look(lines, view)
    paper, ink_color, contrast = _colors(random)
    picture = paper.expand(n, 3, size, size)
    picture = _plate(random, picture, view, ink)
    picture = picture + _texture(random, size, contrast)
    # Clutter: another picture's line, larger or smaller and faint, behind the text.
    other = _look(lines.roll(1, 0), view.roll(1, 0) * random.uniform(0.4, 2.2).view(n, 1, 1, 1)
                  + random.tensor_uniform(n, 1, 1, 2) * 80 - 40)
    faint = (random.sometimes(0.3, 0.05, 0.18) * (kind == 0)).view(n, 1, 1, 1)
    picture = picture + (ink_color - picture) * other * faint
    # A drop shadow or a glow, from the mask moved by a few pixels.
    moved = F.avg_pool2d(mask, 5, 1, 2).roll((int(random.integer(-2, 3)), int(random.integer(-2, 3))), (2, 3))
    picture = picture + (random.sometimes(0.2, -0.3, 0.3).view(n, 1, 1, 1) * contrast) * moved
    body = ink_color + ramp(random, size) * random.sometimes(0.4, 0.05, 0.25).view(n, 1, 1, 1) * contrast
    picture = picture + (body - picture) * mask * random.uniform(0.85, 1).view(n, 1, 1, 1)
    return degrade(random, picture, contrast)


def _plate(random, picture, view, ink):
    """A plate's or display's edge around the line, and what lies beyond it, in some of the pictures."""
    n = random.count
    shown = (random.uniform(0, 1) < 0.4).view(n, 1, 1)
    high = random.uniform(0.62, 1.1).view(n, 1, 1) * CAP_HEIGHT
    wide = (ink / 2 + 10 + random.uniform(0, 60) ** 1.3).view(n, 1, 1)
    softness = 1.5
    inside = (torch.sigmoid((high - view[..., 1].abs()) / softness)
              * torch.sigmoid((wide - view[..., 0].abs()) / softness))
    border = inside * (1 - torch.sigmoid((high - 5 - view[..., 1].abs()) / softness)
                       * torch.sigmoid((wide - 5 - view[..., 0].abs()) / softness))
    beyond = random.tensor_uniform(n, 3, 1, 1)
    edge = random.tensor_uniform(n, 3, 1, 1)
    outside = ((1 - inside) * shown).unsqueeze(1)
    framed = (shown & (random.uniform(0, 1) < 0.5).view(n, 1, 1)).float()
    picture = picture + (beyond - picture) * outside
    return picture + (edge - picture) * (border * framed).unsqueeze(1)


def _texture(random, size, contrast):
    """Unevenness of the background, weaker than the text."""
    n = random.count
    coarse = smooth_noise(random, 4, size) * random.uniform(0, 0.16).view(n, 1, 1, 1)
    fine = smooth_noise(random, 14, size) * random.sometimes(0.5, 0.0, 0.12).view(n, 1, 1, 1)
    slope = ramp(random, size) * random.uniform(0, 0.5).view(n, 1, 1, 1)
    stripes = torch.sin(ramp(random, size) * random.uniform(6, 40).view(n, 1, 1, 1))
    stripes = stripes * random.sometimes(0.2, 0.03, 0.16).view(n, 1, 1, 1)
    return (coarse + fine + slope + stripes) * contrast
