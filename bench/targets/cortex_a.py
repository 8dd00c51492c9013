# SPDX-License-Identifier: Apache-2.0
"""Linux on AArch64 and ARMv7 under QEMU: instructions of each kernel set."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from cortex_a import loops
from driver import options
from driver.records import Record, progress
from driver.setup import ROOT, shell

SETS = {"neon": ("aarch64", "cortex-a53"), "dotprod": ("aarch64", "neoverse-n1"), "i8mm": ("aarch64", "max"),
        "armv7": ("armv7", "cortex-a7")}
"""Kernel set: build, and a processor that has no more than it needs."""
XNNPACK = {"neon": 110.7e6, "dotprod": 49.2e6, "i8mm": 44.0e6}
"""Instructions of XNNPACK (2026-08, clang 19) for MobileNetV2 1.0 224 without QUANTIZE and SOFTMAX."""
XNNPACK_CLASSES = {
    "pointwise": {"neon": 84.4e6, "dotprod": 29.9e6, "i8mm": 23.8e6},
    "depthwise": {"neon": 15.2e6, "dotprod": 15.2e6, "i8mm": 15.2e6},
    "convolution": {"neon": 13.1e6, "dotprod": 3.3e6, "i8mm": 4.2e6},
    "fully_connected": {"neon": 0.4e6, "dotprod": 0.17e6, "i8mm": 0.15e6},
    "add": {"neon": 0.5e6, "dotprod": 0.5e6, "i8mm": 0.5e6},
    "mean": {"neon": 0.03e6, "dotprod": 0.03e6, "i8mm": 0.03e6},
}
"""The same by classes of layers."""


def measure(models: list[Path], build: Path) -> Iterator[Record]:
    if options.MCA:
        yield from loops.estimate(build / "cortex_a")
        return
    shell('require "$cortex_a_requirements" >&2')
    trees = {name: build_programs(name, models, build) for name in dict.fromkeys(name for name, _ in SETS.values())}
    for kernels, (name, processor) in SETS.items():
        for model in models:
            progress("running", model.stem, "with", kernels, "on", processor)
            for metric, value, unit in of_model(trees[name], name, processor, kernels, model.stem):
                yield Record("cortex_a", f"{kernels} ({processor})", model.stem, metric, value, unit)


def build_programs(name: str, models: list[Path], build: Path) -> Path:
    tree = build / "cortex_a" / name
    progress("building for", name)
    subprocess.run(["cmake", "-S", ROOT, "-B", tree, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                    "-DCMAKE_CXX_FLAGS_RELEASE=-O2", f"-DINLAY_CORTEX_A={name}",
                    f"-DCMAKE_TOOLCHAIN_FILE={ROOT}/targets/cortex_a/toolchain.cmake",
                    f"-DINLAY_HOST_CXX={shell('find_gcc')}", "-DINLAY_BENCH_MODELS=" + ";".join(map(str, models)),
                    "-DINLAY_BUILD_TESTS=OFF"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", tree, "--parallel", os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL", "2")],
                   check=True, stdout=2)
    return tree


def of_model(tree: Path, name: str, processor: str, kernels: str, model: str) -> Iterator[tuple[str, float, str]]:
    emulator = "qemu-aarch64" if name == "aarch64" else "qemu-arm"
    plugin = tree / "targets" / "emulation" / "libcount_instructions.so"
    with tempfile.NamedTemporaryFile("r", suffix=".txt") as log:
        printed = subprocess.run([emulator, "-cpu", processor, "-plugin", plugin, "-d", "plugin", "-D", log.name,
                                  tree / "bench" / "cortex_a" / f"count_{model}", kernels],
                                 check=True, stdout=subprocess.PIPE, text=True).stdout
        packing, whole, *layers = map(int, re.findall(r"^region \d+ (\d+)$", log.read(), re.M))
    has_anchors = "mobilenet_v2_1.0_224_ptq" in model and kernels in XNNPACK
    taken, macs = defaultdict(int), defaultdict(int)
    for (kind, products), count in zip(re.findall(r"^layer (\w+) (\d+)$", printed, re.M), layers):
        taken[kind] += count
        macs[kind] += int(products)
    yield "instructions", whole - taken["other"], "1"
    if has_anchors:
        yield "instructions, XNNPACK", XNNPACK[kernels], "1"
    yield "QUANTIZE and SOFTMAX", taken.pop("other", 0), "1"
    yield "packing", packing, "1"
    for kind, count in taken.items():
        yield f"{kind}, not fused", count, "1"
        if has_anchors:
            yield f"{kind}, XNNPACK", XNNPACK_CLASSES[kind][kernels], "1"
        if macs[kind]:
            yield f"{kind} a MAC", count / macs[kind], "insns/MAC"
    for what, size in re.findall(r"^bytes (\w+) (\d+)$", printed, re.M):
        yield f"{what}_bytes", int(size), "B"
