# SPDX-License-Identifier: Apache-2.0
"""Installs what a target needs, by the functions that tests/run and examples/run use."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def shell(script: str, *arguments: str) -> str:
    command = ["bash", "-c", f'. "$0" && {script}', ROOT / "targets" / "host" / "setup.sh", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def require(*requirements: str) -> None:
    """Each is "PACKAGE KIND WHAT", as targets/host/setup.sh describes them."""
    shell('require "$1" >&2', "\n".join(requirements))


def require_build() -> str:
    """Installs what a build on this machine needs; gives the g++ to build with, or what CXX names."""
    return shell('require "$build_requirements" >&2 && find_gcc')
