# SPDX-License-Identifier: Apache-2.0
"""inlay-inspect on FILES files that were damaged at random: a message or a report, never a crash or a hang."""

import json
import os
import random
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

from programs import place, run, shared

COUNT = int(os.environ.get("FILES", "1000"))
INTERESTING = (0, 1, 2, 4, 0x7F, 0x80, 0xFF)


def position(chance: random.Random, size: int) -> int:
    """A place in a file; in large ones, most of which is weights, often near an end, where the structure is."""
    if size > 200_000 and chance.random() < 0.8:
        return chance.randrange(4096) if chance.random() < 0.3 else size - 1 - chance.randrange(120_000)
    return chance.randrange(size)


def flip(chance, data, _):
    for _ in range(chance.choice((1, 1, 2, 8))):
        data[position(chance, len(data))] = chance.choice((chance.randrange(256), chance.choice(INTERESTING)))


def overwrite_word(chance, data, _):
    at = position(chance, len(data) - 4)
    value = chance.choice((0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, len(data), chance.randrange(1 << 32)))
    data[at:at + 4] = value.to_bytes(4, "little")


def truncate(chance, data, _):
    del data[chance.randrange(1, len(data)):]


def splice(chance, data, other):
    length = chance.randrange(1, 65)
    start, at = position(chance, len(other)), position(chance, len(data))
    data[at:at + chance.choice((0, length))] = other[start:start + length]


class Mutation(unittest.TestCase):
    def test_damaged_files_end_in_a_message_or_a_report(self):
        files = sorted(place("TEST_MODELS").glob("*.tflite"))
        if shared():
            # Each a tenth of all.
            real = [shared() / "models" / f"{name}.tflite"
                    for name in ("tf2_mobilenet_v2_1.0_224_ptq", "mobilenet_v2_1.0_224_quant")]
            files += real * (len(files) // 8)
        originals = {file: file.read_bytes() for file in set(files)}
        chance = random.Random(20240607)
        accepted = 0
        with tempfile.TemporaryDirectory() as folder:
            damaged = Path(folder) / "damaged.tflite"
            graph, arena = Path(folder) / "graph.svg", Path(folder) / "arena.svg"
            for number in range(COUNT):
                file = chance.choice(files)
                data = bytearray(originals[file])
                mutate = chance.choice((flip, flip, overwrite_word, overwrite_word, truncate, splice))
                mutate(chance, data, originals[chance.choice(files)])
                damaged.write_bytes(data)
                reports = ("--json", "--svg-graph", graph, "--svg-arena", arena) if number % 2 else ()
                with self.subTest(number=number, file=file.name, mutation=mutate.__name__):
                    done = run("INLAY_INSPECT", damaged, *reports, timeout=120)
                    if done.returncode == 1:
                        self.assertRegex(done.stderr, r"\Ainlay-inspect: .*damaged.tflite: .{10,}\n\Z")
                        self.assertEqual(done.stdout, "")
                        continue
                    accepted += 1
                    self.assertEqual((done.returncode, done.stderr), (0, ""))
                    if reports:
                        self.assertGreaterEqual(len(json.loads(done.stdout)["operators"]), 1)
                        xml.parse(graph)
                        xml.parse(arena)
        # Some damage is only to weights; but most of it is not.
        self.assertGreater(accepted, COUNT // 20)
        self.assertLess(accepted, COUNT * 3 // 4)
        print(f"{COUNT} damaged files: {accepted} reports, {COUNT - accepted} messages", flush=True)


if __name__ == "__main__":
    unittest.main()
