# SPDX-License-Identifier: Apache-2.0
cmake_minimum_required(VERSION 3.22)
include_guard(GLOBAL)
set(_inlay_opencl_source_folder "${CMAKE_CURRENT_LIST_DIR}")

# inlay_write_opencl_source(<target> <model> <file.cl> [DEVICE <type>])
#
# The custom target <target> writes the OpenCL C source that inlay::opencl_program makes of <model>,
# a library of inlay_add_model, to a file: to read it, or to compile it offline. DEVICE is
# inlay::targets::opencl or a mali<...>.
#
#   inlay_write_opencl_source(reader_cl reader reader.cl
#                             DEVICE "inlay::targets::mali<inlay::targets::mali_gpu::g52>")
#   cmake --build build --target reader_cl
function(inlay_write_opencl_source target model file)
  set(who "inlay_write_opencl_source(${target})")
  cmake_parse_arguments(PARSE_ARGV 3 arg "" "DEVICE" "")
  if(DEFINED arg_UNPARSED_ARGUMENTS OR DEFINED arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "${who}: expected <target> <model> <file.cl> [DEVICE <type>], found: ${ARGN}")
  endif()
  if(NOT TARGET ${model})
    message(FATAL_ERROR "${who}: expected a library of inlay_add_model, found no target ${model}.")
  endif()
  if(arg_DEVICE)
    set(device "${arg_DEVICE}")
  else()
    set(device inlay::targets::opencl)
  endif()
  get_filename_component(file "${file}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
  set(source "${CMAKE_CURRENT_BINARY_DIR}/inlay_opencl/${target}.cpp")
  configure_file("${_inlay_opencl_source_folder}/InlayOpenCLSource.cpp.in" "${source}" @ONLY)
  add_executable(${target}_writer EXCLUDE_FROM_ALL "${source}")
  target_link_libraries(${target}_writer PRIVATE inlay::inlay ${model})
  add_custom_command(OUTPUT "${file}" COMMAND ${target}_writer "${file}" DEPENDS ${target}_writer
                     COMMENT "Writing ${file}" VERBATIM)
  add_custom_target(${target} DEPENDS "${file}")
endfunction()
