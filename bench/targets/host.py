# SPDX-License-Identifier: Apache-2.0
"""This machine, one thread.

A target is a file here: the first line of its docstring is its help, and measure(models, build) gives its records.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterator
from pathlib import Path

from driver.compiling import compile_application, section_bytes
from driver.records import Record, progress
from driver.setup import ROOT, require_build


def measure(models: list[Path], build: Path) -> Iterator[Record]:
    device = processor()
    compiler = require_build()
    latency = build_latency(models, build, compiler)
    for model in models:
        def record(metric, value, unit):
            return Record("host", device, model.stem, metric, value, unit)

        progress("measuring", model.stem)
        printed = subprocess.run([latency, "--model", model.stem, "--json"], check=True, stdout=subprocess.PIPE).stdout
        taken, = json.loads(printed)
        yield record("latency_us", taken["median_us"], "us")
        yield record("latency_us_min", taken["min_us"], "us")
        yield record("latency_us_p10", taken["p10_us"], "us")
        yield record("arena_bytes", taken["arena_bytes"], "B")
        yield record("weights_bytes", taken["weights_bytes"], "B")

        progress("compiling an application of", model.stem)
        made = compile_application("bare", model, compiler, build)
        text, code = section_bytes(made.object)
        yield record("text_bytes", text, "B")
        yield record("code_bytes", code, "B")
        yield record("compile_s", made.seconds, "s")
        yield record("compile_mb", made.megabytes, "MB")


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def build_latency(models: list[Path], build: Path, compiler: str) -> Path:
    """Builds build/latency with all models in it."""
    tree = build / "host"
    progress("building", build / "latency")
    subprocess.run(["cmake", "-S", ROOT, "-B", tree, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                    f"-DCMAKE_CXX_COMPILER={compiler}", f"-DCMAKE_RUNTIME_OUTPUT_DIRECTORY={build}",
                    "-DINLAY_BENCH_MODELS=" + ";".join(map(str, models)), "-DINLAY_BUILD_TESTS=OFF",
                    "-DINLAY_BUILD_EXAMPLES=OFF", "-DINLAY_BUILD_TOOLS=OFF"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", tree, "--target", "bench_latency", "--parallel",
                    os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL", "2")], check=True, stdout=2)
    return build / "latency"
