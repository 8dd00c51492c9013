# SPDX-License-Identifier: Apache-2.0
#
# Calls inlay_add_model in a small project made in FOLDER: wrong calls must stop with the right
# words, and the header must be written again when the model or the labels change, and only then.
cmake_minimum_required(VERSION 3.22)
file(REMOVE_RECURSE "${FOLDER}")
file(WRITE "${FOLDER}/net.tflite" "0000TFL3 and more")
file(WRITE "${FOLDER}/short.tflite" "0000TFL")
file(WRITE "${FOLDER}/other.tflite" "0000ONNX and more")
file(WRITE "${FOLDER}/lfs.tflite"
     "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 4020936\n")
file(WRITE "${FOLDER}/labels.txt" "one\ntwo\n")
file(WRITE "${FOLDER}/blank.txt" "\r\n \n")

set(module "${ADD_MODEL}")
include("${CMAKE_CURRENT_LIST_DIR}/refusals.cmake")

expect_refusal("inlay_add_model(mobilenet-v2 net.tflite)"
               "expected a C++ identifier, found \"mobilenet-v2\"" "for example mobilenet_v2_net")
expect_refusal("inlay_add_model(2nd net.tflite)" "found \"2nd\"" "for example _2nd_net")
expect_refusal("inlay_add_model(class net.tflite)" "expected a C++ identifier, found \"class\"")
expect_refusal("inlay_add_model(size net.tflite)" "found \"size\", which is a member")
expect_refusal("inlay_add_model(net net.tflite NAMESPACE my::new)"
               "NAMESPACE my::new: expected a C++ identifier, found \"new\"")
expect_refusal("inlay_add_model(inlay net.tflite)" "the target inlay exists already")
expect_refusal("inlay_add_model(net net.tflite labels.txt)"
               "found too much or too little: labels.txt" "Example: inlay_add_model(")
expect_refusal("inlay_add_model(net net.tflite LABELS)" "found too much or too little: LABELS")
expect_refusal("inlay_add_model(net missing.tflite)" "inlay_add_model(net): expected a .tflite file"
               "found no file at ${FOLDER}/missing.tflite")
expect_refusal("inlay_add_model(net .)" "found no file at ${FOLDER}")
expect_refusal("inlay_add_model(net short.tflite)" "at least 8 bytes, found 7"
               "${FOLDER}/short.tflite")
expect_refusal("inlay_add_model(net other.tflite)"
               "expected the bytes \"TFL3\" (54464c33) at offset 4, found 4f4e4e58")
expect_refusal("inlay_add_model(net lfs.tflite)" "found a Git LFS pointer" "git lfs pull")
expect_refusal("inlay_add_model(net net.tflite LABELS missing.txt)"
               "expected a labels file, found no file at ${FOLDER}/missing.txt")
expect_refusal("inlay_add_model(net net.tflite LABELS blank.txt)"
               "expected a labels file with one label a line, found none" "leave LABELS out")

configure("inlay_add_model(net net.tflite LABELS labels.txt)")
if(NOT result EQUAL 0)
  message(FATAL_ERROR "expected that a right call is taken, found\n  ${said}")
endif()
set(header "${FOLDER}/build/inlay_models/models/net.hpp")

function(build)
  execute_process(COMMAND "${CMAKE_COMMAND}" --build "${FOLDER}/build" --target net_header
                  RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
  set(result "${result}" PARENT_SCOPE)
  set(said "${said}" PARENT_SCOPE)
endfunction()

# What a changed file should lead to; a mark at the header's end shows whether it was written again.
function(expect_header when text)
  build()
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${when}: expected a header, found\n${said}")
  endif()
  file(READ "${header}" found)
  string(FIND "${found}" "${text}" position)
  if(position EQUAL -1)
    message(FATAL_ERROR "${when}: expected a header with\n  ${text}\nfound\n${found}")
  endif()
  string(FIND "${found}" "// mark" position)
  if(ARGN STREQUAL "MARKED" AND position EQUAL -1)
    message(FATAL_ERROR "${when}: expected that the header stays, and it was written again")
  elseif(NOT ARGN STREQUAL "MARKED" AND NOT position EQUAL -1)
    message(FATAL_ERROR "${when}: expected that the header is written again, and it stays")
  endif()
  file(APPEND "${header}" "// mark")
  # For file systems and makes that count in seconds.
  execute_process(COMMAND "${CMAKE_COMMAND}" -E sleep 1)
endfunction()

expect_header("first build" "size = 17;")
expect_header("nothing changed" "size = 17;" MARKED)
file(TOUCH "${FOLDER}/net.tflite")
expect_header("model touched" "size = 17;")
file(APPEND "${FOLDER}/net.tflite" "!")
expect_header("model changed" "size = 18;")
file(WRITE "${FOLDER}/labels.txt" "one\ntwo\nthree\n")
expect_header("labels changed" "3> labels{")
file(WRITE "${FOLDER}/net.tflite" "no model any more")
build()
if(result EQUAL 0 OR NOT said MATCHES "expected the bytes \"TFL3\"")
  message(FATAL_ERROR "model broken: expected that the build says so, found\n${said}")
endif()
