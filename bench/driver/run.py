# SPDX-License-Identifier: Apache-2.0
"""bench/run: measures models on targets."""

from __future__ import annotations

import argparse
import importlib
import subprocess
from pathlib import Path

from driver import models, options, records, setup

TARGETS = sorted(file.stem for file in (setup.ROOT / "bench" / "targets").glob("*.py") if file.stem != "__init__")


def parse() -> argparse.Namespace:
    about = {name: importlib.import_module(f"targets.{name}").__doc__.splitlines()[0] for name in TARGETS}
    parser = argparse.ArgumentParser(
        prog="bench/run", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Installs what it needs, builds and measures each model on each target, and prints a table.",
        epilog="targets:\n" + "\n".join(f"  {name:<10} {line}" for name, line in about.items()) +
        "\n\nexamples:\n  bench/run host --model mobilenet_v2.tflite --json host.json\n"
        "  bench/run ethos_u --model mobilenet_v2.tflite --npu ethos-u55-128")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="which targets; all that there are if left out")
    parser.add_argument("--model", action="append", type=Path, default=[], metavar="FILE",
                        help="a .tflite file, may be repeated; the real models of INLAY_SHARED, or else a small test "
                        "model, if left out")
    parser.add_argument("--json", type=Path, metavar="FILE",
                        help="write a list of {target, device, model, metric, value, unit}")
    parser.add_argument("--build", type=Path, default=setup.ROOT / "build" / "bench", metavar="FOLDER",
                        help="where to build (%(default)s)")
    parser.add_argument("--repeat", type=int, default=0, metavar="N",
                        help="host: inferences for each number; as many as take two seconds if left out")
    parser.add_argument("--isa", action="append", default=[], metavar="NAME",
                        help="host: a kernel set to build, may be repeated; all of the processor's family if left out")
    parser.add_argument("--onednn", default="", metavar="FOLDER",
                        help="host: an installed oneDNN 2 to compare with, in place of the system's")
    parser.add_argument("--xnnpack", default="", metavar="FOLDER",
                        help="host: an installed XNNPACK to compare with, in place of the system's")
    parser.add_argument("--device", type=int, default=-1, metavar="N",
                        help="mali: the number of an OpenCL device; the first GPU, or else the first device if left out")
    parser.add_argument("--npu", action="append", default=[], metavar="NAME",
                        help="ethos_u: an NPU, for example ethos-u55-128, may be repeated; all six if left out")
    parser.add_argument("--arena-limit", type=int, default=0, metavar="BYTES",
                        help="ethos_u: one more set, limited: cascades within so many bytes of arena")
    parser.add_argument("--mca", action="store_true",
                        help="cortex_a: in place of running models, cycles of the inner loops as llvm-mca estimates them")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.targets if name not in TARGETS]
    if unknown:
        parser.error(f"expected targets out of {', '.join(TARGETS)}; found {', '.join(unknown)}")
    return arguments


def main() -> None:
    arguments = parse()
    options.REPEAT, options.ISAS = arguments.repeat, arguments.isa
    options.MCA = arguments.mca
    options.ONEDNN, options.XNNPACK = arguments.onednn, arguments.xnnpack
    options.DEVICE = arguments.device
    options.NPUS, options.ARENA_LIMIT = arguments.npu, arguments.arena_limit
    build = arguments.build.resolve()
    chosen = models.choose(arguments.model, build)
    found = []
    for name in arguments.targets or TARGETS:
        records.progress("target", name)
        try:
            found += importlib.import_module(f"targets.{name}").measure(chosen, build)
        except subprocess.CalledProcessError as error:
            raise SystemExit(f"error: target {name}: this failed with status {error.returncode}, see above:\n  "
                             + " ".join(map(str, error.cmd))) from None
    records.print_tables(found)
    if arguments.json:
        records.write_json(found, arguments.json)
        records.progress(f"{len(found)} records are in {arguments.json}")


if __name__ == "__main__":
    main()
