# SPDX-License-Identifier: Apache-2.0
"""Fonts of Debian packages, each glyph drawn once into an atlas of masks.

The split into training and test is by package, and so by family: no family is on both sides.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import segments
from classes import CHARACTERS, SYMBOLS
from packages import PACKAGES, files_of, missing_packages

HEIGHT, WIDTH, CAP_HEIGHT, BASELINE = 80, 96, 56, 64
"""A mask's size, the height of its capitals and the row that they stand on, in pixels."""
FACES_PER_FAMILY = 8
_EXCLUDED = ("math", "symbol", "chorus", "dseg14", "dsegweather", "initials", "outline", "tiresiaskey", "dingbat",
             "display o", "signs", "arrows", "keyboard", "keyfont", "cupola", "unifur")
_GLYPHS = CHARACTERS + SYMBOLS


class Atlas:
    """Masks of every glyph of some faces.

    masks is uint8 (faces, glyphs, HEIGHT, WIDTH), the ink centered from left to right; ink is its width in
    pixels, 0 where the face lacks the glyph; families has one list of faces per family. The families whose
    name starts with "segments" show seven segments.
    """

    def __init__(self, folder: Path, split: str):
        self.masks = np.load(folder / f"{split}_masks.npy", mmap_mode="r")
        self.ink = np.load(folder / f"{split}_ink.npy")
        self.names = json.loads((folder / f"{split}_faces.json").read_text())
        families = {}
        for face, (family, _) in enumerate(self.names):
            families.setdefault(family, []).append(face)
        self.families = families
        segmented = [f for name, faces in families.items() if name.startswith("segments") for f in faces]
        self.segmented = np.array(segmented, np.int64)
        self.printed = [np.array(f) for name, f in families.items() if not name.startswith("segments")]


def build(folder: Path) -> None:
    """Draws the atlases of both splits into the folder; raises FileNotFoundError where packages are missing."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = missing_packages()
    if missing:
        raise FileNotFoundError("font packages are missing; install them: apt-get install "
                                "--no-install-recommends " + " ".join(missing))
    for split, packages in PACKAGES.items():
        faces = _choose(packages)
        drawn = [(name, _draw(path, name)) for name, path in faces]
        drawn = [(name, masks) for name, masks in drawn if masks is not None]
        if split == "train":
            drawn += [(("segments", f"style {i}"), segments.glyphs(i, _GLYPHS, (HEIGHT, WIDTH), CAP_HEIGHT, BASELINE))
                      for i in range(segments.STYLES)]
        masks = np.stack([masks for _, masks in drawn])
        np.save(folder / f"{split}_masks.npy", masks)
        columns = masks.max(axis=2) > 127
        np.save(folder / f"{split}_ink.npy", columns.sum(axis=2).astype(np.int32))
        (folder / f"{split}_faces.json").write_text(json.dumps([name for name, _ in drawn]))
        print(f"{split}: {len(drawn)} faces of {len({name[0] for name, _ in drawn})} families", flush=True)


def _choose(packages):
    """(family, style) and path of at most FACES_PER_FAMILY faces a family, in an order that never changes."""
    families = {}
    for path in sorted(p for package in packages for p in files_of(package)):
        family, style = ImageFont.truetype(path, 16).getname()
        name = f"{family} {style} {path}".lower()
        if any(word in name for word in _EXCLUDED):
            continue
        if "DSEG7" in family:
            family = "segments DSEG7"
        families.setdefault(family, {}).setdefault((family, f"{Path(path).stem} {style}"), path)
    chosen = []
    for family in sorted(families):
        faces = sorted(families[family].items(), key=lambda face: hashlib.sha256(str(face[0]).encode()).digest())
        chosen += sorted(faces[:FACES_PER_FAMILY])
    return chosen


def _draw(path, name):
    """The face's masks, or None where it lacks a character."""
    segmented = name[0].startswith("segments")
    font = ImageFont.truetype(path, 100)
    left, top, right, bottom = font.getbbox("8", anchor="ls")
    if right <= left or bottom <= top:
        return None
    capital = font.getbbox("8" if segmented else "H", anchor="ls")
    font = ImageFont.truetype(path, max(8, round(100 * CAP_HEIGHT / max(1, -capital[1]))))
    unknown = _glyph(font, "\U0010fffd")
    masks = np.zeros((len(_GLYPHS), HEIGHT, WIDTH), np.uint8)
    for i, character in enumerate(_GLYPHS):
        mask = _glyph(font, character)
        if segmented and character not in "0123456789AEFJLP":
            continue  # the font's C, H and U are small letters
        if mask is None or (unknown is not None and np.array_equal(mask, unknown)):
            if character in CHARACTERS:
                return None
            continue
        masks[i] = mask
    return masks


def _glyph(font, character):
    left, top, right, bottom = font.getbbox(character, anchor="ls")
    if right <= left or bottom <= top or right - left > 3 * WIDTH:
        return None
    image = Image.new("L", (4 * WIDTH, HEIGHT))
    ImageDraw.Draw(image).text((WIDTH - left, BASELINE), character, fill=255, font=font, anchor="ls")
    mask = np.asarray(image)
    columns = np.flatnonzero(mask.max(axis=0) > 127)
    if not len(columns):
        return None
    first, last = columns[0], columns[-1] + 1
    if last - first > WIDTH - 2:
        narrow = image.crop((first, 0, last, HEIGHT)).resize((WIDTH - 2, HEIGHT), Image.BILINEAR)
        mask, first, last = np.asarray(narrow), 0, WIDTH - 2
    result = np.zeros((HEIGHT, WIDTH), np.uint8)
    at = (WIDTH - (last - first)) // 2
    result[:, at:at + last - first] = mask[:, first:last]
    return result
