# SPDX-License-Identifier: Apache-2.0
"""Writes what the numpy reference computes for the bundled reader's samples, as golden tensors.

Example:
    make_golden.py build/cortex_m7/tests/cortex_m/reader_golden 2

The number says how many samples, from the first to the last one. For each picture a folder with input.bin, output.bin and layers.sha256, whose lines are
"index operator tensor shape type hash"; tests/golden/compare_layers.py reads them.
"""

import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests" / "reference"), str(ROOT / "tests" / "reader")]

from golden_test import patterns, read_png  # noqa: E402 (found through the lines above)
from interpreter import run  # noqa: E402
from tflite_reader import read_model  # noqa: E402

READER = ROOT / "examples" / "reader"


def pictures(count):
    samples = sorted((READER / "samples").glob("*.png"))
    for i in range(count):
        file = samples[i * (len(samples) - 1) // max(count - 1, 1)]
        yield file.stem, read_png(file)
    yield next(patterns())


def main(to, count="2"):
    model = read_model(READER / "reader.tflite")
    for name, pixels in pictures(int(count)):
        folder = Path(to) / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "input.bin").write_bytes(pixels.tobytes())
        lines = []
        for step in run(model, [pixels]):
            tensor = model.tensors[step.operator.outputs[0]]
            data = step.outputs[0].tobytes()
            shape = "x".join(map(str, tensor.shape))
            lines.append(f"{step.index} {step.operator.code} t{step.operator.outputs[0]} {shape} {tensor.type} "
                         f"{hashlib.sha256(data).hexdigest()}\n")
        (folder / "output.bin").write_bytes(data)
        (folder / "layers.sha256").write_text("".join(lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
