# SPDX-License-Identifier: Apache-2.0
"""Writes a PNG's pixels as bytes: rows of red, green and blue.

Example:
    picture_bytes.py examples/reader/samples/T.png T.rgb

It reads 8-bit RGB without interlacing, which is how the reader's samples are stored.
"""

import struct
import sys
import zlib
from pathlib import Path


def pixels(data):
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("expected a PNG")
    at, compressed = 8, b""
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        chunk = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, color, _, _, interlaced = struct.unpack(">IIBBBBB", chunk)
            if (depth, color, interlaced) != (8, 2, 0):
                raise ValueError("expected 8-bit RGB without interlacing")
        compressed += chunk if kind == b"IDAT" else b""
        at += 12 + length
    raw, stride, rows = zlib.decompress(compressed), 3 * width, []
    for y in range(height):
        kind, *row = raw[y * (stride + 1):(y + 1) * (stride + 1)]
        unfilter(kind, row, rows[-1] if rows else bytes(stride))
        rows.append(bytes(row))
    return b"".join(rows)


def unfilter(kind, row, above):
    for i, value in enumerate(row):
        left, corner = (row[i - 3], above[i - 3]) if i >= 3 else (0, 0)
        guess = (0, left, above[i], (left + above[i]) // 2, paeth(left, above[i], corner))[kind]
        row[i] = (value + guess) & 255


def paeth(left, above, corner):
    guess = left + above - corner
    return min((left, above, corner), key=lambda each: abs(guess - each))


if __name__ == "__main__":
    picture, to = map(Path, sys.argv[1:])
    to.write_bytes(pixels(picture.read_bytes()))
