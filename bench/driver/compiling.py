# SPDX-License-Identifier: Apache-2.0
"""What it costs to compile an application that embeds a model, and how large it becomes."""

from __future__ import annotations

import dataclasses
import os
import subprocess
from pathlib import Path

from driver.setup import ROOT

APPLICATIONS = {"bare": ROOT / "bench" / "application.cpp", "classify": ROOT / "examples" / "classify.cpp"}
MODEL = "app_model"


@dataclasses.dataclass(frozen=True)
class Compilation:
    object: Path
    seconds: float
    megabytes: float


def write_header(model: Path, folder: Path) -> None:
    """Writes folder/models/app_model.hpp, as inlay_add_model does."""
    (folder / "models").mkdir(parents=True, exist_ok=True)
    subprocess.run(["cmake", f"-DNAME={MODEL}", "-DNAMESPACE=models", f"-DMODEL={model}", "-DLABELS=",
                    f"-DOUTPUT={folder}/models/{MODEL}.hpp", "-P",
                    ROOT / "targets" / "cmake" / "InlayModelHeader.cmake"], check=True)


def flags_of(isa: str) -> list[str]:
    """The compiler's flags for a kernel set, as inlay_add_network gives them; "" is the compiler's own choice."""
    script = ROOT / "targets" / "cmake" / "InlayAddNetwork.cmake"
    return isa and subprocess.run(["cmake", f"-DISA={isa}", "-P", script], check=True, stdout=subprocess.PIPE,
                                  text=True).stdout.split() or []


def compile_application(application: str, model: Path, compiler: str, build: Path, isa: str = "") -> Compilation:
    """Compiles one translation unit at -O2 and watches the compiler: processor time and peak memory.

    The processor's time is what the wall shows on an idle machine, because a compiler is one thread.
    """
    folder = build / "compile" / model.stem
    write_header(model, folder)
    made = folder / f"{application}{isa and '.' + isa}.{Path(compiler).name}.o"
    command = [compiler, "-std=c++20", "-O2", *flags_of(isa), "-I", ROOT / "include", "-isystem", folder, "-isystem",
               "/usr/include/stb", f"-DINLAY_MODEL_HEADER=<models/{MODEL}.hpp>", f"-DINLAY_MODEL=models::{MODEL}",
               "-c", APPLICATIONS[application]]
    return compile_measured(command, made)


def compile_measured(command: list[object], made: Path) -> Compilation:
    """Runs a compiler, with "-o made", and watches it."""
    process = subprocess.Popen([*command, "-o", made])
    # wait4 also counts the processes that the compiler's driver started and waited for.
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit("error: this could not be compiled:\n  " + " ".join(map(str, [*command, "-o", made])))
    return Compilation(made, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6)


def section_bytes(made: Path) -> tuple[int, int]:
    """(text_bytes, code_bytes) of an object.

    text_bytes is what a program adds to flash beside the model: the column "text" of `size` (code and all other
    read-only sections) less the model file's array. code_bytes are the executable sections alone.
    """
    def lines(*command):
        return subprocess.run([*command, made], check=True, capture_output=True, text=True).stdout.splitlines()

    text = int(lines("size", "--format=berkeley")[1].split()[0])
    model = sum(int(words[1], 16) for line in lines("nm", "--print-size", "--demangle")
                if len(words := line.split()) == 4 and words[3] == f"models::{MODEL}::data")
    code = sum(int(words[1]) for line in lines("size", "--format=sysv")
               if len(words := line.split()) == 3 and words[0].startswith(".text"))
    return text - model, code
