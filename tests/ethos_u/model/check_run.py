# SPDX-License-Identifier: Apache-2.0
"""ethos_u_run from outside: a sample that it is given, and everything it can be told wrongly."""
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SAMPLE = sys.argv[1:3]


class EthosURun(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        subprocess.run([SAMPLE, self.folder.name], check=True)
        with open(self.path("places.txt"), encoding="ascii") as file:
            self.arena, self.input_at, self.output_at, self.output_bytes = file.read().split()
        self.options = {
            "--payload": self.path("payload.bin"),
            "--weights": self.path("weights.bin"),
            "--arena": self.arena,
            "--input": self.path("input.bin") + "@" + self.input_at,
            "--output": self.output_at + ":" + self.output_bytes,
        }

    def tearDown(self):
        self.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def run_with(self, changes=None, more=()):
        options = {**self.options, **(changes or {})}
        words = [word for pair in options.items() if pair[1] is not None for word in pair]
        return subprocess.run([PROGRAM, *words, *more], capture_output=True, check=False)

    def expect_refused(self, text, changes=None, more=(), status=1):
        done = self.run_with(changes, more)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertIn(text, done.stderr.decode())

    def test_the_sample_gives_what_the_model_gives(self):
        done = self.run_with()
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(done.stdout, self.read("expected.bin"))
        self.assertEqual(len(done.stdout), int(self.output_bytes))

    def test_it_writes_a_file_checks_and_traces(self):
        done = self.run_with({"--to": self.path("out.bin")}, ["--check", "--trace"])
        self.assertEqual((done.returncode, done.stdout), (0, b""))
        self.assertIn(b"CONV", done.stderr)
        self.assertEqual(self.read("out.bin"), self.read("expected.bin"))

    def test_help_has_an_example(self):
        done = subprocess.run([PROGRAM, "--help"], capture_output=True, check=True)
        self.assertIn(b"Example", done.stdout)
        self.assertIn(b"--input FILE@OFFSET", done.stdout)

    def test_arguments(self):
        def refused(*what):
            self.expect_refused(*what, status=2)
        for option in ("--payload", "--weights", "--arena", "--output"):
            refused(f"{option} is required", {option: None})
        refused("expected a number of bytes below 4 GiB, found \"12k\"", {"--arena": "12k"})
        refused("--arena: expected a number of bytes", {"--arena": "99999999999"})
        refused("expected FILE@OFFSET, found \"input.bin\"", {"--input": "input.bin"})
        refused("expected OFFSET:BYTES, found \"12\"", {"--output": "12"})
        refused("--verbose", None, ["--verbose"])
        refused("--to", None, ["--to"])

    def test_files_and_sizes(self):
        self.expect_refused("cannot read", {"--payload": self.path("nothing")})
        self.expect_refused("cannot read", {"--payload": self.folder.name})
        self.expect_refused("cannot write", {"--to": self.path("no/folder")})
        self.expect_refused("does not fit", {"--input": self.path("input.bin") + "@" + self.arena})
        self.expect_refused("--output", {"--output": self.arena + ":1"})
        self.expect_refused("of region 1, which has 16", {"--arena": "16", "--input": None,
                                                          "--output": "0:16"})

    def test_streams(self):
        self.expect_refused("header", {"--payload": os.devnull})
        self.expect_refused("of region 0, which has 0", {"--weights": os.devnull})
        self.expect_refused("read before it is written", {"--input": None}, ["--check"])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
