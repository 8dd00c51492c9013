# SPDX-License-Identifier: Apache-2.0
"""This machine: each kernel set that it runs, beside oneDNN and XNNPACK, and the roofline.

A target is a file here: the first line of its docstring is its help, and measure(models, build) gives its records.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterator
from pathlib import Path

from driver import options
from driver.compiling import compile_application, section_bytes
from driver.records import Record, progress
from driver.setup import ROOT, require, require_build

# What oneDNN is limited to beside a kernel set.
PEER_ISAS = {"avx512_vnni": "AVX512_CORE_VNNI", "avx_vnni": "AVX2_VNNI", "avx2": "AVX2", "sse41": "SSE41"}


def measure(models: list[Path], build: Path) -> Iterator[Record]:
    device = processor()
    compiler = require_build()
    require("libdnnl-dev header oneapi/dnnl/dnnl.hpp", "libxnnpack-dev header xnnpack.h",
            "libpthreadpool-dev header pthreadpool.h")
    build_programs(models, build, compiler)
    isas = subprocess.run([build / "latency", "--list-isa"], check=True, stdout=subprocess.PIPE,
                          text=True).stdout.split()
    for model in models:
        def record(metric, value, unit):
            return Record("host", device, model.stem, metric, value, unit)

        for metric, value, unit in (*latencies(model, build, isas), *compare(model, build, isas),
                                    *sizes(model, build, compiler, isas)):
            yield record(metric, value, unit)
        draw_roofline(model, build)


def latencies(model: Path, build: Path, isas: list[str]) -> Iterator[tuple[str, float, str]]:
    taken = run(build / "latency", model)
    yield "latency_us", taken["median_us"], "us"
    yield "latency_us_min", taken["min_us"], "us"
    yield "latency_us_p10", taken["p10_us"], "us"
    yield "prepare_us", taken["prepare_us"], "us"
    for isa in isas:
        yield f"latency_us.{isa}", run(build / "latency", model, "--isa", isa)["median_us"], "us"
    if len(os.sched_getaffinity(0)) > 1:
        yield "latency_us.2_threads", run(build / "latency", model, "--threads", 2)["median_us"], "us"
    yield "arena_bytes", taken["arena_bytes"], "B"
    yield "parameters_bytes", taken["parameters_bytes"], "B"
    yield "weights_bytes", taken["weights_bytes"], "B"


def compare(model: Path, build: Path, isas: list[str]) -> Iterator[tuple[str, float, str]]:
    """Peers and inlay in turns. XNNPACK cannot be limited, so it is measured beside the fastest kernel set alone."""
    for isa in isas:
        if isa not in PEER_ISAS:
            continue
        peers = () if isa == isas[0] else ("--peer", "oneDNN")
        found = run(build / "compare", model, "--isa", isa, "--peer-isa", PEER_ISAS[isa], *peers)
        for each in found["contenders"][1:]:
            yield f"{each['name']}_us.{isa}", each["median_us"], "us"
            yield f"{each['name']}_ratio.{isa}", each["ratio"], "1"


def sizes(model: Path, build: Path, compiler: str, isas: list[str]) -> Iterator[tuple[str, float, str]]:
    for isa in isas:
        progress(f"compiling an application of {model.stem} for {isa}")
        made = compile_application("bare", model, compiler, build, isa)
        text, code = section_bytes(made.object)
        yield f"text_bytes.{isa}", text, "B"
        yield f"code_bytes.{isa}", code, "B"
        yield f"compile_s.{isa}", made.seconds, "s"
        yield f"compile_mb.{isa}", made.megabytes, "MB"


def draw_roofline(model: Path, build: Path) -> None:
    chart = build / f"roofline.{model.stem}.svg"
    measured = run(build / "roofline", model, "--svg", chart)
    chart.with_suffix(".json").write_text(json.dumps(measured, indent=1) + "\n")
    progress(f"each step against the limits of this machine: {chart} and .json")


def run(program: Path, model: Path, *arguments: object) -> dict:
    progress("measuring", model.stem, program.name, *arguments)
    command = [program, "--model", model.stem, "--json", *map(str, arguments)]
    if options.REPEAT:
        command += ["--repeat", str(options.REPEAT)]
    one, = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return one


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def build_programs(models: list[Path], build: Path, compiler: str) -> None:
    """Builds latency, compare and roofline with all models in them."""
    tree = build / "host"
    progress("building", build / "latency,", "compare and roofline")
    subprocess.run(["cmake", "-S", ROOT, "-B", tree, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                    f"-DCMAKE_CXX_COMPILER={compiler}", f"-DCMAKE_RUNTIME_OUTPUT_DIRECTORY={build}",
                    "-DINLAY_BENCH_MODELS=" + ";".join(map(str, models)),
                    "-DINLAY_BENCH_TARGETS=" + ";".join(options.ISAS),
                    f"-DINLAY_ONEDNN_DIR={options.ONEDNN}", f"-DINLAY_XNNPACK_DIR={options.XNNPACK}",
                    "-DINLAY_BUILD_TESTS=OFF", "-DINLAY_BUILD_EXAMPLES=OFF", "-DINLAY_BUILD_TOOLS=OFF"],
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", tree, "--parallel", os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL", "2"),
                    "--target", "bench_latency", "bench_compare", "bench_roofline"], check=True, stdout=2)
