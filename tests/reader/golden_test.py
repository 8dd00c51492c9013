# SPDX-License-Identifier: Apache-2.0
"""Every layer of the bundled reader, compiled by inlay, against the numpy reference.

    B=build/gcc/tests/reader; READER_LAYERS=$B/reader_layers READER_SETS=reference READER_SCORES=$B/reader_scores \\
        python3 -m unittest golden_test
"""

import os
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
READER = ROOT / "examples" / "reader"
sys.path.insert(0, str(ROOT / "tests" / "reference"))

from interpreter import run  # noqa: E402 (found through the line above)
from tflite_model import converter_version  # noqa: E402
from tflite_reader import read_model  # noqa: E402

SAMPLES = sorted((READER / "samples").glob("*.png"))
MISREAD = {}
"""Samples that the bundled model reads as something else: they are the first drawn of each class, not chosen."""
SIZE = 96


def read_png(file):
    """Pixels of a PNG as examples/reader writes them: 8-bit RGB whose rows have filter 0."""
    data, parts, at = file.read_bytes(), {}, 8
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        parts[kind] = parts.get(kind, b"") + data[at + 8:at + 8 + length]
        at += 12 + length
    width, height, depth, color = struct.unpack_from(">IIBB", parts[b"IHDR"])
    if (width, height, depth, color) != (SIZE, SIZE, 8, 2):
        raise ValueError(f"{file}: expected {SIZE}x{SIZE} pixels of 8-bit RGB")
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, 1 + 3 * width)
    if rows[:, 0].any():
        raise ValueError(f"{file}: expected rows with filter 0; draw it anew with examples/reader/train samples")
    return rows[:, 1:].reshape(height, width, 3)


def patterns():
    """Inputs that reach clamps and corners which photographs do not."""
    rng = np.random.default_rng(2)
    yield "noise", rng.integers(0, 256, (SIZE, SIZE, 3), np.uint8)
    yield "black", np.zeros((SIZE, SIZE, 3), np.uint8)
    yield "white", np.full((SIZE, SIZE, 3), 255, np.uint8)
    checks = np.indices((SIZE, SIZE)).sum(0)[..., None] % 2 * np.array([255, 0, 255])
    yield "checks", checks.astype(np.uint8)
    yield "columns", np.broadcast_to(np.arange(SIZE, dtype=np.uint8)[None, :, None] * 2, (SIZE, SIZE, 3))


class Reader(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.model = read_model(READER / "reader.tflite")
        cls.labels = (READER / "labels.txt").read_text().split()

    def test_every_layer_equals_the_numpy_reference(self):
        inputs = [(file.stem, read_png(file)) for file in SAMPLES[::4]] + list(patterns())
        expected = {name: [step.outputs[0].tobytes() for step in run(self.model, [pixels])] for name, pixels in inputs}
        for kernels in os.environ["READER_SETS"].split():
            with self.subTest(kernels), tempfile.TemporaryDirectory() as folder:
                self._run(kernels, inputs, Path(folder))
                for name, layers in expected.items():
                    with self.subTest(name):
                        self._compare(layers, Path(folder) / name)

    def _run(self, kernels, inputs, folder):
        arguments = [os.environ["READER_LAYERS"], kernels]
        for name, pixels in inputs:
            made = folder / name
            made.mkdir()
            (made / "input").write_bytes(pixels.tobytes())
            arguments += [made / "input", made]
        status = subprocess.run(arguments, check=False).returncode
        if status == 77:
            self.skipTest(f"this processor cannot run {kernels}")
        self.assertEqual(status, 0)

    def _compare(self, expected, made):
        self.assertEqual(len(list(made.glob("[0-9]*.bin"))), len(expected))
        for index, layer in enumerate(expected):
            found = (made / f"{index:03}.bin").read_bytes()
            self.assertEqual(found == layer, True, f"operator {self.model.operators[index].code} {index} differs")
        self.assertEqual((made / "output.bin").read_bytes() == expected[-1], True, "the deployed output differs")

    def test_scores_of_a_stream_of_pictures(self):
        pictures = [read_png(file) for file in SAMPLES[:2]] + [pixels for _, pixels in patterns()][:2]
        data = b"".join(pixels.tobytes() for pixels in pictures)
        scores = subprocess.run([os.environ["READER_SCORES"]], input=data, stdout=subprocess.PIPE, check=True).stdout
        expected = [list(run(self.model, [pixels]))[-1].outputs[0].tobytes() for pixels in pictures]
        self.assertEqual(scores, b"".join(expected))

    def test_samples_are_read_as_known(self):
        self.assertGreaterEqual(len(SAMPLES), 12)
        for file in SAMPLES:
            with self.subTest(file.name):
                *_, last = run(self.model, [read_png(file)])
                self.assertEqual(self.labels[int(last.outputs[0].argmax())], MISREAD.get(file.stem, file.stem))

    def test_one_label_a_class(self):
        self.assertEqual(len(self.labels), self.model.tensors[self.model.outputs[0]].shape[-1])
        self.assertEqual(len(set(self.labels)), len(self.labels))

    def test_versions_are_those_of_the_converter(self):
        for index, operator in enumerate(self.model.operators):
            with self.subTest(operator=index, code=operator.code):
                self.assertEqual(operator.version, converter_version(self.model, operator))

    def test_quantization_is_what_runtimes_expect(self):
        for operator in self.model.operators:
            if operator.code not in ("CONV_2D", "DEPTHWISE_CONV_2D"):
                continue
            source, weights, bias = (self.model.tensors[i] for i in operator.inputs)
            output = self.model.tensors[operator.outputs[0]]
            with self.subTest(output.name):
                self.assertEqual(len(weights.scale), output.shape[-1])
                self.assertFalse(any(weights.zero_point))
                self.assertGreaterEqual(int(weights.array().min()), -127)
                np.testing.assert_allclose(bias.scale, np.multiply(weights.scale, source.scale[0]), rtol=1e-6)
                if operator.options["fused_activation_function"] == "RELU6":
                    self.assertEqual(output.zero_point, (-128,))


if __name__ == "__main__":
    unittest.main()
