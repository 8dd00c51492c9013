#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the code blocks of Markdown files to a folder, one file a block.

Usage: extract.py OUT_DIR FILE.md...
Example: extract.py build/snippets README.md docs/tutorial.md

A block's file is named after the document, its number and its language: tutorial_3.cpp. What is
the same as before is not written again, so that a build sees no change.
"""

import pathlib
import re
import sys

SUFFIXES = {"cpp": "cpp", "cmake": "cmake", "sh": "sh"}


def blocks(text):
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def main(out_dir, documents):
    out = pathlib.Path(out_dir)
    out.mkdir(parents=True, exist_ok=True)
    for document in map(pathlib.Path, documents):
        for number, (language, code) in enumerate(blocks(document.read_text()), 1):
            if language not in SUFFIXES:
                continue
            path = out / f"{document.stem.lower()}_{number}.{SUFFIXES[language]}"
            if not path.exists() or path.read_text() != code:
                path.write_text(code)
            print(path)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
