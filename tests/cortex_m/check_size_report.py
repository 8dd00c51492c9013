# SPDX-License-Identifier: Apache-2.0
"""Holds size_report.py to what arm-none-eabi-size says of the same program: size_report.py PROGRAM.elf"""

import re
import subprocess
import sys
from pathlib import Path

PADDING = 64
"""What alignment at a section's begin and between its parts may add, which belongs to no part."""


def main(script, program):
    def printed(*command):
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout

    for wrong, complaint in ((program, "is no map"), (Path(program).parent, "cannot be read")):
        refused = subprocess.run((sys.executable, "-B", script, wrong), stderr=subprocess.PIPE, text=True)
        if refused.returncode != 1 or not refused.stderr.startswith(f"{wrong}: {complaint}"):
            return f"expected that {wrong} {complaint}, found: {refused.stderr}"
    report = printed(sys.executable, "-B", script, Path(program).with_suffix(".map"))
    print(report)
    total = report.splitlines()[-1].split()
    sections = dict(re.findall(r"^(\S+) +(\d+) +\d+$", printed("arm-none-eabi-size", "-A", program), re.M))
    sizes = [int(each.replace(",", "")) for each in total[1:]]
    parts = [[".text"], [".rodata", ".ARM.exidx"], [".inlay_parameters"], [".data"], [".bss"], [".stack"],
             [".inlay_arena"]]
    wanted = [sum(int(sections.get(name, 0)) for name in names) for names in parts]
    for found, expected in zip(sizes, wanted, strict=True):
        if not expected - PADDING - expected // 100 <= found <= expected:
            return f"expected about {expected:,} bytes, found {found:,}"
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
