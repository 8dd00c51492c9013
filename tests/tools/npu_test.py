# SPDX-License-Identifier: Apache-2.0
"""inlay-inspect --npu: operations of an Ethos-U, their costs, and the picture of cascades."""

import json
import re
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

from programs import place, run, shared

SVG = "{http://www.w3.org/2000/svg}"
NPUS = ("ethos-u55-32", "ethos-u55-64", "ethos-u55-128", "ethos-u55-256", "ethos-u65-256", "ethos-u65-512")


def tables(model, npu="ethos-u55-128", *options):
    """The rows of operators, and the sums by name, as lists of words."""
    done = run("INLAY_INSPECT", "--npu", npu, *options, model)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.split(f"\nOn {npu}, cascaded\n")[1].splitlines()
    operators = [line.split() for line in lines if re.match(r" +\d+  [A-Z]", line)]
    sums = {name: line.split()[-9:] for line in lines for name in ("whole tensors", "cascaded")
            if line.strip().startswith(name)}
    return operators, sums


def number(word):
    return int(word.replace(",", ""))


class Npu(unittest.TestCase):
    def test_sums_are_the_sums_of_the_operators(self):
        for name in ("inverted_residual", "tiny_mobilenet_v2_int8", "diamond"):
            operators, sums = tables(place("TEST_MODELS") / f"{name}.tflite")
            on_npu = [row for row in operators if row[-1] != "(processor)"]
            self.assertTrue(on_npu, name)
            arena, operations, cycles, least, _, read, written, constants, _ = map(number, sums["cascaded"])
            self.assertTrue(0 < least <= cycles, name)
            self.assertEqual(operations, sum(int(row[2]) for row in on_npu))
            self.assertEqual(cycles, sum(number(row[-5]) for row in on_npu))
            self.assertEqual(read, sum(number(row[-3]) for row in on_npu))
            self.assertEqual(written, sum(number(row[-2]) for row in on_npu))
            self.assertEqual(constants, sum(number(row[-1]) for row in on_npu))
            self.assertLessEqual(arena, number(sums["whole tensors"][0]))

    def test_json_has_what_the_tables_have(self):
        model = place("TEST_MODELS") / "tiny_mobilenet_v2_int8.tflite"
        operators, sums = tables(model)
        seen = json.loads(run("INLAY_INSPECT", "--npu", "ethos-u55-128", "--json", model).stdout)["npu"]
        self.assertEqual(seen["name"], "ethos-u55-128")
        for name, plan in (("whole tensors", seen["plain"]), ("cascaded", seen["cascaded"])):
            names = ("arena_bytes", "operations", "cycles", "least_cycles", "compute_cycles", "bytes_read", "bytes_written", "constant_bytes",
                     "copied_bytes")
            self.assertEqual([plan[each] for each in names], [number(word) for word in sums[name]])
        listed = seen["cascaded"]["operators"]
        self.assertEqual([(str(each["operator"]), each["name"]) for each in listed], [(row[0], row[1]) for row in operators])
        on_npu = [row for row in operators if row[-1] != "(processor)"]
        self.assertEqual([[each[name] for name in ("cycles", "bytes_read", "bytes_written", "constant_bytes")]
                          for each in listed if each["on_npu"]],
                         [[number(row[i]) for i in (-5, -3, -2, -1)] for row in on_npu])

    def test_constants_of_some_output_channels_are_copied_on_their_own(self):
        done = run("INLAY_INSPECT", "--npu", "ethos-u55-32", "--json", place("READER_MODEL"))
        plan = json.loads(done.stdout)["npu"]["plain"]
        divided = [copy["last_operator"] for copy in plan["copies"] if copy["channels"]]
        self.assertGreater(len(divided), len(set(divided)))
        self.assertGreater(plan["operations"], sum(each["on_npu"] for each in plan["operators"]))

    def test_copies_are_those_of_the_operators(self):
        model = place("READER_MODEL")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "cascade.svg"
            done = run("INLAY_INSPECT", "--npu", "ethos-u55-128", "--svg-cascade", path, "--json", model)
            titles = [title.text for title in xml.parse(path).getroot().iter(f"{SVG}title")]
        for plan in (json.loads(done.stdout)["npu"][name] for name in ("plain", "cascaded")):
            copies = plan["copies"]
            self.assertGreater(len(copies), 3)
            self.assertEqual(plan["copied_bytes"], sum(copy["bytes"] for copy in copies))
            for copy in copies:
                self.assertLessEqual(copy["before_operation"], copy["read_by_operation"])
                self.assertLess(copy["read_by_operation"], plan["operations"])
                self.assertLessEqual(copy["offset"] + copy["bytes"], plan["arena_bytes"])
            some = [copy for copy in copies if copy["channels"]]
            for copy, after in zip(some, some[1:]):
                if copy["last_operator"] == after["last_operator"]:
                    self.assertLess(copy["channels"][1], after["channels"][0])
            copied = {each["operator"] for each in plan["operators"] if each.get("constants_copied")}
            named = {number for copy in copies for number in range(copy["first_operator"], copy["last_operator"] + 1)}
            self.assertLessEqual(copied, named)
            self.assertLessEqual({copy["last_operator"] for copy in copies}, copied)
        # On the copies' line, and in the arena.
        self.assertEqual(len([title for title in titles if title and title.startswith("copy ")]), 2 * len(copies))

    def test_picture_has_a_box_for_each_operation(self):
        model = place("TEST_MODELS") / "inverted_residual.tflite"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "cascade.svg"
            _, sums = tables(model, "ethos-u65-256", "--svg-cascade", path)
            titles = [title.text for title in xml.parse(path).getroot().iter(f"{SVG}title")]
        operations = [title for title in titles if re.search(r", band \d+ of \d+: [\d,]+ cycles$", title)]
        self.assertGreaterEqual(len(operations), int(sums["cascaded"][1]))

    def test_wrong_options_are_refused(self):
        model = place("TEST_MODELS") / "diamond.tflite"
        npu = ["--npu", "ethos-u55-128"]
        for options in (["--npu", "ethos-u85"], ["--svg-cascade", "x.svg"], ["--arena-limit", "9000"],
                        ["--constants-in", "sram"], [*npu, "--arena-limit", "0"], [*npu, "--constants-in", "rom"]):
            done = run("INLAY_INSPECT", *options, model)
            self.assertEqual(done.returncode, 2, options)
            self.assertTrue(done.stderr, options)


