# SPDX-License-Identifier: Apache-2.0
#
# One case for each mistake, with what its message must say: where, what was found, what was
# expected.

# Networks written by hand.
inlay_add_must_not_compile(conv2d_channels conv2d_channels.cpp
  "layer 1 .CONV_2D.: its input 4x4x5 has 5 channels, its filters 2x1x1x4 expect 4")
inlay_add_must_not_compile(depthwise_channels depthwise_channels.cpp
  "layer 0 .DEPTHWISE_CONV_2D.: its input 4x4x3 has 3 channels, its filters 1x3x3x5 give 5")
inlay_add_must_not_compile(fully_connected_inputs fully_connected_inputs.cpp
  "layer 0 .FULLY_CONNECTED.: its input 4x4x3 has 48 elements, its filters 2x47 expect 47")
inlay_add_must_not_compile(residual_shape residual_shape.cpp
  "layer 1 .ADD.: its inputs are 4x4x3 and 4x4x5, expected one shape")
inlay_add_must_not_compile(reshape_elements reshape_elements.cpp
  "layer 0 .RESHAPE.: its input 4x4x3 has 48 elements and its output 50" "expected the same")
inlay_add_must_not_compile(kernel_too_large kernel_too_large.cpp
  "layer 0 .AVERAGE_POOL_2D.: a 5x4 kernel .* does not fit into the input 4x4x3")
inlay_add_must_not_compile(expect_quantization expect_quantization.cpp
  "layer 1 .expect.: what arrives is int8 4x4x5 .scale 0.5 zero point 0.," "expected int8 4x4x5 .scale 0.25 zero point -3.")
inlay_add_must_not_compile(expect_shape expect_shape.cpp
  "layer 1 .expect.: what arrives is int8 4x4x5 " "expected int8 2x2x5 ")
inlay_add_must_not_compile(weights_count weights_count.cpp
  "layer 0 .CONV_2D.: it has 16 weights, which does not fill filters of 5x1x1x3")
inlay_add_must_not_compile(scales_count scales_count.cpp
  "layer 0 .CONV_2D.: it has 4 weight scales, expected 5, one an output channel")
inlay_add_must_not_compile(bias_count bias_count.cpp
  "layer 0 .CONV_2D.: its bias has 6 values, expected 5, one an output channel")
inlay_add_must_not_compile(shape_only_run shape_only_run.cpp
  "layer 0 .CONV_2D.: it has no weights, expected parameters for every layer")

# The template arguments of an engine.
function(wrong_arguments name wrong right)
  set(source "${CMAKE_CURRENT_BINARY_DIR}/arguments_${name}.cpp")
  configure_file(engine_arguments.cpp.in "${source}" @ONLY)
  inlay_add_must_not_compile(arguments.${name} "${source}" ${ARGN})
endfunction()
set(a_model "the first template argument is a model file, expected a network: inlay::tflite::network<models::NAME>")
set(reference "targets::reference")
set(npu "targets::ethos_u55<128>")
wrong_arguments(engine_of_model "engine<model, ${reference}>" "engine<small, ${reference}>"
  "${a_model}")
wrong_arguments(streamed_of_model "streamed_engine<model, ${reference}>"
  "streamed_engine<small, ${reference}>" "${a_model}")
wrong_arguments(dispatched_of_model "dispatched<model>" "dispatched<small>" "${a_model}")
wrong_arguments(ethos_u_of_model "ethos_u_engine<model, ${npu}>" "ethos_u_engine<small, ${npu}>"
  "${a_model}")
wrong_arguments(opencl_of_model "opencl_program<model>" "opencl_program<small>" "${a_model}")
wrong_arguments(network_missing "engine<${reference}>" "engine<small, ${reference}>"
  "the network is missing: the first template argument is a target .reference., expected a network, and the target after it")
wrong_arguments(no_network "engine<int, ${reference}>" "engine<small, ${reference}>"
  "the first template argument is no network, expected inlay::tflite::network, inlay::network or")
wrong_arguments(target_missing "engine<small, small>" "engine<small, ${reference}>"
  "the target is missing: the second template argument is a network, expected a processor's, such as inlay::targets::native")
wrong_arguments(no_target "ethos_u_engine<small, int>" "ethos_u_engine<small, ${npu}>"
  "the target is missing: the second template argument is no target, expected an NPU's: inlay::targets::ethos_u55 or ethos_u65")
wrong_arguments(processor_for_npu "ethos_u_engine<small, ${reference}>"
  "ethos_u_engine<small, ${npu}>"
  "the target reference is for inlay::engine and streamed_engine, expected an NPU's")
wrong_arguments(npu_for_opencl "opencl_program<small, ${npu}>" "opencl_program<small>"
  "the target ethos-u55-128 is for inlay::ethos_u_engine, expected OpenCL's: inlay::targets::opencl or mali")
