# SPDX-License-Identifier: Apache-2.0
"""Tests of the reference itself: python3 -m unittest test_reference -v, from this folder.

The golden tests need real models: set INLAY_SHARED to the folder that holds models/ and golden/ (by
default shared/ beside the checkout). Without it they are reported as skipped.
"""

import hashlib
import math
import os
import sys
import tempfile
import unittest
from fractions import Fraction
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import broken_models
import corpus
import fixed_point
import make_models
import numpy_exponentials
import numpy_kernels
import tflite_model
import tflite_reader
from interpreter import run
from numpy_quantization import Quant
from tflite_writer import Model, Operator, Tensor, to_bytes

SHARED = Path(os.environ.get("INLAY_SHARED", Path(__file__).resolve().parents[3] / "shared"))
CLASSIFIERS = {"tf2_mobilenet_v2_1.0_224_ptq": "parrot", "mobilenet_v2_1.0_224_quant": "hot_dog"}
INT32_MIN, INT32_MAX = -(1 << 31), (1 << 31) - 1


def exact_mbqm(x, multiplier, shift):
    """The same product from its definition, in exact fractions: two roundings with different ties."""
    product = Fraction((x << max(shift, 0)) * multiplier, 1 << 31)
    high = min(math.floor(product + Fraction(1, 2)), INT32_MAX)
    quotient = Fraction(high, 1 << max(-shift, 0))
    magnitude = math.floor(abs(quotient) + Fraction(1, 2))
    return magnitude if quotient >= 0 else -magnitude


class FixedPoint(unittest.TestCase):
    def test_mbqm_extremes(self):
        values = [INT32_MIN, INT32_MIN + 1, -(1 << 30), -3, -2, -1, 0, 1, 2, 3, 1 << 30, INT32_MAX]
        multipliers = [0, 1, 1 << 30, (1 << 30) + 1, 3 << 29, INT32_MAX]
        for x in values:
            for multiplier in multipliers:
                for shift in (-31, -30, -9, -1, 0):
                    self.assertEqual(int(fixed_point.mbqm(x, multiplier, shift)), exact_mbqm(x, multiplier, shift),
                                     (x, multiplier, shift))

    def test_mbqm_random(self):
        rng = np.random.default_rng(7)
        for bits in (4, 12, 20, 31):
            x = rng.integers(-(1 << bits), 1 << bits, 4000)
            multiplier = rng.integers(1 << 30, 1 << 31, 4000)
            shift = rng.integers(-31, 32 - bits, 4000)
            found = fixed_point.mbqm(x, multiplier, shift)
            expected = [exact_mbqm(*map(int, row)) for row in zip(x, multiplier, shift)]
            np.testing.assert_array_equal(found, expected)

    def test_mbqm_hits_every_tie(self):
        # multiplier 2^30 halves: ties in the first rounding; the shift makes ties in the second.
        for x in range(-70, 71):
            for shift in range(-4, 3):
                self.assertEqual(int(fixed_point.mbqm(x, 1 << 30, shift)), exact_mbqm(x, 1 << 30, shift), (x, shift))

    def test_srdhm_saturates_once(self):
        self.assertEqual(int(fixed_point.srdhm(INT32_MIN, INT32_MIN)), INT32_MAX)
        self.assertEqual(int(fixed_point.srdhm(INT32_MIN, INT32_MIN + 1)), INT32_MAX)
        self.assertEqual(int(fixed_point.srdhm(INT32_MIN, INT32_MAX)), INT32_MIN + 1)

    def test_mbqm_refuses_overflow(self):
        with self.assertRaises(OverflowError):
            fixed_point.mbqm(1 << 30, 1 << 30, 1)

    def test_quantize_multiplier(self):
        self.assertEqual(fixed_point.quantize_multiplier(1.0), (1 << 30, 1))
        self.assertEqual(fixed_point.quantize_multiplier(0.0), (0, 0))
        self.assertEqual(fixed_point.quantize_multiplier(1 - 2.0 ** -40), (1 << 30, 1))
        self.assertEqual(fixed_point.quantize_multiplier(2.0 ** -32), (1 << 30, -31))
        self.assertEqual(fixed_point.quantize_multiplier(2.0 ** -33), (0, 0))

    def test_exponential_is_close(self):
        for bits in (4, 5):
            raw = np.concatenate([-np.arange(0, 1 << 31, 999983), [-1, -(1 << 29)]])
            found = fixed_point.exp_on_negative_values(raw, bits) / (1 << 31)
            np.testing.assert_allclose(found, np.exp(raw / (1 << (31 - bits))), atol=3e-7)

    def test_reciprocal_is_close(self):
        raw = np.concatenate([np.arange(0, 1 << 31, 999983), [INT32_MAX]])
        found = fixed_point.one_over_one_plus_x(raw) / (1 << 31)
        np.testing.assert_allclose(found, 1 / (1 + raw / (1 << 31)), atol=3e-8)


