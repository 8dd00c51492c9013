# SPDX-License-Identifier: Apache-2.0
"""inlay-inspect on payloads of an Ethos-U: the listing, and messages about damaged ones."""

import json
import random
import struct
import tempfile
import unittest
from pathlib import Path

from programs import run

CONV, DEPTHWISE, POOL, ELEMENTWISE, DMA_START, DMA_WAIT, STOP = 2, 3, 5, 6, 0x10, 0x11, 0


def short(number, parameter=0):
    return [number | (parameter & 0xFFFF) << 16]


def long(number, value, parameter=0):
    return [number | 0x4000 | parameter << 16, value]


# A 3x3 convolution of stride 2 over 96x96x3 in NHWC to 48x48x16 in NHCWB16, and what follows it: a
# sum in place, the mean of a window, a copy into SHRAM.
CONVOLUTION = (
    short(0x10F, 1) + long(0x00, 0x9000) + short(0x10B, 95) + short(0x104, 2) + short(0x105, 1) + short(0x109, -1)
    + short(0x11F, 1) + long(0x10, 0x40) + short(0x111, 47) + short(0x112, 47) + short(0x113, 15) + short(0x114, 0x41)
    + short(0x115, 7) + short(0x116, 3) + short(0x117, 15) + short(0x103, 1) + short(0x102, 1)
    + short(0x120, 2) + short(0x121, 2) + short(0x122, 7) + long(0x21, 640) + long(0x23, 160) + short(CONV))
SUM = short(0x105, 0x41) + short(0x104, 15) + long(0x80, 0x200) + short(0x18F, 1) + long(0x24, 1 << 30, 33) + short(ELEMENTWISE, 1)
MEAN = (short(0x111) + short(0x112) + short(0x120, 5) + short(0x121, 4) + short(0x122) + short(0x102) + short(0x103)
        + short(POOL, 1))
COPY = short(0x130) + short(0x131, 0x103) + long(0x30, 0x500) + long(0x31, 0x1000) + long(0x32, 2048) + short(DMA_START)
STREAM = CONVOLUTION + SUM + MEAN + COPY + short(DMA_WAIT) + short(STOP, 0xFFFF)


def payload(stream, config=0x1807, length=None):
    length = len(stream) if length is None else length
    words = [0x31504F43, 0x00100001, config, 0x10060000, 5, 5, 5, 2 | (length >> 16) << 8 | (length & 0xFFFF) << 16]
    return struct.pack(f"<{len(words) + len(stream)}I", *words, *stream)


def inspect(content, *options):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "payload.bin"
        file.write_bytes(content)
        return run("INLAY_INSPECT", file, *options)


class Listing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = inspect(payload(STREAM))
        assert done.returncode == 0 and not done.stderr, done.stderr
        cls.head, rest = done.stdout.split("\nOperations\n")
        cls.operations, cls.commands = rest.split("\nCommands\n")

    def test_head_names_the_npu(self):
        self.assertIn("Ethos-U55 with 128 MACs a cycle and 24 KB of SHRAM", self.head)
        self.assertRegex(self.head, r"architecture +1\.0\.6\n")
        self.assertRegex(self.head, rf"stream +{len(STREAM) * 4} bytes\n")
        self.assertRegex(self.head, r"operations +4\n")
        self.assertRegex(self.head, r"MACs +995,328\n")  # 48 * 48 * 16 * 3 * 3 * 3
        other = inspect(payload(STREAM, config=0x10003008)).stdout
        self.assertIn("Ethos-U65 with 256 MACs a cycle and 48 KB of SHRAM", other)

    def test_operations_have_shapes_addresses_and_bytes(self):
        lines = self.operations.splitlines()[1:5]
        at = len(CONVOLUTION) - 1
        self.assertRegex(lines[0], rf"^ +0 +{at} +CONV +96x96x3 int8 NHWC 1:0x9000 +48x48x16 int8 NHCWB16 1:0x40 +"
                                   r"3x3 /2x2 +4x8x16 +995,328 +640 +160$")
        self.assertRegex(lines[1], r"ADD +48x48x16 int8 NHCWB16 1:0x9000 and 1:0x200 +48x48x16 int8 NHCWB16 1:0x40 +4x8x16$")
        self.assertRegex(lines[2], r"AVERAGE POOL +5x6x16 int8 NHCWB16 1:0x9000 +1x1x16 int8 NHCWB16 1:0x40 +5x6 +4x8x16$")
        self.assertRegex(lines[3], r"DMA_START +0:0x500 +SHRAM 0x1000 +2,048 bytes$")

    def test_ring_says_where_it_goes_on(self):
        stream = short(0x10B, 29) + long(0x02, 0x7000) + CONVOLUTION.copy() + short(STOP, 0xFFFF)
        stream[2 + 1 + 1 + 2] = short(0x10B, 29)[0]  # the convolution's own height
        found = inspect(payload(stream)).stdout
        self.assertIn("NHWC 1:0x9000, from row 30 on 0x7000", found)

    def test_every_command_is_listed_by_name(self):
        count = len([line for line in self.commands.splitlines() if line.startswith(" ")])
        expected = sum(1 for _ in self.commands_of(STREAM))
        self.assertEqual(count, expected)
        for line in (r"0 +IFM_REGION +1", r"1 +IFM_BASE0 +0x9000", r"IFM_ZERO_POINT +-1", r"OFM_PRECISION +0x41 \(int8 NHCWB16\)",
                     r"KERNEL_STRIDE +0x7 \(stride 2x2, dilation 1x1, part-kernel first\)", r"WEIGHT_LENGTH +640",
                     r"OFM_SCALE +1073741824 / 2\^33", r"DMA_WAIT +0", r"STOP +65535"):
            self.assertRegex(self.commands, rf"(?m)^ +\d* *{line}$")

    def test_commands_are_grouped_by_operation(self):
        groups = [line for line in self.commands.splitlines() if not line.startswith(" ")]
        self.assertEqual(groups, ["0 CONV", "1 ADD", "2 AVERAGE POOL", "3 DMA_START"])

    @staticmethod
    def commands_of(stream):
        at = 0
        while at < len(stream):
            yield at
            at += 2 if stream[at] & 0x4000 else 1


