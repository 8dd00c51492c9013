# SPDX-License-Identifier: Apache-2.0
"""Arm Ethos-U55 and U65: what the compiler writes for each NPU, memory, estimated cycles, compile time."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from driver import options
from driver.compiling import MODEL, compile_measured, write_header
from driver.records import Record, progress
from driver.setup import ROOT, require_build

NPUS = {"Ethos-U55-32": "ethos_u55<32>", "Ethos-U55-64": "ethos_u55<64>", "Ethos-U55-128": "ethos_u55<128>",
        "Ethos-U55-256": "ethos_u55<256>", "Ethos-U65-256": "ethos_u65<256>", "Ethos-U65-512": "ethos_u65<512>"}
# The name of a set: whether there are cascades, and where the constants are.
SETS = {"plain": ("false", "flash"), "cascaded": ("true", "flash"),
        "plain_sram": ("false", "sram"), "cascaded_sram": ("true", "sram")}


def measure(models: list[Path], build: Path) -> Iterator[Record]:
    compiler = require_build()
    reader = ROOT / "examples" / "reader" / "reader.tflite"
    models = [*models, *([] if reader in models else [reader])]
    wanted = chosen()
    for model in models:
        folder = build / "ethos_u" / model.stem
        write_header(model, folder)
        for npu, target in wanted.items():
            for name in (*SETS, *(["limited"] if options.ARENA_LIMIT else [])):
                for metric, value, unit in of_program(compiler, folder, target, name):
                    yield Record("ethos_u", npu, model.stem, f"{metric}.{name}", value, unit)


def chosen() -> dict[str, str]:
    unknown = [name for name in options.NPUS if name not in map(str.lower, NPUS)]
    if unknown:
        raise SystemExit(f"error: expected --npu out of {', '.join(map(str.lower, NPUS))}; found {', '.join(unknown)}")
    return {npu: target for npu, target in NPUS.items() if not options.NPUS or npu.lower() in options.NPUS}


def of_program(compiler: str, folder: Path, target: str, name: str) -> Iterator[tuple[str, float, str]]:
    cascades, constants = SETS["cascaded" if name == "limited" else name]
    progress(f"compiling {folder.name} for {target}, {name}")
    program = folder / f"{target.strip('>').replace('<', '_')}_{name}"
    made = compile_measured([compiler, "-std=c++20", "-O1", "-I", ROOT / "include", "-isystem", folder,
                             f"-DINLAY_MODEL_HEADER=<models/{MODEL}.hpp>", f"-DINLAY_MODEL=models::{MODEL}",
                             f"-DINLAY_NPU={target}", f"-DINLAY_CASCADES={cascades}",
                             f"-DINLAY_CONSTANTS={constants}",
                             *(["-DINLAY_COMPRESSES"] if name == "plain" else []),
                             *([f"-DINLAY_ARENA_LIMIT={options.ARENA_LIMIT}"] if name == "limited" else []),
                             ROOT / "bench" / "ethos_u" / "report_main.cpp"], program)
    for line in subprocess.run([program], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines():
        metric, value, unit = line.split()
        yield metric, int(value), unit
    yield "compile_s", made.seconds, "s"
    yield "compile_mb", made.megabytes, "MB"
