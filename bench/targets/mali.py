# SPDX-License-Identifier: Apache-2.0
"""Any OpenCL device, a Mali or not: first inferences from empty and from full caches, steady ones."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from driver import options
from driver.records import Record, progress
from driver.setup import ROOT, require_build, shell

FIRST_RUNS = 3
"""How often a first inference is measured; the least counts."""


def measure(models: list[Path], build: Path) -> Iterator[Record]:
    compiler = require_build()
    shell('require "$mali_requirements" >&2')
    programs = build_programs(models, build, compiler)
    for model in models:
        with tempfile.TemporaryDirectory() as caches:
            progress("measuring", model.stem, "with empty caches, which compiles its kernels")
            cold = run(programs / f"opencl_{model.stem}", Path(caches))
            progress("measuring", model.stem, "with full caches on", cold["device"])
            warm = [run(programs / f"opencl_{model.stem}", Path(caches)) for _ in range(FIRST_RUNS)]
        if not cold["keeps_kernels"] and not all(each["from_cache"] for each in warm):
            raise SystemExit(f"error: expected kernels from the cache, found none: {cold['note']} {warm[0]['note']}")
        for metric, value, unit in records(cold, warm):
            yield Record("mali", f"{cold['device']}, {cold['dot']} products", model.stem, metric, value, unit)


def records(cold: dict, warm: list[dict]) -> Iterator[tuple[str, float, str]]:
    steady = min(warm, key=lambda each: each["median_us"])
    yield "latency_us", steady["median_us"], "us"
    yield "latency_us_min", min(each["min_us"] for each in warm), "us"
    yield "first_us.cold_cache", cold["first_us"], "us"
    yield "first_us.warm_cache", min(each["first_us"] for each in warm), "us"
    yield "outside_kernels", steady["share_outside_kernels"], "1"
    yield "launches", cold["launches"], "1"
    for what in ("arena", "parameters", "source"):
        yield f"{what}_bytes", cold[f"{what}_bytes"], "B"


def run(program: Path, caches: Path) -> dict:
    """In these folders our cache is kept, and PoCL's own."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(caches / "ours"), "POCL_CACHE_DIR": str(caches / "pocl")}
    (caches / "pocl").mkdir(exist_ok=True)
    return json.loads(subprocess.run([program, str(options.DEVICE)], check=True, stdout=subprocess.PIPE,
                                     env=environment).stdout)


def build_programs(models: list[Path], build: Path, compiler: str) -> Path:
    tree = build / "opencl"
    progress("building the programs for OpenCL")
    subprocess.run(["cmake", "-S", ROOT, "-B", tree, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                    "-DCMAKE_CXX_FLAGS_RELEASE=-O2", f"-DCMAKE_CXX_COMPILER={compiler}",
                    "-DINLAY_BENCH_MODELS=" + ";".join(map(str, models)), "-DINLAY_BUILD_TESTS=OFF",
                    "-DINLAY_BUILD_EXAMPLES=OFF", "-DINLAY_BUILD_TOOLS=OFF"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", tree, "--parallel", os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL", "2"),
                    "--target", "bench_opencl"], check=True, stdout=2)
    return tree / "bench" / "opencl"
