# SPDX-License-Identifier: Apache-2.0
"""Cycles of the kernels' inner loops, as llvm-mca estimates them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from driver.records import Record, progress
from driver.setup import ROOT, require, shell

TYPES = {"neon": "armv8", "dotprod": "dotprod", "i8mm": "i8mm"}
"""Kernel set: its type in kernels/neon/architecture.hpp."""
CORES = ("cortex-a55", "cortex-a76")
PRODUCTS = {"smull": 8, "smull2": 8, "smlal": 8, "smlal2": 8, "sdot": 16, "smmla": 32}
"""Multiplications of an instruction."""


def estimate(build: Path) -> Iterator[Record]:
    """Records of the loops of loops.cpp, one a set, core and loop."""
    shell('require "$cortex_a_requirements" >&2')
    require("llvm-14 command llvm-mca-14")
    for kernels in TYPES:
        progress("estimating the inner loops of", kernels)
        for name, loop in inner_loops(assembly(kernels, build)).items():
            for core in CORES:
                for metric, value, unit in of_loop(loop, core):
                    yield Record("cortex_a", f"{kernels} (llvm-mca for {core})", name, metric, value, unit)


def assembly(kernels: str, build: Path) -> str:
    """loops.cpp for a kernel set, as the compiler writes it."""
    build.mkdir(parents=True, exist_ok=True)
    output = build / f"loops_{kernels}.s"
    ask = ["cmake", f"-DISA={kernels}", "-P", ROOT / "targets" / "cmake" / "InlayAddNetwork.cmake"]
    flags = subprocess.run(ask, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    subprocess.run(["aarch64-linux-gnu-g++", "-std=c++20", "-O2", "-fno-exceptions", *flags, f"-I{ROOT}/include",
                    f"-DINLAY_ISA={TYPES[kernels]}", "-S", ROOT / "bench" / "cortex_a" / "loops.cpp", "-o", output],
                   check=True)
    return output.read_text()


def inner_loops(text: str) -> dict[str, list[str]]:
    """Of each kernel the loops without a label inside that multiply most; the shortest of those of a name."""
    found: dict[str, list[str]] = {}
    text = "".join(line for line in text.splitlines(keepends=True) if re.match(r"\t[^.]|[\w.$]+:", line))
    for function in re.split(r"^(?=[A-Za-z_])", text, flags=re.M):
        loops = [whole.splitlines() for whole, _ in
                 re.findall(r"^((\.L\d+):\n(?:\t.*\n)*?\tb\.?\w+\t\2\n)", function, re.M)]
        most = max(map(products, loops), default=0)
        for loop in loops:
            if most and products(loop) == most:
                name = "depthwise" if "depthwise" in function.split(":")[0] else "pointwise"
                if name == "pointwise" and any(line.split()[0] == "smlal" for line in loop):
                    name += ", four products in 16 bits"
                found[name] = min(found.get(name, loop), loop, key=len)
    return found


def products(loop: list[str]) -> int:
    return sum(PRODUCTS.get(line.split()[0], 0) for line in loop if line.split())


def of_loop(loop: list[str], core: str) -> Iterator[tuple[str, float, str]]:
    """What llvm-mca says of many iterations."""
    times = 200
    printed = subprocess.run(["llvm-mca-14", "-mtriple=aarch64", f"-mcpu={core}", "-mattr=+dotprod,+i8mm",
                              f"-iterations={times}"], input="\n".join(loop) + "\n", check=True,
                             stdout=subprocess.PIPE, text=True).stdout
    cycles = int(re.search(r"^Total Cycles:\s+(\d+)", printed, re.M)[1]) / times
    yield "instructions an iteration", len(loop) - 1, "1"
    yield "cycles an iteration", cycles, "cycles"
    yield "multiplications a cycle", products(loop) / cycles, "1/cycle"
