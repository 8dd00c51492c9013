# SPDX-License-Identifier: Apache-2.0
"""classify and trace on small models: exact bytes, floats, labels that do not fit, and mistakes of users."""

import json
import struct
import tempfile
import unittest
import unittest.mock
from pathlib import Path

from programs import place, run


def bmp_of(folder: Path) -> Path:
    """A picture of 40x30 pixels with a color ramp, as BMP, which needs no library."""
    width, height = 40, 30
    rows = b"".join(bytes(value for x in range(width) for value in (x * 6, y * 8, 128)) for y in range(height))
    header = struct.pack("<2sIHHI", b"BM", 54 + len(rows), 0, 0, 54)
    header += struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(rows), 2835, 2835, 0, 0)
    path = folder / "ramp.bmp"
    path.write_bytes(header + rows)
    return path


class Programs(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)
        self.models = place("TEST_MODELS")

    def description(self, model):
        return json.loads((self.models / f"{model}.json").read_text())

    def test_raw_bytes_in_and_out_are_exact(self):
        for program, model in (("CLASSIFY_TINY", "tiny_mobilenet_v2_int8"), ("CLASSIFY_FLOAT", "float_ends")):
            out = self.folder / "out.bin"
            done = run(program, "--raw-input", self.models / f"{model}.input.bin", "--raw-output", out)
            last = self.description(model)["operators"][-1]["file"]
            with self.subTest(model=model):
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(out.read_bytes(), (self.models / last).read_bytes())

    def test_trace_writes_every_operators_tensor(self):
        for program, model in (("TRACE_TINY", "tiny_mobilenet_v2_int8"), ("TRACE_FLOAT", "float_ends")):
            layers = self.folder / model / "layers"
            done = run(program, "--raw-input", self.models / f"{model}.input.bin", "--out", layers)
            expected = self.description(model)["operators"]
            with self.subTest(model=model):
                self.assertEqual(done.returncode, 0, done.stderr)
                index = json.loads((layers / "index.json").read_text())
                self.assertEqual([one["operator"] for one in index], list(range(len(expected))))
                for found, operator in zip(index, expected):
                    self.assertEqual(found["name"], operator["operator"])
                    self.assertEqual(found["type"], operator["type"])
                    self.assertEqual(found["shape"], operator["shape"][-len(found["shape"]):])
                    self.assertEqual((layers / found["file"]).read_bytes(),
                                     (self.models / operator["file"]).read_bytes(), found["file"])

    def test_input_of_the_wrong_length_names_both_lengths(self):
        right = (self.models / "tiny_mobilenet_v2_int8.input.bin").read_bytes()
        wrong = self.folder / "wrong.bin"
        for data in (right[:-1], right + b"\0", b""):
            wrong.write_bytes(data)
            for program, rest in (("CLASSIFY_TINY", ()), ("TRACE_TINY", ("--out", self.folder / "layers"))):
                done = run(program, "--raw-input", wrong, *rest)
                self.assertEqual(done.returncode, 1)
                self.assertIn(f"has {len(data)} bytes, expected {len(right)} for an input of ", done.stderr)

    def test_float_network_takes_pictures(self):
        picture = bmp_of(self.folder)
        done = run("CLASSIFY_FLOAT", "--json", "--top", "3", picture)
        self.assertEqual(done.returncode, 0, done.stderr)
        top = json.loads(done.stdout)["results"][0]["top"]
        self.assertEqual(len(top), 3)
        self.assertGreaterEqual(top[0]["probability"], top[1]["probability"])

    def test_a_program_without_opencl_says_so(self):
        for arguments in (("--list-devices",), ("--target", "opencl", bmp_of(self.folder))):
            done = run("CLASSIFY_TINY", *arguments)
            self.assertEqual(done.returncode, 2)
            self.assertIn("was built without OpenCL; configure with -DINLAY_OPENCL=ON", done.stderr)

    def test_labels_that_do_not_fit_are_a_warning_with_both_numbers(self):
        done = run("CLASSIFY_TINY", bmp_of(self.folder))
        self.assertEqual(done.returncode, 0)
        classes = self.description("tiny_mobilenet_v2_int8")["operators"][-1]["shape"][-1]
        self.assertRegex(done.stderr, f"warning: built with 2 labels for a network of {classes} classes")
        self.assertRegex(done.stdout, r"1  class \d+ ")

    def test_one_bad_picture_does_not_stop_the_others(self):
        good, bad = bmp_of(self.folder), self.folder / "bad.png"
        bad.write_text("no picture")
        missing = self.folder / "missing.jpg"
        done = run("CLASSIFY_TINY", "--json", bad, good, missing)
        self.assertEqual(done.returncode, 1)
        results = json.loads(done.stdout)["results"]
        self.assertEqual([one["picture"] for one in results], [str(bad), str(good), str(missing)])
        self.assertIn("expected BMP, PNG or JPEG", results[0]["error"])
        self.assertIn("top", results[1])
        self.assertIn("No such file", results[2]["error"])
        self.assertIn("bad.png", done.stderr)

    def test_cut_pictures_are_reported(self):
        whole = bmp_of(self.folder).read_bytes()
        cut = self.folder / "cut.bmp"
        for length in (0, 1, 10, 53, 54, len(whole) // 2, len(whole) - 1):
            cut.write_bytes(whole[:length])
            self.assertEqual(run("CLASSIFY_TINY", cut).returncode, 1, length)
        self.assertIn(f"is cut off: has {len(whole) - 1} bytes, expected {len(whole)} for a BMP of 40x30",
                      run("CLASSIFY_TINY", cut).stderr)

    def test_top_and_repeat(self):
        picture = bmp_of(self.folder)
        found = json.loads(run("CLASSIFY_TINY", "--json", "--top", "1000", "--repeat", "7", picture).stdout)
        result = found["results"][0]
        self.assertEqual(len(result["top"]), self.description("tiny_mobilenet_v2_int8")["operators"][-1]["shape"][-1])
        self.assertAlmostEqual(sum(one["probability"] for one in result["top"]), 1, delta=0.05)
        self.assertEqual(result["latency_us"]["runs"], 7)
        self.assertGreater(result["latency_us"]["min"], 0)
        self.assertLessEqual(result["latency_us"]["min"], result["latency_us"]["median"])
        self.assertIn("median of 7 runs", run("CLASSIFY_TINY", "--repeat", "7", picture).stdout)

    def test_kernels_are_chosen_by_name_and_by_the_environment(self):
        raw, out = self.models / "tiny_mobilenet_v2_int8.input.bin", self.folder / "out.bin"
        given = "--raw-input", raw, "--raw-output", out
        outputs = set()
        for name in ("avx512_vnni", "avx_vnni", "avx2", "sse41", "neon", "reference"):
            done = run("CLASSIFY_TINY", *given, "--isa", name)
            with self.subTest(name):
                if done.returncode == 0:
                    outputs.add(out.read_bytes())
                else:
                    self.assertEqual(done.returncode, 2)
                    self.assertRegex(done.stderr, "expected a kernel set that (this processor can run|is built in)")
        self.assertEqual(len(outputs), 1)
        self.assertIn('found "mmx"; built in: ', run("CLASSIFY_TINY", *given, "--isa", "mmx").stderr)
        with unittest.mock.patch.dict("os.environ", INLAY_ISA="mmx"):
            self.assertIn("classify: INLAY_ISA: expected a kernel set", run("CLASSIFY_TINY", *given).stderr)
            self.assertEqual(run("CLASSIFY_TINY", *given, "--isa", "reference").returncode, 0)

    def test_wrong_command_lines(self):
        picture = bmp_of(self.folder)
        for program, arguments, words in (
                ("CLASSIFY_TINY", (), "expected a PICTURE or --raw-input"),
                ("CLASSIFY_TINY", (picture, "--top", "0"), "--top"),
                ("CLASSIFY_TINY", (picture, picture, "--raw-output", "x.bin"), "expected one input, found 2"),
                ("TRACE_TINY", ("--out", "x"), "--raw-input")):
            done = run(program, *arguments)
            with self.subTest(program=program, arguments=arguments):
                self.assertEqual(done.returncode, 2)
                self.assertIn(words, done.stderr + done.stdout)

    def test_places_that_cannot_be_written(self):
        raw = self.models / "tiny_mobilenet_v2_int8.input.bin"
        file = self.folder / "file"
        file.write_text("")
        done = run("TRACE_TINY", "--raw-input", raw, "--out", file)
        self.assertEqual(done.returncode, 1)
        self.assertIn("expected a folder to write to", done.stderr)
        done = run("CLASSIFY_TINY", "--raw-input", raw, "--raw-output", self.folder / "none" / "out.bin")
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot be written", done.stderr)

    def test_help_has_examples(self):
        for program, example in (("CLASSIFY_TINY", "classify --top 3"), ("TRACE_TINY", "trace --raw-input image.bin")):
            done = run(program, "--help")
            self.assertEqual(done.returncode, 0)
            self.assertIn(example, done.stdout)


if __name__ == "__main__":
    unittest.main()