class Limits(unittest.TestCase):
    def plans(self, npu, *options, model=None):
        done = run("INLAY_INSPECT", "--npu", npu, *options, "--json", model or place("READER_MODEL"))
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["npu"]

    def test_a_larger_arena_is_not_slower_and_none_is_below_the_bound(self):
        for npu in NPUS:
            seen = self.plans(npu)
            self.assertIsNone(seen["arena_limit"])
            self.assertLessEqual(seen["plain"]["least_cycles"], seen["plain"]["cycles"])
            before = seen["cascaded"]
            for limit in (before["arena_bytes"] * 3 // 2, 2 * before["arena_bytes"]):
                plan = self.plans(npu, "--arena-limit", str(limit))["cascaded"]
                self.assertLessEqual(plan["arena_bytes"], limit, npu)
                self.assertLessEqual(plan["least_cycles"], plan["cycles"], npu)
                self.assertLessEqual(plan["least_cycles"], before["least_cycles"], npu)
                self.assertLess(plan["cycles"], before["cycles"], npu)
                before = plan

    def test_constants_in_sram_are_not_copied(self):
        seen = self.plans("ethos-u55-128", "--constants-in", "sram")
        self.assertEqual(seen["constants_in"], "sram")
        for name in ("plain", "cascaded"):
            self.assertEqual((seen[name]["copied_bytes"], seen[name]["copies"]), (0, []))
            self.assertLess(seen[name]["cycles"], self.plans("ethos-u55-128")[name]["cycles"])
        # With nothing to wait for, whole tensors are as fast as can be.
        self.assertEqual(seen["plain"]["cycles"], seen["plain"]["least_cycles"])

    def test_a_limit_that_cannot_be_met_is_an_error(self):
        done = run("INLAY_INSPECT", "--npu", "ethos-u55-128", "--arena-limit", "3000", place("READER_MODEL"))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"the arena may have 3000 bytes; the smallest that was found has \d+\n")


@unittest.skipIf(shared() is None, "INLAY_SHARED names no folder with models/")
class Classifier(unittest.TestCase):
    def test_cascades_keep_their_budgets(self):
        model = shared() / "models/tf2_mobilenet_v2_1.0_224_ptq.tflite"
        # KiB of arena, and cycles of whole tensors and of cascades, both with copies of constants.
        budgets = {"ethos-u55-32": (240, 23_106_186, 23_318_230), "ethos-u55-64": (240, 12_062_442, 12_842_724),
                   "ethos-u55-128": (210, 7_038_336, 8_643_986), "ethos-u55-256": (296, 5_184_603, 6_498_934),
                   "ethos-u65-256": (274, 3_664_505, 4_228_904), "ethos-u65-512": (296, 2_592_920, 3_249_696)}
        for npu, (kibibytes, of_whole, of_cascades) in budgets.items():
            _, sums = tables(model, npu)
            arena, operations, cycles, least, *_ = map(number, sums["cascaded"])
            self.assertLessEqual(least, cycles, npu)
            self.assertLessEqual(number(sums["whole tensors"][3]), number(sums["whole tensors"][2]), npu)
            self.assertLessEqual(arena, kibibytes * 1024, npu)
            self.assertLessEqual(operations * 112, 100 * 1024, npu)
            self.assertLessEqual(number(sums["whole tensors"][2]), of_whole, npu)
            self.assertLessEqual(cycles, of_cascades, npu)

    def test_cascades_within_a_limit_keep_theirs(self):
        model = shared() / "models/tf2_mobilenet_v2_1.0_224_ptq.tflite"
        # Cycles in an arena of 381 KiB, and by how many percent more than the least that such an arena allows.
        budgets = {"ethos-u55-32": (23_167_965, 2), "ethos-u55-64": (12_499_490, 6), "ethos-u55-128": (7_895_406, 9),
                   "ethos-u55-256": (5_946_316, 10), "ethos-u65-256": (3_981_260, 9), "ethos-u65-512": (2_972_681, 10)}
        for npu, (most, percent) in budgets.items():
            _, sums = tables(model, npu, "--arena-limit", "390144")
            arena, _, cycles, least, *_ = map(number, sums["cascaded"])
            self.assertLessEqual(arena, 390_144, npu)
            self.assertLessEqual(cycles, most, npu)
            self.assertTrue(least <= cycles <= least * (100 + percent) // 100, npu)


if __name__ == "__main__":
    unittest.main()
