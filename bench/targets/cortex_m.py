# SPDX-License-Identifier: Apache-2.0
"""Boards with Cortex-M3, M4, M7 and M55 under QEMU: instructions, memory."""

from __future__ import annotations

import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from driver.records import Record, progress
from driver.setup import ROOT, shell

BOARDS = {"mps2-an385": "m3", "mps2-an386": "m4", "mps2-an500": "m7", "mps3-an547": "m55"}
CLASSES = ("pointwise", "depthwise", "convolution", "fully_connected")
CMSIS_NN = {
    "1x1 56x56x24->144": {"m3": 4.027, "m7": 3.262, "m55": 0.816},
    "1x1 14x14x96->576": {"m3": 2.899, "m7": 1.827, "m55": 0.318},
    "1x1 14x14x576->96": {"m3": 2.579, "m7": 1.476, "m55": 0.196},
    "1x1 7x7x320->1280": {"m3": 2.698, "m7": 1.589, "m55": 0.219},
    "dw 112x112x32->32": {"m3": 10.20, "m7": 8.86, "m55": 2.69},
    "dw 28x28x192->192": {"m3": 9.82, "m7": 8.47, "m55": 2.19},
    "dw 14x14x576->576": {"m3": 9.54, "m7": 8.27, "m55": 2.16},
    "conv 224x224x3->32": {"m3": 4.74, "m7": 4.18, "m55": 1.04},
}
"""Instructions per multiply-accumulate of CMSIS-NN (2026-07, gcc 12 -O3) for layers of MobileNetV2 1.0 224."""
CMSIS_NN_WHOLE = {"m3": 3.61, "m7": 2.566, "m55": 0.541}
"""The same for all its convolutions."""
KINDS = {"pointwise": "1x1", "fully_connected": "1x1", "depthwise": "dw", "convolution": "conv"}


def measure(models: list[Path], build: Path) -> Iterator[Record]:
    shell('require "$cortex_m_requirements" >&2')
    reader = ROOT / "examples" / "reader" / "reader.tflite"
    models = [*models, *([] if reader in models else [reader])]
    for board, core in BOARDS.items():
        tree = build_programs(board, core, models, build)
        for model in models:
            progress("running", model.stem, "on", board)
            for metric, value, unit in of_model(board, core, tree, model.stem):
                yield Record("cortex_m", f"Cortex-{core.upper()} ({board})", model.stem, metric, value, unit)


def build_programs(board: str, core: str, models: list[Path], build: Path) -> Path:
    tree = build / "cortex_m" / board
    progress("building for", board)
    subprocess.run(["cmake", "-S", ROOT, "-B", tree, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                    "-DCMAKE_CXX_FLAGS_RELEASE=-O2", f"-DINLAY_BOARD={board}",
                    f"-DCMAKE_TOOLCHAIN_FILE={ROOT}/targets/cortex_m/toolchain.cmake",
                    f"-DINLAY_HOST_CXX={shell('find_gcc')}", "-DINLAY_BENCH_MODELS=" + ";".join(map(str, models)),
                    "-DINLAY_BUILD_TESTS=OFF", "-DINLAY_BUILD_EXAMPLES=OFF"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", tree, "--parallel", os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL", "2")],
                   check=True, stdout=2)
    return tree


def run(board: str, tree: Path, program: str) -> tuple[list[int], str]:
    """The instructions of each region, and what else was printed."""
    plugin = tree / "targets" / "emulation" / "libcount_instructions.so"
    printed = subprocess.run([ROOT / "targets" / "cortex_m" / "emulate", "--count", plugin, board,
                              tree / "bench" / "cortex_m" / f"{program}.elf"], check=True, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True).stdout
    return [int(count) for count in re.findall(r"^region \d+ (\d+)$", printed, re.M)], printed


def of_model(board: str, core: str, tree: Path, model: str) -> Iterator[tuple[str, float, str]]:
    for file in sorted((tree / "bench" / "cortex_m").glob(f"{model}_*.elf")):
        variant = file.stem.removeprefix(f"{model}_")
        counts, printed = run(board, tree, f"{model}_{variant}")
        if variant == "layers":
            yield from of_layers(core, printed, "mobilenet_v2_1.0_224" in model)
        else:
            yield f"{variant}_instructions", counts[0], "1"
            for name, size in re.findall(r"^bytes (\w+) (\d+)$", printed, re.M):
                yield f"{variant}_{name}_bytes", int(size), "B"


def of_layers(core: str, printed: str, has_anchors: bool) -> Iterator[tuple[str, float, str]]:
    layers, count = [], None
    for line in printed.splitlines():
        if match := re.fullmatch(r"region \d+ (\d+)", line):
            count = int(match[1])
        elif match := re.fullmatch(r"layer (\w+) (\w+) (\S+) (\d+)", line):
            if count is None:
                raise SystemExit(f"error: expected a count before {line}")
            layers.append((match[1], match[2], match[3], int(match[4]), count))
            count = None
    taken, macs, first = defaultdict(int), defaultdict(int), {}
    for kind, operator, shapes, products, count in layers:
        taken[kind] += count
        macs[kind] += products
        if kind == "other":
            taken[operator] += count
        else:
            first.setdefault(f"{KINDS[kind]} {shapes}", count / products)
    products = sum(macs[kind] for kind in CLASSES)
    yield "macs", products, "1"
    yield "convolutions", sum(taken[kind] for kind in CLASSES) / products, "insns/MAC"
    if has_anchors and core in CMSIS_NN_WHOLE:
        yield "convolutions, CMSIS-NN", CMSIS_NN_WHOLE[core], "insns/MAC"
    for kind in CLASSES:
        if macs[kind]:
            yield kind, taken[kind] / macs[kind], "insns/MAC"
    for operator in sorted(name for name in taken if name.isupper()):
        yield operator.lower(), taken[operator], "insns"
    if has_anchors:
        for layer, anchors in CMSIS_NN.items():
            if layer in first and core in anchors:
                yield layer, first[layer], "insns/MAC"
                yield f"{layer}, CMSIS-NN", anchors[core], "insns/MAC"
