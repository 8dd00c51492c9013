# SPDX-License-Identifier: Apache-2.0
"""inlay-inspect on files that are wrong: a message that names the reason, and exit code 1."""

import tempfile
import unittest
from pathlib import Path

from programs import place, run

# What the message about a broken file must match.
REASONS = {
    "activation_per_channel": "one scale a channel",
    "activation_tanh": r"operator 0 \(CONV_2D\).*TANH",
    "add_one_input": r"\(ADD\).*inputs is 1",
    "add_shapes_differ": r"\(ADD\).*4x4x3.*4x4x1",
    "batch_of_2": "batch of 1",
    "bias_int64": "bias is int64, expected int32",
    "bias_too_short": "bias has 3 values, expected 4",
    "buffer_index_out_of_range": "buffer 500",
    "buffer_too_large": "124 bytes.*expected 108",
    "buffer_too_small": "107 bytes.*expected 108",
    "channel_mismatch": r"operator 1 \(CONV_2D\).*4.*expect 5",
    "custom_operator": "MyOperator",
    "cycle": "without a cycle",
    "depth_multiplier_mismatch": r"\(DEPTHWISE_CONV_2D\).*multiplier is 2",
    "dynamic_shape": "run time",
    "empty_file": "has 0 bytes",
    "float_model": "float32, expected int8 or uint8",
    "graph_output_out_of_range": "tensor 77",
    "graph_without_output": "0 outputs",
    "grouped_convolution": r"operator 1 \(CONV_2D\).*4 channels.*expect 2",
    "huge_dimensions": "2147483647",
    "int16_activations": "int16",
    "kernel_too_large": "3x3 kernel.*2x2x3",
    "mean_over_channels": r"\(MEAN\).*height and width",
    "negative_dimension": "-6",
    "operator_version_99": "version 99",
    "output_shape_mismatch": "5x5x4, expected 6x5x4",
    "pad_negative": r"\(PAD\).*-1",
    "pool_rescales": r"\(AVERAGE_POOL_2D\).*0.0213.*0.5",
    "quantization_missing": "no quantization",
    "reads_later_tensor": "tensor 6",
    "root_offset_huge": "damaged",
    "root_offset_out_of_range": "damaged",
    "scale_count": "3 weight scales, expected 4",
    "scale_nan": "NaN",
    "scale_negative": "channel 1.*-0.1",
    "schema_version_2": "version 2, expected 3",
    "softmax_scale": r"\(SOFTMAX\).*0.0078125.*0.00390625",
    "sparse_tensor": "sparse",
    "stride_zero": "stride",
    "tensor_index_out_of_range": "tensor 77",
    "too_many_dimensions": "7 extents",
    "truncated_at_half": "damaged",
    "two_subgraphs": "2 subgraphs",
    "unsupported_operator": r"operator 0 \(RESIZE_BILINEAR\)",
    "variable_tensor": "variable",
    "weight_zero_point": "zero point 3",
    "written_twice": "tensor 3.*once",
    "wrong_identifier": "TFL3",
    "wrong_quantized_dimension": "axis 3, expected axis 0",
    "zero_dimension": "1,0,5,3",
    "zero_point_out_of_range": "zero point 300",
}


class Refusal(unittest.TestCase):
    def refused(self, *arguments) -> str:
        done = run("INLAY_INSPECT", *arguments)
        self.assertEqual(done.returncode, 1, done.stdout[:500])
        self.assertEqual(done.stdout, "")
        self.assertTrue(done.stderr.startswith("inlay-inspect: "), done.stderr)
        return done.stderr

    def test_every_broken_file_gets_a_message(self):
        files = sorted(place("BROKEN_TEST_MODELS").glob("*.tflite"))
        self.assertGreaterEqual(len(files), 74)
        self.assertLessEqual(set(REASONS), {file.stem for file in files})
        for file in files:
            with self.subTest(file=file.name, reason=file.with_suffix(".txt").read_text().strip()):
                message = self.refused(file)
                self.assertIn(file.name, message)
                self.assertGreater(len(message.strip()), len(f"inlay-inspect: {file}: ") + 15)
                self.assertRegex(message, REASONS.get(file.stem, "expected|not supported|missing|does not fit"))

    def test_missing_file_and_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertIn("No such file", self.refused(Path(folder) / "none.tflite"))
            self.assertIn("is a folder, expected a .tflite file", self.refused(folder))

    def test_picture_that_cannot_be_written(self):
        model = place("TEST_MODELS") / "conv_same.tflite"
        self.assertIn("cannot be written", self.refused(model, "--svg-graph", "/no/such/folder/graph.svg"))

    def test_wrong_command_lines(self):
        for arguments in ((), ("--no-such-option",), ("a.tflite", "--target", "abacus")):
            with self.subTest(arguments=arguments):
                self.assertEqual(run("INLAY_INSPECT", *arguments).returncode, 2)


if __name__ == "__main__":
    unittest.main()