DILATED = CONVOLUTION[:-1] + short(0x120, 4) + short(0x121, 4) + short(0x122, 7 | 3 << 3) + short(CONV)
SCATTER = (short(0x130) + short(0x131, 1 | 2 << 9) + long(0x30, 0x500) + long(0x31, 0x1000) + long(0x32, 48)
           + short(0x132, 5) + short(0x133, 3) + long(0x33, 16) + long(0x34, 80) + short(DMA_START))


class Extents(unittest.TestCase):
    def line(self, stream):
        return inspect(payload(stream + short(STOP, 0xFFFF))).stdout.split("\nOperations\n")[1].splitlines()[1]

    def test_kernels_of_dilated_convolutions(self):
        # 47 * 2 + 5 rows, less one of padding; registers hold the extent of the dilated kernel.
        self.assertRegex(self.line(DILATED), r"98x98x3 int8 .* 3x3 /2x2 dilated 2x2 .* 995,328 ")

    def test_transfers_in_three_dimensions(self):
        self.assertRegex(self.line(SCATTER), r"DMA_START +0:0x500 +1:0x1000 +3x5x48 bytes$")


class Json(unittest.TestCase):
    def test_it_has_what_the_listing_has(self):
        done = inspect(payload(STREAM), "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        seen = json.loads(done.stdout)
        self.assertEqual((seen["config"], seen["architecture"]), (0x1807, "1.0.6"))
        self.assertEqual((seen["stream_bytes"], seen["macs"]), (len(STREAM) * 4, 995328))
        self.assertEqual([each["name"] for each in seen["operations"]], ["CONV", "ADD", "AVERAGE POOL", "DMA_START"])
        first = seen["operations"][0]
        self.assertEqual((first["word"], first["block"], first["kernel"]), (len(CONVOLUTION) - 1, "4x8x16", "3x3 /2x2"))
        self.assertEqual((first["weights_bytes"], first["scales_bytes"]), (640, 160))
        self.assertEqual([each["name"] for each in seen["last_commands"]], ["DMA_WAIT", "STOP"])

    def test_every_command_is_there_in_order(self):
        seen = json.loads(inspect(payload(STREAM), "--json").stdout)
        lists = [each["commands"] for each in seen["operations"]] + [seen["last_commands"]]
        commands = [command for some in lists for command in some]
        words = []
        for command in commands:
            self.assertEqual(command["word"], len(words))
            word = STREAM[len(words)]
            self.assertEqual(command["parameter"], word >> 16)
            words.append(word)
            if word & 0x4000:
                words.append(command["value"])
        self.assertEqual(words, STREAM)


class Damaged(unittest.TestCase):
    def refused(self, content, reason, *options):
        done = inspect(content, *options)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, reason)
        self.assertEqual(done.stdout, "")

    def test_each_damage_is_named(self):
        end = short(STOP, 0xFFFF)
        self.refused(payload(STREAM)[:-1], r"expected whole words of 4")
        self.refused(payload(STREAM)[:-4], rf"has {len(STREAM)} words, but only {len(STREAM) - 1} are in the file")
        self.refused(payload(STREAM)[:8], "ends at word 2, where the NPU's configuration was expected")
        self.refused(payload(STREAM)[:28], "has no command stream")
        self.refused(payload([0x1FF] + end), "word 0 of the stream is 0x000001ff, which is no command")
        self.refused(payload(short(CONV | 0x1000) + end), "which is no command")
        self.refused(payload(short(CONV)), "does not end with STOP")
        self.refused(payload(end + short(CONV)), "a command after STOP, at word 1")
        self.refused(payload(end + [0x4000]), "a command after STOP")
        self.refused(payload(short(CONV) + [0x4000]), "where the value of a register was expected")
        self.refused(payload(STREAM) + struct.pack("<I", 9), "is 0x00000009, expected an action of the driver")
        self.refused(payload(STREAM, length=0), "does not end with STOP")

    def test_options_for_models_are_refused(self):
        self.refused(payload(STREAM), "is a payload of an Ethos-U", "--npu", "ethos-u55-128")

    def test_no_mutation_crashes(self):
        source = random.Random(1)
        whole = payload(STREAM)
        for _ in range(30):
            spoiled = bytearray(whole[:source.choice([len(whole), source.randrange(4, len(whole))])])
            for _ in range(source.randrange(1, 4)):
                spoiled[source.randrange(4, len(spoiled)) if len(spoiled) > 4 else 0] ^= 1 << source.randrange(8)
            done = inspect(bytes(spoiled))
            self.assertEqual(done.returncode == 0, done.stderr == "")


if __name__ == "__main__":
    unittest.main()
