# SPDX-License-Identifier: Apache-2.0
"""Which model files are measured."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from driver import setup
from driver.records import progress
from driver.setup import ROOT

REAL = ("tf2_mobilenet_v2_1.0_224_ptq", "mobilenet_v2_1.0_224_quant")
SMALL = "tiny_mobilenet_v2_int8"


def choose(named: list[Path], build: Path) -> list[Path]:
    """The named files; else the real models of INLAY_SHARED; else a small made-up one."""
    if named:
        for file in named:
            if not file.is_file():
                raise SystemExit(f"error: expected a .tflite file, found no file at {file}. Check --model.")
        if len({file.stem for file in named}) < len(named):
            raise SystemExit("error: expected models of different names, found two of the same. Rename one, or "
                             "measure them one after the other.")
        return [file.resolve() for file in named]
    shared = Path(os.environ.get("INLAY_SHARED") or ROOT.parent / "shared")
    real = [file for name in REAL if (file := shared / "models" / f"{name}.tflite").is_file()]
    return [file.resolve() for file in real] or [small_model(build)]


def small_model(build: Path) -> Path:
    progress(f"note: no real model in INLAY_SHARED (looked for {REAL[0]}.tflite); measuring the small test model "
             f"{SMALL}. Name another with --model FILE.")
    setup.require("python3-numpy python numpy", "python3-flatbuffers python flatbuffers")
    folder = build / "models"
    script = ROOT / "tests" / "reference" / "make_models.py"
    # Not whatever python3 comes first: numpy is installed for the system's.
    subprocess.run(["/usr/bin/python3", script, folder], check=True, stdout=subprocess.DEVNULL)
    return (folder / f"{SMALL}.tflite").resolve()
