# SPDX-License-Identifier: Apache-2.0
"""Runs a test program in Oclgrind, which simulates an OpenCL device and reports data races and reads of
memory that nobody has written. It must find nothing in the program, and both mistakes in a kernel that
has them.

Oclgrind 21.10 cannot look for unwritten memory in sources with vectors of 16 sums (it crashes on the
shuffles that join them), so the program's filter chooses those of a Mali GPU.

Usage: check_oclgrind.py OCLGRIND FOLDER PROGRAM ARGUMENT...
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

BAD = """
__kernel void bad(__global int* to, __global int* from) {
  to[get_global_id(0) / 2] = get_global_id(0);
  if (from[get_global_id(0) + 4] > 0) {
    to[0] = 1;
  }
}
"""
# Two work-items; `to` is written, `from` is not.
BAD_RUN = "bad.cl\nbad\n2 1 1\n2 1 1\n<size=16 fill=0 int>\n<size=64 noinit int>\n"

MOST_RUNS = 25
CHECKS = {"--data-races": "data race", "--uninitialized": "ninitialized"}


def main(oclgrind, folder, *program):
    folder = Path(folder)
    folder.mkdir(exist_ok=True)
    (folder / "bad.cl").write_text(BAD)
    (folder / "bad.sim").write_text(BAD_RUN)
    environment = {**os.environ, "INLAY_TEST_UNWRITTEN": "1"}
    for check, word in CHECKS.items():
        # Its optimizer has mistakes of its own.
        options = [check, "--build-options", "-cl-opt-disable", "--max-errors", "20"]
        bad = subprocess.run([f"{oclgrind}-kernel", *options, "bad.sim"], cwd=folder, check=False,
                             capture_output=True, text=True)
        if word not in bad.stdout + bad.stderr:
            return f"{check} misses the mistake that it looks for:\n{bad.stdout}{bad.stderr}"
        log = folder / f"{check[2:]}.log"
        for _ in range(MOST_RUNS):
            log.unlink(missing_ok=True)
            run = subprocess.run([oclgrind, *options, "--log", log, *program], check=False,
                                 capture_output=True, text=True, env=environment)
            found = log.read_text() if log.exists() else ""
            passed = "[  PASSED  ] 1 test" in run.stdout and not found.strip()
            if not passed or run.returncode not in (-signal.SIGABRT, -signal.SIGSEGV):
                break
            print(f"{check}: aborted at its end, once more")
        if not passed or run.returncode != 0:
            return f"{check}: status {run.returncode}\n{run.stdout}{run.stderr}{found}"
        print(f"{check}: nothing found")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