class Kernels(unittest.TestCase):
    def test_logistic_matches_real_numbers(self):
        for type, low, high in (("int8", -128, 127), ("uint8", 0, 255)):
            codes = np.arange(low, high + 1).astype(type)
            quant = Quant(type, (0.05,), (low + 100,))
            found = numpy_exponentials.logistic(codes, quant, Quant(type, (1 / 256,), (low,)))
            real = 256 / (1 + np.exp(-0.05 * (codes.astype(float) - low - 100))) + low
            self.assertLessEqual(np.abs(found - np.minimum(real, high)).max(), 0.51, type)

    def test_softmax_matches_real_numbers(self):
        x = np.random.default_rng(5).integers(-128, 128, (9, 30)).astype(np.int8)
        found = numpy_exponentials.softmax(x, Quant("int8", (0.03,), (0,)),
                                      Quant("int8", (1 / 256,), (-128,)), beta=0.5)
        power = np.exp(0.5 * 0.03 * x.astype(float))
        self.assertLessEqual(np.abs(found + 128 - 256 * power / power.sum(1, keepdims=True)).max(), 0.51)

    def test_pool_ties_round_away_from_zero_in_int8_and_up_in_uint8(self):
        def pool(values, type, zero_point):
            quant = Quant(type, (0.5,), (zero_point,))
            x = np.array(values, type).reshape(1, 1, 2, 1)
            return int(numpy_kernels.average_pool_2d(x, quant, quant, kernel=(1, 2), strides=(1, 1), mode="VALID",
                                                     activation="NONE").item())
        self.assertEqual([pool([-3, -4], "int8", 0), pool([3, 4], "int8", 0), pool([3, 4], "uint8", 128)], [-4, 4, 4])

    def test_quantize_rounds_the_number_before_one_half_down(self):
        below_half = np.nextafter(np.float32(0.5), np.float32(0))
        out = Quant("int8", (1.0,), (0,))
        found = numpy_kernels.quantize(np.array([below_half, 0.5, -0.5, 1.5, 2.5], np.float32), None, out)
        self.assertEqual(found.tolist(), [0, 1, -1, 2, 3])

    def test_overflowing_accumulator_is_refused(self):
        x = np.full((1, 1, 1, 1), 127, np.int8)
        quant = Quant("int8", (1.0,), (-128,))
        with self.assertRaises(OverflowError):
            numpy_kernels.conv_2d(x, quant, x, Quant("int8", (1.0,), (0,)), np.array([INT32_MAX]), quant,
                                  strides=(1, 1), dilations=(1, 1), mode="VALID", activation="NONE")


