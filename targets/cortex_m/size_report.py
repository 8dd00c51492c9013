# SPDX-License-Identifier: Apache-2.0
"""What a program takes of a board's memories, part by part, by the linker's map.

Example:
    size_report.py build/cortex_m7/examples/microcontroller/read_character.map

Columns: code, constants and parameters lie in flash, initialized variables there and in RAM, the others in RAM.
With --symbols N it also lists the N largest things. A part is named after a function's or constant's namespace
(arm-none-eabi-c++filt), or after the library that it comes from.
"""

import argparse
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

COLUMNS = {".text": "code", ".rodata": "constants", ".ARM.exidx": "constants", ".inlay_parameters": "parameters",
           ".data": "initialized", ".bss": "zeroed", ".stack": "stack", ".inlay_arena": "arena"}
PARTS = [("parameters", r"^\.inlay_parameters"), ("arena", r"^\.inlay_arena"), ("kernels", r"inlay::kernels"),
         ("engine", r"inlay::"), ("models", r"models::"), ("board", r"board::|\binlay_|startup|semihosting|stack\.cpp")]


def memory_map(file):
    """The part of the linker's map that says what lies where."""
    try:
        text = file.read_text(errors="replace")
    except OSError as problem:
        sys.exit(f"{file}: cannot be read ({problem.strerror}), expected a map of the linker (-Wl,-Map)")
    _, heading, found = text.partition("Linker script and memory map")
    return found if heading else sys.exit(f"{file}: is no map of GNU ld, expected what -Wl,-Map writes")


def entries(text):
    """(output section, input section, bytes, object) of everything that is linked."""
    output, joined = "", re.sub(r"\n (\.?[^\s*]\S*)\n\s+0x", r"\n \1 0x", text)
    for line in joined.splitlines():
        if match := re.match(r"(\.\S+)", line):
            output = match[1]
        if match := re.match(r"(\.stack)\s+0x\w+\s+0x(\w+)", line):
            yield match[1], match[1], int(match[2], 16), ""
        elif match := re.match(r" (\S+)\s+0x\w+\s+0x(\w+) (\S.*)", line):
            yield output, match[1], int(match[2], 16), match[3]


def demangled(names):
    found = subprocess.run(["arm-none-eabi-c++filt"], input="\n".join(names), stdout=subprocess.PIPE, text=True,
                           check=True).stdout
    return dict(zip(names, found.splitlines(), strict=True))


def part_of(name, source):
    if match := re.search(r"lib(\w+)\.a", source):
        return f"lib{match[1]}"
    for part, pattern in PARTS:
        if re.search(pattern, name) or part == "board" and re.search(pattern, source):
            return part
    return "application"


def print_table(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths))))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("map", type=Path, help="the linker's map")
    parser.add_argument("--symbols", type=int, default=0, metavar="N", help="also the N largest things")
    arguments = parser.parse_args()
    linked = [each for each in entries(memory_map(arguments.map)) if each[0] in COLUMNS and each[2] > 0]
    mangled = {section: re.sub(r"^\.(text|rodata|data|bss)(\.startup|\.unlikely)?\.", "", section)
               for _, section, _, _ in linked}
    names = demangled(sorted(set(mangled.values())))
    table, columns = defaultdict(lambda: defaultdict(int)), list(dict.fromkeys(COLUMNS.values()))
    for output, section, size, source in linked:
        table[part_of(names[mangled[section]], source)][COLUMNS[output]] += size
    parts = sorted(table, key=lambda part: -sum(table[part].values()))
    rows = [["part", *columns]]
    table["all"] = {column: sum(table[part][column] for part in parts) for column in columns}
    for part in [*parts, "all"]:
        rows.append([part, *(f"{table[part][column]:,}" if table[part][column] else "" for column in columns)])
    print_table(rows)
    for output, section, size, source in sorted(linked, key=lambda each: -each[2])[:arguments.symbols]:
        print(f"{size:>9,}  {COLUMNS[output]:<11}  {names[mangled[section]][:150]}  {Path(source).name}")


if __name__ == "__main__":
    main()
