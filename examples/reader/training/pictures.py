# SPDX-License-Identifier: Apache-2.0
"""A user's own pictures: a folder with one sub-folder a class. And the simplest PNG writer."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import torch
from PIL import Image

TYPES = (".bmp", ".jpeg", ".jpg", ".png", ".webp")


def load_folder(folder: Path, size: int = 96):
    """Pictures uint8 (n, size, size, 3), class numbers int64 (n), and the classes' names in order.

    A picture is scaled to size x size as a whole. Raises ValueError, naming folder or file, where a class
    has no pictures or a picture cannot be read.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder}: expected a folder with one sub-folder a class, found none there")
    classes = sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
    if len(classes) < 2:
        raise ValueError(f"{folder}: expected at least 2 sub-folders, one a class, found {len(classes)}; put the "
                         f"pictures of each class into a folder of its name, as in {folder}/cat/1.png")
    pictures, labels = [], []
    for number, of_class in enumerate(classes):
        files = sorted(p for p in of_class.iterdir() if p.suffix.lower() in TYPES)
        if not files:
            raise ValueError(f"{of_class}: expected pictures of the class '{of_class.name}' ({', '.join(TYPES)}), "
                             "found none; add some, or delete the folder")
        for file in files:
            pictures.append(_load(file, size))
            labels.append(number)
    return torch.from_numpy(np.stack(pictures)), torch.tensor(labels), [p.name for p in classes]


def _load(file, size):
    try:
        with Image.open(file) as image:
            return np.asarray(image.convert("RGB").resize((size, size), Image.BILINEAR))
    except (OSError, ValueError, SyntaxError) as error:  # what Pillow's decoders raise
        raise ValueError(f"{file}: expected a picture, found a file that cannot be decoded ({error}); "
                         "replace or delete it") from None


def png_bytes(pixels: np.ndarray) -> bytes:
    """A PNG of uint8 pixels (height, width, 3) whose rows are stored as they are (filter 0)."""
    height, width, _ = pixels.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], 1).tobytes()

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9))
            + chunk(b"IEND", b""))
