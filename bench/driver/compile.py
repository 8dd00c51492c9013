# SPDX-License-Identifier: Apache-2.0
"""bench/compile: holds compile time and memory to a budget."""

from __future__ import annotations

import argparse
import itertools
import shutil
from pathlib import Path

from driver import models, setup
from driver.compiling import APPLICATIONS, compile_application, section_bytes
from driver.records import print_aligned, progress


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench/compile", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Compiles applications that embed a model, each one translation unit at -O2, and prints the "
        "processor time and the peak memory of the compiler beside the budget.\nStatus 1 if one is over it.",
        epilog="example:\n  bench/compile --model mobilenet_v2.tflite --application bare")
    parser.add_argument("--model", action="append", type=Path, default=[], metavar="FILE",
                        help="a .tflite file, may be repeated; as for bench/run if left out")
    parser.add_argument("--application", action="append", choices=APPLICATIONS,
                        help="bare: bench/application.cpp; classify: examples/classify.cpp; both if left out")
    parser.add_argument("--compiler", action="append",
                        help="may be repeated; g++, and clang++ where it is installed, if left out")
    parser.add_argument("--isa", action="append",
                        help="a kernel set whose flags to compile with, may be repeated; none if left out")
    parser.add_argument("--budget-s", type=float, default=15, metavar="S", help="seconds of processor time (%(default)s)")
    parser.add_argument("--budget-mb", type=float, default=1000, metavar="MB",
                        help="10^6 bytes of resident memory (%(default)s)")
    parser.add_argument("--build", type=Path, default=setup.ROOT / "build" / "bench", metavar="FOLDER",
                        help="where to build (%(default)s)")
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    build = arguments.build.resolve()
    gcc = setup.require_build()
    compilers = arguments.compiler or [gcc, *(["clang++"] if shutil.which("clang++") else [])]
    rows = [["model", "application", "kernels", "compiler", "text", "s", "budget", "MB", "budget", ""]]
    for model in models.choose(arguments.model, build):
        for application in arguments.application or APPLICATIONS:
            for isa, compiler in itertools.product(arguments.isa or [""], compilers):
                progress(f"{compiler} -O2, {application}, {model.stem}", isa)
                made = compile_application(application, model, compiler, build, isa)
                over = made.seconds > arguments.budget_s or made.megabytes > arguments.budget_mb
                rows.append([model.stem, application, isa or "native", compiler,
                             str(section_bytes(made.object)[0]), f"{made.seconds:.1f}", f"{arguments.budget_s:g}",
                             f"{made.megabytes:.0f}", f"{arguments.budget_mb:g}", "over" if over else "within"])
    print_aligned(rows, left=4)
    if any(row[-1] == "over" for row in rows):
        raise SystemExit("error: over the budget of compile time or memory")


if __name__ == "__main__":
    main()
