# SPDX-License-Identifier: Apache-2.0
"""Writes the test models, or with --broken the files that a reader must refuse.

Example:
    python3 make_models.py build/models
    python3 make_models.py --broken build/broken_models

Per model: NAME.tflite, NAME.input.bin, NAME.NNN.bin (the output of operator NNN as the numpy interpreter
computes it, raw little-endian) and NAME.json (what each of these is). Per broken file: NAME.tflite and
NAME.txt, one line that says what is wrong. Both are the same on every run.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import broken_models
import corpus
from interpreter import run
from tflite_reader import from_bytes
from tflite_writer import to_bytes


def write_corpus(folder: Path) -> int:
    for name, (function, _) in corpus.CORPUS.items():
        model, value = corpus.build(name)
        file = to_bytes(model)
        model = from_bytes(file)
        (folder / f"{name}.tflite").write_bytes(file)
        (folder / f"{name}.input.bin").write_bytes(value.tobytes())
        operators = []
        for step in run(model, [value]):
            (folder / f"{name}.{step.index:03}.bin").write_bytes(step.outputs[0].tobytes())
            tensor = step.operator.outputs[0]
            operators.append({"index": step.index, "operator": step.operator.code, "tensor": tensor,
                              "shape": list(model.tensors[tensor].shape), "type": model.tensors[tensor].type,
                              "file": f"{name}.{step.index:03}.bin"})
        source = model.tensors[model.inputs[0]]
        (folder / f"{name}.json").write_text(json.dumps({
            "purpose": " ".join(function.__doc__.split()),
            "input": {"tensor": model.inputs[0], "shape": list(source.shape), "type": source.type,
                      "file": f"{name}.input.bin"},
            "operators": operators,
            "outputs": model.outputs,
        }, indent=1) + "\n")
    return len(corpus.CORPUS)


def write_broken(folder: Path) -> int:
    for name, (file, reason) in broken_models.all_files().items():
        (folder / f"{name}.tflite").write_bytes(file)
        (folder / f"{name}.txt").write_text(reason + "\n")
    return len(broken_models.CASES)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where to write; made if missing")
    parser.add_argument("--broken", action="store_true", help="write the files that must be refused instead")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    count = (write_broken if arguments.broken else write_corpus)(arguments.folder)
    print(f"{count} {'broken files' if arguments.broken else 'models'} in {arguments.folder}")


if __name__ == "__main__":
    main()