wrong_arguments(opencl_for_processor "streamed_engine<small, targets::opencl>"
  "streamed_engine<small, ${reference}>"
  "the target OpenCL is for inlay::opencl_program, expected a processor's")
wrong_arguments(file_missing "tflite::network<small>" "small"
  "the template argument of inlay::tflite::network is no model file, expected models::NAME")

# What is handed to an engine.
inlay_add_must_not_compile(input_size input_size.cpp
  "the input has 49 elements, expected 4x4x3 = 48")
inlay_add_must_not_compile(input_shape input_shape.cpp
  "the input has the shape 3x4x4, expected 4x4x3")
inlay_add_must_not_compile(input_element input_element.cpp
  "the input's elements are of another type, expected int8")
inlay_add_must_not_compile(input_dynamic input_dynamic.cpp
  "the input's size is known only at run time, expected int8 4x4x3")
inlay_add_must_not_compile(input_pointer input_pointer.cpp
  "the input is a pointer or no tensor, expected int8 4x4x3 in a"
  "a pointer becomes one by input::const_view[(]pointer[)]")
inlay_add_must_not_compile(input_vector input_vector.cpp
  "the input's size is known only at run time, expected int8 4x4x3")
inlay_add_must_not_compile(workspace_of_another workspace_of_another.cpp
  "the workspace belongs to another network, target or choice of options"
  "expected this engine's own workspace, whose arena has 80 bytes")
inlay_add_must_not_compile(workspace_of_other_options workspace_of_other_options.cpp
  "the workspace belongs to another network, target or choice of options")
inlay_add_must_not_compile(parameters_missing parameters_missing.cpp
  "the parameters are missing: this target packs the constants of the network"
  "expected, before the workspace, this engine's parameters of 64 bytes")
inlay_add_must_not_compile(parameters_of_another parameters_of_another.cpp
  "the parameters belong to another network, target or choice of options"
  "expected this engine's own parameters of 64 bytes")

inlay_add_must_not_compile(instructions_missing instructions_missing.cpp
  "the target .* cannot run here, it only plans and packs: this translation unit is compiled without"
  "expected the compiler flags of that processor")

inlay_add_must_not_compile(streamed_workspace streamed_workspace.cpp
  "the workspace belongs to another network, target or choice of options")
inlay_add_must_not_compile(streamed_rows streamed_rows.cpp
  "the image comes by rows; expected a function that can be called as image.row, y. and fills in row, an inlay::tensor_view of int8 4x3")

# Model files.
if(NOT Python3_EXECUTABLE)
  inlay_add_skipped_test(must_not_compile.files "python3 with numpy and flatbuffers is missing")
  return()
endif()
inlay_add_model(right_model "${INLAY_TEST_MODELS}/conv_same.tflite")
inlay_add_must_not_compile(foreign_file foreign_file.cpp
  "the file does not have \"TFL3\" at byte 4, expected a .tflite file" LIBRARIES right_model)

function(refused_file name)
  set(source "${CMAKE_CURRENT_BINARY_DIR}/refused_${name}.cpp")
  configure_file(model_file.cpp.in "${source}" @ONLY)
  inlay_add_model(refused_${name} "${INLAY_BROKEN_TEST_MODELS}/${name}.tflite")
  inlay_add_must_not_compile(${name} "${source}" ${ARGN} LIBRARIES right_model refused_${name})
endfunction()

refused_file(unsupported_operator
  "operator 0 .RESIZE_BILINEAR.: this operator .builtin code 23. is not supported")
refused_file(custom_operator "operator 0 .CUSTOM.: the custom operator \"MyOperator\" is not supported")
refused_file(operator_version_99 "operator 0 .CONV_2D.: it has version 99, expected 1 to [0-9]+")
refused_file(activation_tanh
  "operator 0 .CONV_2D.: its fused activation is TANH, expected NONE, RELU, RELU6 or RELU_N1_TO_1")
refused_file(truncated_at_half
  "the file is damaged: an offset in it leads out of its 664 bytes; expected a whole .tflite file")
refused_file(pool_rescales
  "operator 0 .AVERAGE_POOL_2D.: quantization of input .scale 0.0213 zero point 4."
  "output .scale 0.5 zero point 4. disagree, expected the same")
refused_file(channel_mismatch
  "operator 1 .CONV_2D.: its input 6x5x4 has 4 channels, its filters 2x1x1x5 expect 5")
refused_file(add_output_scale
  "operator 0 .ADD.: its inputs' scales are 0.5 and 0.5 and its output's 9.536743e-7, expected an output's scale above 9.536743e-7")
refused_file(float_model "operator 0 .CONV_2D.: its input is float32, expected int8 or uint8")
refused_file(weight_zero_point
  "operator 0 .CONV_2D.: its weights have the zero point 3 in channel 0, expected 0")
refused_file(cycle "operator 0 .CONV_2D.: it reads tensor 3, which no earlier operator writes")
