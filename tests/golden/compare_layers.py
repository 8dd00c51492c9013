# SPDX-License-Identifier: Apache-2.0
"""Runs a real classifier on golden inputs and compares every layer's SHA-256 and the output.

Example:
    compare_layers.py ../shared/golden/tf2_mobilenet_v2_1.0_224_ptq build/tests/golden/golden_int8_layers

The program may be an emulator's command line of several words, or take arguments before the files. Its
status 77 says that it cannot run here, and so does ours.

The folder holds one folder per picture: input.bin, output.bin and layers.sha256, whose lines are
"index operator tensor shape type hash".
"""

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path


def expected_hashes(file):
    lines = [line.split() for line in file.read_text().splitlines() if not line.startswith("#")]
    return {int(fields[0]): (f"{fields[1]} {fields[3]}", fields[5]) for fields in lines}


def mistakes(picture, made):
    expected = expected_hashes(picture / "layers.sha256")
    for index, (layer, digest) in expected.items():
        file = made / f"{index:03}.bin"
        if not file.exists():
            yield f"layer {index} ({layer}) was not written"
        elif hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            yield f"layer {index} ({layer}) differs"
    if len(list(made.glob("[0-9]*.bin"))) != len(expected):
        yield f"expected {len(expected)} layers"
    if (made / "output.bin").read_bytes() != (picture / "output.bin").read_bytes():
        yield "the output differs"


def main(golden, *program):
    pictures = sorted(path for path in Path(golden).iterdir() if (path / "input.bin").exists())
    wrong = 0 if pictures else 1
    with tempfile.TemporaryDirectory() as folder:
        made = [Path(folder) / picture.name for picture in pictures]
        arguments = [*program]
        for picture, to in zip(pictures, made):
            to.mkdir()
            arguments += [picture / "input.bin", to]
        status = subprocess.run(arguments, check=False).returncode
        if status != 0:
            return status if status == 77 else f"the program ended with status {status}"
        for picture, to in zip(pictures, made):
            found = list(mistakes(picture, to))
            wrong += len(found)
            print(f"{picture.name}: {found or 'every layer and the output are equal'}")
    return f"{wrong} mistakes in {len(pictures)} pictures" if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
