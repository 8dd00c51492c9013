# SPDX-License-Identifier: Apache-2.0
"""Characters of seven-segment displays, drawn as polygons in several styles."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

STYLES = 16

SHAPES = {
    "0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd", "6": "afgedc", "7": "abc",
    "8": "abcdefg", "9": "abcdfg", "A": "abcefg", "C": "adef", "E": "adefg", "F": "aefg", "H": "bcefg",
    "J": "bcde", "L": "def", "P": "abefg", "U": "bcdef",
}
"""Lit segments: a top, b and c right, d bottom, e and f left, g middle. Only characters that no other one
looks like: B, D, S and Z would be 8, 0, 5 and 2."""

_SCALE = 4


def glyphs(style, characters, size, height, baseline):
    """uint8 masks (characters, *size) of one style, empty for what seven segments cannot show."""
    rng = np.random.default_rng((77, style))
    width = height * rng.uniform(0.42, 0.62)
    thickness = height * rng.uniform(0.08, 0.17)
    gap = height * rng.uniform(0.0, 0.025)
    slant = rng.choice([0.0, rng.uniform(0.05, 0.16)])
    pointed = rng.random() < 0.6
    shapes = dict(SHAPES)
    shapes["6"] = shapes["6"] if rng.random() < 0.7 else "cdefg"
    shapes["7"] = shapes["7"] if rng.random() < 0.6 else "abcf"
    shapes["9"] = shapes["9"] if rng.random() < 0.7 else "abcfg"
    masks = np.zeros((len(characters), *size), np.uint8)
    for i, character in enumerate(characters):
        if character in shapes:
            masks[i] = _draw(shapes[character], size, width, height, baseline, thickness, gap, slant, pointed)
    return masks


def _draw(lit, size, width, height, baseline, thickness, gap, slant, pointed):
    image = Image.new("L", (size[1] * _SCALE, size[0] * _SCALE))
    draw = ImageDraw.Draw(image)
    half, h = thickness / 2, height / 2
    right, bottom = width - half, height - half
    ends = {"a": ((half, half), (right, half)), "g": ((half, h), (right, h)), "d": ((half, bottom), (right, bottom)),
            "f": ((half, half), (half, h)), "b": ((right, half), (right, h)),
            "e": ((half, h), (half, bottom)), "c": ((right, h), (right, bottom))}
    for segment in lit:
        (x0, y0), (x1, y1) = ends[segment]
        along = np.array([x1 - x0, y1 - y0])
        along = along / np.hypot(*along)
        across = np.array([-along[1], along[0]]) * half
        start, end = np.array([x0, y0]) + along * gap, np.array([x1, y1]) - along * gap
        inset = along * half
        if pointed:
            outline = [start, start + inset + across, end - inset + across, end, end - inset - across,
                       start + inset - across]
        else:
            outline = [start + inset * 0.6 + across, end - inset * 0.6 + across, end - inset * 0.6 - across,
                       start + inset * 0.6 - across]
        draw.polygon([_place(p, width, height, baseline, slant, size) for p in outline], fill=255)
    # Center the ink as the atlas wants it: a lone "1" stands at the right of its cell.
    mask = np.asarray(image.resize((size[1], size[0]), Image.BOX))
    columns = np.flatnonzero(mask.max(axis=0) > 127)
    return np.roll(mask, size[1] // 2 - (columns[0] + columns[-1] + 1) // 2, axis=1)


def _place(point, width, height, baseline, slant, size):
    x = size[1] / 2 - width / 2 + point[0] + slant * (height / 2 - point[1])
    y = baseline - height + point[1]
    return x * _SCALE, y * _SCALE
