# SPDX-License-Identifier: Apache-2.0
"""Holds the bundled reader on a board to what budgets.json records: instructions, arena, stack and code.

Example:
    budget.py mps2-an500 targets/cortex_m/emulate --count libcount_instructions.so mps2-an500 read_character.elf

Instructions must be within 1 % of the record, because fewer are news as well; the other numbers may not grow.
With INLAY_RECORD=1 it writes what it finds into budgets.json instead.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

RECORD = Path(__file__).with_name("budgets.json")
SLACK = 0.01


def measure(command):
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    print(printed)
    found = {"instructions": re.search(r"^region 0 (\d+)$", printed, re.M)}
    for name in ("arena", "stack", "parameters", "code"):
        found[name] = re.search(rf"^{name} +(\d+)", printed, re.M)
    missing = [name for name, match in found.items() if match is None]
    if missing:
        sys.exit(f"expected the program to print {', '.join(missing)}")
    if not re.search(r"^character +T$", printed, re.M):
        sys.exit("expected the program to read a T")
    return {name: int(match[1]) for name, match in found.items()}


def complaints(found, expected):
    for name, value in found.items():
        if name not in expected:
            yield f"{name}: found {value:,}, there is no record"
        elif name == "instructions" and abs(value - expected[name]) > SLACK * expected[name]:
            yield f"{name}: found {value:,}, expected {expected[name]:,} and at most 1 % away"
        elif name != "instructions" and value > expected[name]:
            yield f"{name}: found {value:,}, expected at most {expected[name]:,}"


def main(board, *command):
    found = measure(command)
    records = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    if os.environ.get("INLAY_RECORD") == "1":
        RECORD.write_text(json.dumps({**records, board: found}, indent=1, sort_keys=True) + "\n")
        return 0
    wrong = list(complaints(found, records.get(board, {})))
    if wrong:
        return "\n".join([*wrong, f"Where that is meant, record it: INLAY_RECORD=1, {RECORD.name}"])
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
