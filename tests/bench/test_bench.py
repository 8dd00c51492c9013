# SPDX-License-Identifier: Apache-2.0
"""bench/run, bench/compile and the program latency, from outside, on the model INLAY_TEST_MODEL."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

BENCH = Path(__file__).resolve().parents[2] / "bench"
MODEL = Path(os.environ["INLAY_TEST_MODEL"])


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=250)


class Host(unittest.TestCase):
    """One run of bench/run host; the tests look at what it left."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.build = Path(folder.name) / "bench"
        file = Path(folder.name) / "host.json"
        cls.made = run(BENCH / "run", "host", "--model", MODEL, "--build", cls.build, "--json", file)
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
        self.assertEqual(sorted((r["metric"], r["unit"]) for r in self.records), sorted([
            ("latency_us", "us"), ("latency_us_min", "us"), ("latency_us_p10", "us"), ("arena_bytes", "B"),
            ("weights_bytes", "B"), ("text_bytes", "B"), ("code_bytes", "B"), ("compile_s", "s"),
            ("compile_mb", "MB")]))

    def test_latencies_are_in_order(self):
        latencies = [self.values[name] for name in ("latency_us_min", "latency_us_p10", "latency_us")]
        self.assertEqual(latencies, sorted(latencies))
        self.assertGreater(latencies[0], 0)

    def test_weights_and_text_share_the_file_and_the_object_between_them(self):
        made, = self.build.glob("compile/*/bare.*.o")
        size = subprocess.run(["size", made], check=True, capture_output=True, text=True).stdout
        whole = int(size.splitlines()[1].split()[0])
        # The embedded file ends in a zero.
        self.assertEqual(self.values["text_bytes"], whole - MODEL.stat().st_size - 1)
        self.assertTrue(0 < self.values["code_bytes"] < self.values["text_bytes"])
        self.assertTrue(0 < self.values["weights_bytes"] < MODEL.stat().st_size)

    def test_the_table_shows_every_metric(self):
        self.assertIn("host: ", self.made.stdout)
        self.assertIn(MODEL.stem, self.made.stdout)
        for metric in self.values:
            self.assertRegex(self.made.stdout, rf"\n  {metric} +\S+ +[0-9.,]+\n")

    def test_layers_add_up_to_the_network(self):
        found, = json.loads(run(self.build / "latency", "--layers", "--repeat", "3", "--json").stdout)
        layers = found["layers"]
        self.assertEqual(found["repeat"], 3)
        self.assertEqual([layer["index"] for layer in layers], list(range(len(layers))))
        self.assertEqual(sum(layer["multiply_accumulates"] for layer in layers), found["multiply_accumulates"])
        self.assertGreater(found["multiply_accumulates"], 0)
        self.assertEqual({layer["kernel"] for layer in layers if layer["layer"] == "DEPTHWISE_CONV_2D"},
                         {"depthwise convolution"})

    def test_latency_refuses_another_model(self):
        made = run(self.build / "latency", "--model", "resnet")
        self.assertNotEqual(made.returncode, 0)
        self.assertIn(MODEL.stem, made.stdout + made.stderr)


class Refusals(unittest.TestCase):
    def refused(self, *command):
        made = run(*command)
        self.assertNotEqual(made.returncode, 0)
        self.assertNotIn("Traceback", made.stderr)
        return made.stderr

    def test_unknown_target(self):
        self.assertRegex(self.refused(BENCH / "run", "abacus"), r"expected targets out of .*host.*; found abacus")

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
        self.assertRegex(made.stdout, rf"{MODEL.stem} +bare +g\+\+ +[0-9.]+ +15 +[0-9]+ +1000 +within")

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
