# SPDX-License-Identifier: Apache-2.0
"""bench/run, bench/compile and the program latency, from outside, on the model INLAY_TEST_MODEL."""

import json
import os
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

BENCH = Path(__file__).resolve().parents[2] / "bench"
ISAS = os.environ["INLAY_TEST_ISAS"].split(",")
MODEL = Path(os.environ["INLAY_TEST_MODEL"])
READER = BENCH.parent / "examples" / "reader" / "reader.tflite"


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=500)


class Host(unittest.TestCase):
    """One run of bench/run host; the tests look at what it left."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.build = Path(folder.name) / "bench"
        file = Path(folder.name) / "host.json"
        isas = [word for isa in ISAS for word in ("--isa", isa)]
        cls.made = run(BENCH / "run", "host", "--model", MODEL, "--build", cls.build, "--json", file, "--repeat", "5",
                       *isas)
        if cls.made.returncode:
            raise AssertionError(f"bench/run failed:\n{cls.made.stderr}")
        cls.records = json.loads(file.read_text())
        cls.values = {record["metric"]: record["value"] for record in cls.records}

    def test_records_have_their_fields(self):
        for record in self.records:
            self.assertEqual(list(record), ["target", "device", "model", "metric", "value", "unit"])
            self.assertEqual((record["target"], record["model"]), ("host", MODEL.stem))
            self.assertIsInstance(record["value"], (int, float))
        self.assertEqual(len({r["device"] for r in self.records} - {""}), 1)

    def test_each_metric_is_there_once_in_its_unit(self):
        expected = [("latency_us", "us"), ("latency_us_min", "us"), ("latency_us_p10", "us"), ("prepare_us", "us"),
                    ("arena_bytes", "B"), ("parameters_bytes", "B"), ("weights_bytes", "B")]
        for isa in self.isas():
            expected += [(f"latency_us.{isa}", "us"), (f"text_bytes.{isa}", "B"), (f"code_bytes.{isa}", "B"),
                         (f"compile_s.{isa}", "s"), (f"compile_mb.{isa}", "MB")]
        found = [(r["metric"], r["unit"]) for r in self.records if not r["metric"].startswith(("oneDNN", "XNNPACK"))]
        self.assertEqual(sorted(m for m in found if m[0] != "latency_us.2_threads"), sorted(expected))

    def isas(self):
        """Those that this machine runs."""
        return run(self.build / "latency", "--list-isa").stdout.split()

    def test_the_kernel_sets_are_those_that_were_asked_for(self):
        self.assertIn("reference", self.isas())
        self.assertLessEqual(set(self.isas()), set(ISAS))

    def test_peers_have_a_time_and_a_ratio(self):
        peers = {metric for metric in self.values if metric.startswith(("oneDNN", "XNNPACK"))}
        for metric in peers:
            self.assertGreater(self.values[metric], 0)
            self.assertIn(metric.replace("_us.", "_ratio."), peers)

    def test_compare_says_who_is_left_out_and_shows_who_is_there(self):
        made = run(self.build / "compare", "--repeat", "2", "--layers")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertRegex(made.stdout, r"inlay \w+ +\d+ +\d+ +\d+ +1\.000 +0\n")
        # The last inner operator of the model, in whose time all before it have their part.
        self.assertRegex(made.stdout, r"\n +16 +CONV_2D +1x1x11 ")

    def test_peers_compute_about_the_same(self):
        found, = json.loads(run(self.build / "compare", "--repeat", "1", "--json").stdout)
        for each in found["contenders"]:
            # A network of random numbers exaggerates what rounding differs by; nonsense differs by 255.
            self.assertLessEqual(each["difference"], {"oneDNN": 40}.get(each["name"], 2), each["name"])

    def test_roofline_draws_each_layer_that_multiplies(self):
        chart = (self.build / f"roofline.{MODEL.stem}.svg").read_text()
        measured = json.loads((self.build / f"roofline.{MODEL.stem}.json").read_text())
        self.assertEqual(xml.etree.ElementTree.fromstring(chart).tag, "{http://www.w3.org/2000/svg}svg")
        multiply = [layer for layer in measured["layers"] if layer["multiply_accumulates"]]
        self.assertEqual(chart.count("<title>operators "), len(multiply))
        self.assertGreater(len(multiply), 3)
        for layer in measured["layers"]:
            self.assertGreater(layer["bytes"], 0)
            self.assertIn(layer["bound"], ["products", "L2"])
        self.assertEqual([level["name"] for level in measured["memory"]], ["L1", "L2", "L3", "memory"])

    def test_latencies_are_in_order(self):
        latencies = [self.values[name] for name in ("latency_us_min", "latency_us_p10", "latency_us")]
        self.assertEqual(latencies, sorted(latencies))
        self.assertGreater(latencies[0], 0)

    def test_weights_and_text_share_the_file_and_the_object_between_them(self):
        made, = self.build.glob("compile/*/bare.reference.*.o")
        size = subprocess.run(["size", made], check=True, capture_output=True, text=True).stdout
        whole = int(size.splitlines()[1].split()[0])
        # The embedded file ends in a zero.
        self.assertEqual(self.values["text_bytes.reference"], whole - MODEL.stat().st_size - 1)
        self.assertTrue(0 < self.values["code_bytes.reference"] < self.values["text_bytes.reference"])
        self.assertTrue(0 < self.values["weights_bytes"] < MODEL.stat().st_size)

    def test_the_table_shows_every_metric(self):
        self.assertIn("host: ", self.made.stdout)
        self.assertIn(MODEL.stem, self.made.stdout)
        for metric in self.values:
            self.assertRegex(self.made.stdout, rf"\n  {metric} +\S+ +[0-9.,]+\n")

    def test_layers_add_up_to_the_network(self):
        found, = json.loads(run(self.build / "latency", "--layers", "--repeat", "3", "--json", "--isa",
                                "reference").stdout)
        layers = found["layers"]
        self.assertEqual((found["repeat"], found["target"], found["threads"]), (3, "reference", 1))
        self.assertEqual([layer["index"] for layer in layers], list(range(len(layers))))
        self.assertEqual(sum(layer["multiply_accumulates"] for layer in layers), found["multiply_accumulates"])
        self.assertGreater(found["multiply_accumulates"], 0)
        self.assertEqual({layer["kernel"] for layer in layers if layer["layer"] == "DEPTHWISE_CONV_2D"},
                         {"depthwise convolution"})

    def test_layers_of_every_kernel_set_and_thread_count_cover_the_network(self):
        for isa in self.isas():
            for threads in ("1", "3"):
                found, = json.loads(run(self.build / "latency", "--layers", "--repeat", "1", "--json", "--isa", isa,
                                        "--threads", threads).stdout)
                ends = [layer["index"] for layer in found["layers"]]
                self.assertEqual(ends, sorted(set(ends)))
                self.assertEqual(sum(layer["multiply_accumulates"] for layer in found["layers"]),
                                 found["multiply_accumulates"])

    def test_an_instruction_set_that_is_not_there_is_refused(self):
        for program in ("latency", "compare", "roofline"):
            made = run(self.build / program, "--isa", "abacus")
            self.assertEqual(made.returncode, 1)
            self.assertIn("found \"abacus\"; built in: ", made.stderr)

    def test_latency_refuses_another_model(self):
        made = run(self.build / "latency", "--model", "resnet")
        self.assertNotEqual(made.returncode, 0)
        self.assertIn(MODEL.stem, made.stdout + made.stderr)


class EthosU(unittest.TestCase):
    def test_what_the_compiler_wrote_for_one_npu(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "npu.json"
            made = run(BENCH / "run", "ethos_u", "--model", READER, "--npu", "ethos-u55-128", "--arena-limit", "81920",
                       "--build", folder, "--json", file)
            self.assertEqual(made.returncode, 0, made.stderr)
            records = json.loads(file.read_text())
        self.assertEqual({(r["target"], r["device"], r["model"]) for r in records},
                         {("ethos_u", "Ethos-U55-128", READER.stem)})
        units = {"arena_bytes": "B", "stream_bytes": "B", "constants_bytes": "B", "operations": "1",
                 "cycles": "cycles", "least": "cycles", "computing": "cycles", "bytes_read": "B", "bytes_written": "B",
                 "transfers": "1", "transferred_bytes": "B",
                 "compile_s": "s", "compile_mb": "MB"}
        expected = [(f"{metric}.{name}", unit) for metric, unit in units.items()
                    for name in ("plain", "cascaded", "plain_sram", "cascaded_sram", "limited")]
        self.assertEqual(sorted((r["metric"], r["unit"]) for r in records), sorted([*expected, ("compressed_bytes.plain", "B")]))
        values = {r["metric"]: r["value"] for r in records}
        self.assertLess(values["arena_bytes.cascaded"], values["arena_bytes.plain"])
        self.assertLess(values["operations.plain"], values["operations.cascaded"])
        self.assertLess(values["compressed_bytes.plain"], values["constants_bytes.plain"])
        self.assertLess(values["cycles.plain_sram"], values["cycles.plain"])
        for name in ("plain", "cascaded", "plain_sram", "cascaded_sram", "limited"):
            self.assertLessEqual(values[f"least.{name}"], values[f"cycles.{name}"], name)
        self.assertGreater(values["transfers.plain"], 0)
        self.assertEqual(values["transfers.plain_sram"], 0)
        self.assertRegex(made.stdout, r"ethos_u: Ethos-U55-128\n.*\n +arena_bytes\.plain +B +[0-9,]+\n")
        self.assertIn("compiling reader for ethos_u55<128>, cascaded", made.stderr)
        self.assertLessEqual(values["arena_bytes.limited"], 81920)
        self.assertLess(values["cycles.limited"], values["cycles.cascaded"])
        # The inspector plans at run time what the engine plans in the compiler.
        if "INLAY_INSPECT" not in os.environ:
            self.skipTest("inlay-inspect was not built")
        for options, sets in (((), {"plain": "plain", "cascaded": "cascaded"}),
                              (("--constants-in", "sram"), {"plain": "plain_sram", "cascaded": "cascaded_sram"}),
                              (("--arena-limit", "81920"), {"cascaded": "limited"})):
            seen = run(os.environ["INLAY_INSPECT"], "--npu", "ethos-u55-128", *options, "--json", READER)
            self.assertEqual(seen.returncode, 0, seen.stderr)
            for plan, name in sets.items():
                for metric, own in (("arena_bytes", "arena_bytes"), ("operations", "operations"), ("cycles", "cycles"),
                                    ("least", "least_cycles"), ("transferred_bytes", "copied_bytes")):
                    self.assertEqual(json.loads(seen.stdout)["npu"][plan][own], values[f"{metric}.{name}"],
                                     f"{metric}.{name}")


class Refusals(unittest.TestCase):
    def refused(self, *command):
        made = run(*command)
        self.assertNotEqual(made.returncode, 0)
        self.assertNotIn("Traceback", made.stderr)
        return made.stderr

    def test_unknown_target(self):
        self.assertRegex(self.refused(BENCH / "run", "abacus"), r"expected targets out of .*host.*; found abacus")

    def test_unknown_npu(self):
        self.assertRegex(self.refused(BENCH / "run", "ethos_u", "--npu", "ethos-u85", "--model", READER),
                         r"expected --npu out of ethos-u55-32, .*; found ethos-u85")

    def test_missing_model(self):
        self.assertIn("nowhere.tflite", self.refused(BENCH / "run", "host", "--model", "nowhere.tflite"))

    def test_file_that_is_no_model(self):
        with tempfile.TemporaryDirectory() as folder:
            complaint = self.refused(BENCH / "run", "host", "--model", __file__, "--build", folder)
        self.assertIn("TFL3", complaint)


class Compile(unittest.TestCase):
    def compile(self, *budget):
        with tempfile.TemporaryDirectory() as folder:
            return run(BENCH / "compile", "--model", MODEL, "--application", "bare", "--compiler", "g++", "--build",
                       folder, *budget)

    def test_within_budget(self):
        made = self.compile()
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertRegex(made.stdout, rf"{MODEL.stem} +bare +native +g\+\+ +[0-9]+ +[0-9.]+ +15 +[0-9]+ +1000 +within")

    def test_over_the_budget_of_time(self):
        self.assert_over(self.compile("--budget-s", "0.01"))

    def test_over_the_budget_of_memory(self):
        self.assert_over(self.compile("--budget-mb", "5"))

    def assert_over(self, made):
        self.assertEqual(made.returncode, 1)
        self.assertRegex(made.stdout, r" over\n")
        self.assertIn("over the budget", made.stderr)


if __name__ == "__main__":
    unittest.main()
