# SPDX-License-Identifier: Apache-2.0
"""classify on an OpenCL device: exact bytes, the list of devices, profiles, and what goes wrong."""

import json
import os
import sys
import tempfile
import unittest
import unittest.mock
import xml.dom.minidom
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from programs import place, run  # noqa: E402 (found through the line above)

MODEL = "tiny_mobilenet_v2_int8"


class OnOpenCL(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)
        self.models = place("TEST_MODELS")
        self.input = ("--raw-input", self.models / f"{MODEL}.input.bin")

    def test_bytes_are_exact_and_kernels_are_shown(self):
        out, svg = self.folder / "out.bin", self.folder / "kernels.svg"
        done = run("CLASSIFY", "--target", "opencl", "--device", 0, *self.input, "--raw-output", out, "--profile", svg,
                   "--json", "--repeat", 3, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        description = json.loads((self.models / f"{MODEL}.json").read_text())
        self.assertEqual(out.read_bytes(), (self.models / description["operators"][-1]["file"]).read_bytes())
        one, = json.loads(done.stdout)["results"]
        self.assertEqual(one["latency_us"]["runs"], 3)
        self.assertGreater(len(one["kernels"]), 3)
        last = 0
        for kernel in one["kernels"]:
            self.assertGreaterEqual(kernel["begin_us"], last)
            last = kernel["end_us"]
        drawn = xml.dom.minidom.parse(str(svg))
        self.assertGreater(len(drawn.getElementsByTagName("rect")), len(one["kernels"]))
        table = run("CLASSIFY", "--target", "opencl", *self.input, "--profile", svg, timeout=300).stdout
        self.assertIn(f"{len(one['kernels'])} launches", table)
        for kernel in one["kernels"]:
            self.assertIn(f"{kernel['kernel']}  ", table)

    def test_devices_are_listed(self):
        done = run("CLASSIFY", "--list-devices")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^0  .+ \(.+, driver .+; \d+ compute units, \d+ MiB")

    def test_a_device_that_is_not_there(self):
        done = run("CLASSIFY", "--target", "opencl", "--device", 99, *self.input)
        self.assertEqual(done.returncode, 2)
        self.assertIn("found 99", done.stderr)

    def test_no_driver(self):
        for arguments in (("--list-devices",), ("--target", "opencl", *self.input)):
            with unittest.mock.patch.dict(os.environ, {"OCL_ICD_VENDORS": str(self.folder)}):
                done = run("CLASSIFY", *arguments)
            self.assertEqual(done.returncode, 2)
            self.assertIn("no driver is installed", done.stderr)

    def test_options_that_do_not_fit_are_refused(self):
        for arguments, expected in ((("--device", 0), "for --target opencl"),
                                    (("--profile", "x.svg"), "for --target opencl"),
                                    (("--target", "opencl", "--isa", "avx2"), "for the processor"),
                                    (("--target", "gpu"), "gpu")):
            done = run("CLASSIFY", *self.input, *arguments)
            self.assertEqual(done.returncode, 2)
            self.assertIn(expected, done.stderr)


if __name__ == "__main__":
    unittest.main()