class Files(unittest.TestCase):
    def test_round_trip(self):
        for name in corpus.CORPUS:
            with self.subTest(name):
                model, _ = corpus.build(name)
                back = tflite_reader.from_bytes(to_bytes(model))
                self.assertEqual((back.inputs, back.outputs, back.name), (model.inputs, model.outputs, model.name))
                for a, b in zip(model.tensors, back.tensors, strict=True):
                    for field in ("name", "shape", "type", "scale", "zero_point", "quantized_dimension"):
                        self.assertEqual(getattr(a, field), getattr(b, field), (a.name, field))
                    self.assertEqual(a.data is None, b.data is None)
                    if a.data is not None:
                        np.testing.assert_array_equal(a.array(), b.data)
                for a, b in zip(model.operators, back.operators, strict=True):
                    self.assertEqual((a.code, a.inputs, a.outputs), (b.code, b.inputs, b.outputs))
                    self.assertEqual(b.version, tflite_model.converter_version(model, a))
                    for option, value in (a.options or {}).items():
                        self.assertEqual(np.asarray(b.options[option]).tolist(), np.asarray(value).tolist(), option)

    def test_constants_are_aligned(self):
        data = np.frombuffer(bytes(range(1, 200)), np.int8)
        for lead in range(1, 20):
            tensors = [Tensor("a" * lead, (lead,), data=data[:lead].copy()), Tensor("b", (199,), data=data)]
            file = to_bytes(Model(tensors, [], [], []))
            self.assertEqual(file.find(data.tobytes()) % 16, 0)

    def test_wrong_models_are_refused_by_the_writer(self):
        with self.assertRaisesRegex(ValueError, "is not one of the 1 tensors"):
            to_bytes(Model([Tensor("a", (1,))], [Operator("LOGISTIC", [4], [0])], [0], [0]))
        with self.assertRaisesRegex(ValueError, "3 bytes of data, expected 4"):
            to_bytes(Model([Tensor("a", (4,), data=b"abc")], [], [], []))
        with self.assertRaisesRegex(ValueError, "has no option"):
            to_bytes(Model([Tensor("a", (1,)), Tensor("b", (1,))], [Operator("SOFTMAX", [0], [1], {"betta": 1})],
                           [0], [1]))

    def test_corpus_covers_every_operator_and_activation(self):
        models = [corpus.build(name)[0] for name in corpus.CORPUS]
        operators = [operator for model in models for operator in model.operators]
        codes = {"QUANTIZE", "DEQUANTIZE", "CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "ADD", "AVERAGE_POOL_2D",
                 "MEAN", "PAD", "RESHAPE", "SQUEEZE", "SOFTMAX", "LOGISTIC"}
        self.assertEqual({operator.code for operator in operators}, codes)
        self.assertEqual({(o.options or {}).get("fused_activation_function") for o in operators} - {None},
                         {"NONE", "RELU", "RELU6", "RELU_N1_TO_1"})
        self.assertEqual(len({model.name for model in models}), len(models))

    def test_corpus_is_small_and_the_same_each_time(self):
        with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
            make_models.write_corpus(Path(a))
            make_models.write_corpus(Path(b))
            for file in sorted(Path(a).iterdir()):
                self.assertEqual(file.read_bytes(), (Path(b) / file.name).read_bytes(), file.name)
                self.assertLess(file.stat().st_size, 20_000, file.name)

    def test_corpus_outputs_are_not_saturated(self):
        # A model whose outputs sit at two values would not notice a wrong kernel.
        for name in corpus.CORPUS:
            model, value = corpus.build(name)
            for step in run(model, [value]):
                size = step.outputs[0].size
                self.assertGreaterEqual(len(np.unique(step.outputs[0])), min(size // 2, 9), (name, step.operator.code))

    def test_broken_files_differ_from_good_ones_and_from_each_other(self):
        files = broken_models.all_files()
        self.assertEqual(len({file for file, _ in files.values()}), len(files))
        good = to_bytes(broken_models.good())
        for name, (file, reason) in files.items():
            self.assertNotEqual(file, good, name)
            self.assertEqual(len(reason.splitlines()), 1, name)


@unittest.skipUnless((SHARED / "golden").is_dir(), f"no golden tensors in {SHARED}; set INLAY_SHARED")
class Golden(unittest.TestCase):
    def test_every_layer_of_both_classifiers(self):
        for name, picture in CLASSIFIERS.items():
            folder = SHARED / "golden" / name / picture
            lines = [line.split() for line in (folder / "layers.sha256").read_text().splitlines()
                     if not line.startswith("#")]
            model = tflite_reader.read_model(SHARED / "models" / f"{name}.tflite")
            image = np.frombuffer((folder / "input.bin").read_bytes(), np.uint8)
            for step, line in zip(run(model, [image]), lines, strict=True):
                with self.subTest(model=name, layer=line[:5]):
                    self.assertEqual(hashlib.sha256(step.outputs[0].tobytes()).hexdigest(), line[-1])

    def test_real_models_survive_being_written_again(self):
        for name, picture in CLASSIFIERS.items():
            model = tflite_reader.read_model(SHARED / "models" / f"{name}.tflite")
            for operator in model.operators:
                self.assertEqual(operator.version, tflite_model.converter_version(model, operator), operator.code)
            again = tflite_reader.from_bytes(to_bytes(model))
            image = np.frombuffer((SHARED / "golden" / name / picture / "input.bin").read_bytes(), np.uint8)
            expected = (SHARED / "golden" / name / picture / "output.bin").read_bytes()
            last = list(run(again, [image]))[-1]
            self.assertEqual(last.outputs[0].tobytes(), expected, name)


if __name__ == "__main__":
    unittest.main()
