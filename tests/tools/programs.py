# SPDX-License-Identifier: Apache-2.0
"""What the tests of the programs share. Programs and files are found through the environment."""

import os
import subprocess
from pathlib import Path

# A sanitizer's report must not look like an exit code that a program chose.
SANITIZERS = {"ASAN_OPTIONS": "abort_on_error=1:allocator_may_return_null=1",
              "UBSAN_OPTIONS": "abort_on_error=1:print_stacktrace=1"}


def place(variable: str) -> Path:
    """A path from the environment; an error that says how to set it if it is not there."""
    value = os.environ.get(variable, "")
    if not value:
        raise RuntimeError(f"{variable} is not set; ctest sets it, so run the tests with ctest")
    return Path(value)


def run(program: str, *arguments, timeout=300) -> subprocess.CompletedProcess:
    """Runs the program that the environment variable names; fails the test if it crashes or hangs."""
    done = subprocess.run([place(program), *map(str, arguments)], capture_output=True, timeout=timeout,
                          env={**os.environ, **SANITIZERS})
    done.stdout = done.stdout.decode()
    done.stderr = done.stderr.decode()
    if done.returncode not in (0, 1, 2) or "Sanitizer" in done.stderr or "runtime error:" in done.stderr:
        raise AssertionError(f"{program} {' '.join(map(str, arguments))} crashed ({done.returncode}):\n{done.stderr}")
    return done


def shared() -> Path | None:
    """The folder of real models and reference tensors, where there is one."""
    folder = os.environ.get("INLAY_SHARED", "")
    return Path(folder) if folder and (Path(folder) / "models").is_dir() else None
