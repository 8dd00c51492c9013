# SPDX-License-Identifier: Apache-2.0
"""Holds what a program on a board takes to what budgets.json records.

Example:
    budget.py mps2-an500/reader targets/cortex_m/emulate --count libcount_instructions.so mps2-an500 read_character.elf

The program prints lines of a name and a number; the instructions of its first region count as well. Instructions must
be within 1 % of the record, because fewer are news too; arena and parameters may not grow, the other numbers by at most
5 %. With INLAY_RECORD=1 it writes what it finds into budgets.json instead.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

RECORD = Path(__file__).with_name("budgets.json")
SLACK = 0.01
GROWTH = {"arena": 0, "parameters": 0}
USUAL_GROWTH = 0.05


def measure(command):
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    print(printed)
    numbers = re.findall(r"^(\w+) +(\d+)(?: bytes.*| of.*)?$", printed, re.M)
    found = {name: int(number) for name, number in numbers if name != "all"}
    if instructions := re.search(r"^region 0 (\d+)$", printed, re.M):
        found["instructions"] = int(instructions[1])
    return found or sys.exit("expected the program to print numbers")


def complaints(found, expected):
    for name in expected.keys() - found.keys():
        yield f"{name}: found none, expected {expected[name]:,}"
    for name, value in found.items():
        if name not in expected:
            yield f"{name}: found {value:,}, there is no record"
        elif name == "instructions" and abs(value - expected[name]) > SLACK * expected[name]:
            yield f"{name}: found {value:,}, expected {expected[name]:,} and at most 1 % away"
        elif name != "instructions" and value > expected[name] * (1 + GROWTH.get(name, USUAL_GROWTH)):
            yield f"{name}: found {value:,}, expected {expected[name]:,} and little more"


def main(key, *command):
    found = measure(command)
    records = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    if os.environ.get("INLAY_RECORD") == "1":
        RECORD.write_text(json.dumps({**records, key: found}, indent=1, sort_keys=True) + "\n")
        return 0
    wrong = list(complaints(found, records.get(key, {})))
    if wrong:
        return "\n".join([*wrong, f"Where that is meant, record it: INLAY_RECORD=1, {RECORD.name}"])
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
