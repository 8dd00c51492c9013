// SPDX-License-Identifier: Apache-2.0
#include "../support/loaded_model.hpp"

#include <gtest/gtest.h>
#include <map>

// Files that must be refused, each with a message that says what is wrong, where, what was found
// and what was expected.

namespace {

const std::filesystem::path folder = INLAY_BROKEN_TEST_MODELS;

/// What the message of each file must contain; every file has a line.
const std::map<std::string, std::vector<std::string>> complaints{
    {"activation_per_channel", {"operator 0 (CONV_2D)", "tensor 3", "one scale a channel"}},
    {"activation_tanh", {"operator 0 (CONV_2D)", "activation is TANH", "expected NONE, RELU"}},
    {"add_one_input", {"operator 0 (ADD)", "number of its inputs is 1, expected 2"}},
    {"add_output_scale",
     {"operator 0 (ADD)", "scales are 0.5 and 0.5", "expected an output's scale above 9.53"}},
    {"add_shapes_differ", {"operator 2 (ADD)", "4x4x3 and 4x4x1", "expected one shape"}},
    {"batch_of_2", {"tensor 0", "[2,6,5,3]", "expected a batch of 1"}},
    {"bias_int64", {"operator 0 (CONV_2D)", "bias is int64, expected int32"}},
    {"bias_too_short", {"operator 0 (CONV_2D)", "bias has 3 values, expected 4"}},
    {"buffer_index_out_of_range", {"tensor 1 is in buffer 500", "expected one of the file's 5"}},
    {"buffer_too_large", {"tensor 1", "124 bytes of data, expected 108"}},
    {"buffer_too_small", {"tensor 1", "107 bytes of data, expected 108"}},
    {"channel_mismatch", {"operator 1 (CONV_2D)", "has 4 channels", "2x1x1x5 expect 5"}},
    {"custom_operator", {"operator 0 (CUSTOM)", "\"MyOperator\" is not supported"}},
    {"cycle", {"operator 0 (CONV_2D)", "reads tensor 3", "without a cycle"}},
    {"data_input_left_out", {"operator 0 (CONV_2D)", "input 0 is missing"}},
    {"depth_multiplier_mismatch", {"operator 0 (DEPTHWISE_CONV_2D)", "depth multiplier is 2"}},
    {"dilation_negative", {"operator 0 (CONV_2D)", "dilation is 1x-1, expected at least 1x1"}},
    {"dynamic_shape", {"tensor 0", "only at run time (axis 1)"}},
    {"empty_file", {"0 bytes", "expected a .tflite file"}},
    {"empty_graph", {"0 tensors and 0 operators, expected at least one"}},
    {"float_model", {"operator 0 (CONV_2D)", "input is float32, expected int8 or uint8"}},
    {"garbage", {"damaged", "508 bytes"}},
    {"graph_output_out_of_range", {"model's output 0 is tensor 77", "file's 7"}},
    {"graph_without_output", {"0 outputs, expected 1 to 8"}},
    {"grouped_convolution", {"operator 1 (CONV_2D)", "has 4 channels", "2x1x1x2 expect 2"}},
    {"huge_dimensions", {"tensor 0", "2147483647", "expected each to be at least 1 and at most"}},
    {"hybrid_float_input", {"operator 0 (CONV_2D)", "input is float32, expected int8 or uint8"}},
    {"int16_activations", {"tensor 0 is int16, expected int8 or uint8"}},
    {"kernel_too_large", {"operator 0 (CONV_2D)", "a 3x3 kernel", "fit into the input 2x2x3"}},
    {"mean_over_channels", {"operator 0 (MEAN)", "over the axes", "expected height and width"}},
    {"mean_output_scale", {"operator 0 (MEAN)", "values up to 4080", "expected values up to 1023"}},
    {"mixed_types", {"operator 0 (CONV_2D)", "weights are int8 and its input uint8"}},
    {"negative_dimension", {"tensor 0", "[1,-6,5,3]", "expected each to be at least 1"}},
    {"no_operators", {"7 tensors and 0 operators, expected at least one each"}},
    {"operator_version_99", {"operator 0 (CONV_2D)", "version 99, expected 1 to"}},
    {"options_missing", {"operator 0 (CONV_2D)", "has no options"}},
    {"output_index_out_of_range", {"operator 0 (CONV_2D)", "its output is tensor 77"}},
    {"output_shape_mismatch", {"operator 0 (CONV_2D)", "output is 5x5x4, expected 6x5x4"}},
    {"pad_negative", {"operator 0 (PAD)", "pads by -1, expected 0 to 4096"}},
    {"pool_empty_window", {"operator 0 (AVERAGE_POOL_2D)", "kernel is 0x4, expected at least"}},
    {"pool_rescales", {"operator 0 (AVERAGE_POOL_2D)", "scale 0.0213", "scale 0.5", "disagree"}},
    {"quantization_missing", {"operator 0 (CONV_2D)", "input has no quantization scale"}},
    {"quantize_output_scale",
     {"operator 0 (QUANTIZE)", "values up to 255", "expected values up to 63"}},
    {"reads_later_tensor", {"operator 0 (CONV_2D)", "reads tensor 6", "order of execution"}},
    {"reshape_changes_count",
     {"operator 1 (RESHAPE)", "1x1x6 has 6 elements", "expected the same"}},
    {"reshape_dynamic", {"the model has 2 inputs, expected 1"}},
    {"reshape_two_wildcards", {"operator 1 (RESHAPE)", "stated as [1,6]"}},
    {"root_offset_huge", {"damaged"}},
    {"root_offset_out_of_range", {"damaged"}},
    {"scale_count", {"operator 0 (CONV_2D)", "3 weight scales, expected 4"}},
    {"scale_infinite", {"tensor 0", "scale infinity, expected a positive number"}},
    {"scale_nan", {"tensor 0", "scale NaN, expected a positive number"}},
    {"scale_negative", {"operator 0 (CONV_2D)", "channel 1 is -0.1, expected a positive number"}},
    {"scale_zero", {"tensor 3", "scale 0, expected a positive number"}},
    {"schema_version_2", {"schema version 2, expected 3"}},
    {"softmax_scale", {"operator 2 (SOFTMAX)", "0.0078125", "expected scale 0.00390625"}},
    {"sparse_tensor", {"tensor 1 is sparse, expected a dense one"}},
    {"stride_zero", {"operator 0 (CONV_2D)", "stride is 0x1, expected at least 1x1"}},
    {"tensor_index_negative", {"operator 0 (CONV_2D)", "tensor -2, expected one of the file's 7"}},
    {"tensor_index_out_of_range", {"operator 0 (CONV_2D)", "tensor 77, expected one of"}},
    {"too_many_dimensions", {"tensor 0 has 7 extents, expected at most 5"}},
    {"truncated_at_3", {"3 bytes", "expected a .tflite file"}},
    {"truncated_at_8", {"damaged", "8 bytes"}},
    {"truncated_at_end", {"damaged", "1264 bytes"}},
    {"truncated_at_half", {"damaged", "664 bytes"}},
    {"truncated_at_quarter", {"damaged", "332 bytes"}},
    {"two_subgraphs", {"2 subgraphs, expected 1"}},
    {"unsupported_operator", {"operator 0 (RESIZE_BILINEAR)", "code 23) is not supported"}},
    {"variable_tensor", {"tensor 3 is variable"}},
    {"weight_zero_point", {"operator 0 (CONV_2D)", "zero point 3 in channel 0, expected 0"}},
    {"weights_shape_wraps", {"tensor 1", "[4,32768,32768,4]", "at most 1073741824 elements"}},
    {"weights_without_data", {"operator 0 (CONV_2D)", "tensor 1 has no data"}},
    {"written_twice", {"operator 1 (CONV_2D)", "writes tensor 3", "written once"}},
    {"wrong_identifier", {"\"TFL3\" at byte 4"}},
    {"wrong_quantized_dimension", {"operator 0 (CONV_2D)", "along axis 3, expected axis 0"}},
    {"zero_dimension", {"tensor 0", "[1,0,5,3]", "expected each to be at least 1"}},
    {"zero_point_out_of_range", {"tensor 3 (int8) has the zero point 300"}},
};

class broken : public testing::TestWithParam<std::string> {};

TEST_P(broken, is_refused_with_a_reason) {
  const inlay::test::loaded_model model(folder / (GetParam() + ".tflite"));
  ASSERT_FALSE(model.found.ok());
  const auto expected = complaints.find(GetParam());
  ASSERT_NE(expected, complaints.end()) << "no expectation for: " << model.message();
  for (const std::string& part : expected->second) {
    EXPECT_NE(model.message().find(part), std::string::npos)
        << "expected \"" << part << "\" in: " << model.message();
  }
  EXPECT_LT(model.message().size(), inlay::text::capacity) << "the message is cut";
}

INSTANTIATE_TEST_SUITE_P(files, broken, testing::ValuesIn(inlay::test::models_in(folder)),
                         [](const auto& name) { return name.param; });

TEST(broken_folder, has_every_file) {
  EXPECT_EQ(inlay::test::models_in(folder).size(), complaints.size());
}

} // namespace
