# SPDX-License-Identifier: Apache-2.0
"""Compiles OpenCL C offline, for each variant of the dot product: clang to LLVM's intermediate language
for a device of 32-bit addresses, and that to SPIR-V. Any 64-bit arithmetic is then the kernels' own, and
a private array that is indexed at run time would be left as an alloca. A source that has both must be
refused.

Usage: check_spirv.py CLANG LLVM_SPIRV FOLDER SOURCE...
"""

import re
import subprocess
import sys
from pathlib import Path

VARIANTS = {
    "plain": [],
    "arm": ["-DINLAY_DOT_ARM", "-Xclang", "-cl-ext=+cl_arm_integer_dot_product_int8"],
    "acc": ["-DINLAY_DOT_ACC", "-Xclang", "-cl-ext=+cl_arm_integer_dot_product_accumulate_int8"],
    "khr": [
        "-DINLAY_DOT_KHR",
        "-Dcl_khr_integer_dot_product",
        "-D__opencl_c_integer_dot_product_input_4x8bit",
    ],
}
DOT_CALLS = {"arm": r"call .*arm_dotDv", "acc": r"call .*arm_dot_acc", "khr": r"call .*3dotDv4_c"}
WIDE = re.compile(
    r"= (add|sub|mul|shl|lshr|ashr|and|or|xor|sext|zext|sdiv|udiv|srem|urem|icmp)\b.*(\bi64\b|x i64>)"
)
DOUBLE = re.compile(r"\bdouble\b")
INDEXED = re.compile(r"= alloca|extractelement .*, i32 %|insertelement .*, i32 %\w+$")

BAD = """
__kernel void bad(__global int* to, int at, int by) {
  int numbers[8];
  for (int i = 0; i < 8; ++i) { numbers[i] = to[i] * by; }
  to[0] = (int)(((long)numbers[at & 7] * by) >> 31);
}
"""


def mistakes(text):
    for line in text.splitlines():
        if WIDE.search(line):
            yield f"64-bit arithmetic: {line.strip()}"
        if DOUBLE.search(line):
            yield f"double precision: {line.strip()}"
        if INDEXED.search(line):
            yield f"an array indexed at run time: {line.strip()}"


# What optimization leaves is looked at; what drivers are given is not optimized.
READ = ["-S", "-O2"]
TRANSLATED = ["-c", "-O1", "-Xclang", "-disable-llvm-passes"]


def compile_source(clang, source, options, to):
    command = [clang, "-x", "cl", "-cl-std=CL1.2", "-target", "spir-unknown-unknown", "-emit-llvm"]
    command += ["-Xclang", "-finclude-default-header", *options, source, "-o", to]
    subprocess.run(command, check=True)


def main(clang, spirv, folder, *sources):
    folder = Path(folder)
    folder.mkdir(exist_ok=True)
    bad = folder / "bad.cl"
    bad.write_text(BAD)
    compile_source(clang, bad, READ, folder / "bad.ll")
    found = list(mistakes((folder / "bad.ll").read_text()))
    if not any("64-bit" in line for line in found) or not any("array" in line for line in found):
        return f"the check misses what it looks for: {found}"
    wrong = 0
    for source in map(Path, sources):
        for name, options in VARIANTS.items():
            stem = folder / f"{source.stem}.{name}"
            compile_source(clang, source, [*READ, *options], f"{stem}.ll")
            text = Path(f"{stem}.ll").read_text()
            found = list(mistakes(text))
            if name in DOT_CALLS and not re.search(DOT_CALLS[name], text):
                found.append("no dot product is called")
            compile_source(clang, source, [*TRANSLATED, *options], f"{stem}.bc")
            subprocess.run([spirv, "--spirv-ext=+all", f"{stem}.bc", "-o", f"{stem}.spv"], check=True)
            size = Path(f"{stem}.spv").stat().st_size
            print(f"{source.name} {name}: {size} bytes of SPIR-V, {len(found)} mistakes")
            for line in found[:5]:
                print(f"  {line}")
            wrong += len(found)
    return f"{wrong} mistakes" if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
