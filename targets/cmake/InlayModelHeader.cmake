# SPDX-License-Identifier: Apache-2.0
#
# Checks a .tflite file and its labels, and writes both as a C++ header. Included by
# InlayAddModel.cmake for the checks at configure time, and run by the build as
#   cmake -DNAME=net -DNAMESPACE=models -DMODEL=net.tflite -DLABELS= -DOUTPUT=models/net.hpp
#         -P InlayModelHeader.cmake
cmake_minimum_required(VERSION 3.22)

# Stops with an error that begins with `who` unless `model` looks like a TensorFlow Lite file.
function(inlay_check_model who model)
  if(NOT EXISTS "${model}" OR IS_DIRECTORY "${model}")
    message(FATAL_ERROR "${who}: expected a .tflite file, found no file at\n  ${model}\n"
                        "Check the path; a relative one starts at the calling CMakeLists.txt.")
  endif()
  file(SIZE "${model}" size)
  file(READ "${model}" head LIMIT 23 HEX)
  string(HEX "version https://git-lfs" lfs)
  if(head STREQUAL lfs)
    message(FATAL_ERROR "${who}: expected a .tflite file, found a Git LFS pointer in its place:\n"
                        "  ${model}\nRun `git lfs pull` where it was cloned.")
  endif()
  if(size LESS 8)
    message(FATAL_ERROR "${who}: expected a .tflite file, which has at least 8 bytes, found "
                        "${size} in\n  ${model}\nThe file is cut short: fetch or convert it again.")
  endif()
  string(HEX "TFL3" expected)
  string(SUBSTRING "${head}" 8 8 found)
  if(NOT found STREQUAL expected)
    message(FATAL_ERROR "${who}: expected the bytes \"TFL3\" (${expected}) at offset 4, found "
                        "${found} in\n  ${model}\nThis is no TensorFlow Lite file: convert the "
                        "model to .tflite first.")
  endif()
endfunction()

# Stops unless `labels` is a file with at least one label; gives the text with plain line ends,
# one label a line, without byte order mark and trailing blank lines.
function(inlay_read_labels who labels out)
  if(NOT EXISTS "${labels}" OR IS_DIRECTORY "${labels}")
    message(FATAL_ERROR "${who}: expected a labels file, found no file at\n  ${labels}\n"
                        "Check the path, or leave LABELS out.")
  endif()
  file(READ "${labels}" text)
  string(ASCII 239 187 191 byte_order_mark)
  string(REGEX REPLACE "^${byte_order_mark}" "" text "${text}")
  string(REGEX REPLACE "\r?\n" "\n" text "${text}")
  string(REGEX REPLACE "[ \t\r\n]+$" "" text "${text}")
  if(text STREQUAL "")
    message(FATAL_ERROR "${who}: expected a labels file with one label a line, found none in\n"
                        "  ${labels}\nWrite the labels in class order, or leave LABELS out.")
  endif()
  set(${out} "${text}\n" PARENT_SCOPE)
endfunction()

# Appends the bytes of `model` to `output` as string literals, 64 bytes a line. Every byte is \xHH,
# so no escape runs into the next character. Read in blocks and matched eight bytes at a time,
# because CMake's strings are slow: about 2.5 s for 4 MB.
function(_inlay_append_bytes model output)
  set(block 65536)
  string(REPEAT "(..)" 8 bytes)
  set(escaped "")
  foreach(i RANGE 1 8)
    string(APPEND escaped "\\\\x\\${i}")
  endforeach()
  string(REPEAT "." 256 line)

  file(SIZE "${model}" size)
  math(EXPR whole_lines "${size} / 64 * 64")
  set(offset 0)
  while(offset LESS whole_lines)
    math(EXPR limit "${whole_lines} - ${offset}")
    if(limit GREATER block)
      set(limit ${block})
    endif()
    file(READ "${model}" hex OFFSET ${offset} LIMIT ${limit} HEX)
    string(REGEX REPLACE "${bytes}" "${escaped}" hex "${hex}")
    string(REGEX REPLACE "${line}" "      \"\\0\"\n" hex "${hex}")
    file(APPEND "${output}" "${hex}")
    math(EXPR offset "${offset} + ${limit}")
  endwhile()
  file(READ "${model}" hex OFFSET ${offset} HEX)
  string(REGEX REPLACE ".." "\\\\x\\0" hex "${hex}")
  file(APPEND "${output}" "      \"${hex}\"")
endfunction()

function(_inlay_write_model_header)
  set(who "inlay_add_model(${NAME})")
  inlay_check_model("${who}" "${MODEL}")
  set(labels "")
  set(count 0)
  if(LABELS)
    inlay_read_labels("${who}" "${LABELS}" labels)
    string(REGEX REPLACE "[^\n]" "" ends "${labels}")
    string(LENGTH "${ends}" count)
    string(REGEX REPLACE "[\\\"?]" "\\\\\\0" labels "${labels}")
    string(REGEX REPLACE "([^\n]*)\n" "      \"\\1\",\n" labels "${labels}")
    set(labels "\n${labels}  ")
  endif()
  file(SIZE "${MODEL}" size)
  file(SHA256 "${MODEL}" hash)

  # The hash lets compiler caches see a changed model where #embed reads it.
  file(WRITE "${OUTPUT}.part" "// Made by inlay_add_model from ${MODEL}
// SHA-256 ${hash}
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace ${NAMESPACE} {

/// The bytes and labels of one TensorFlow Lite model; `data` ends in a zero that is not counted.
struct ${NAME} {
  static constexpr std::string_view name = \"${NAME}\";
  static constexpr std::size_t size = ${size};
  static constexpr std::array<std::string_view, ${count}> labels{${labels}};
#ifdef __has_embed
  alignas(64) static constexpr unsigned char data[size + 1] = {
#embed \"${MODEL}\"
      , 0};
#else
  alignas(64) static constexpr unsigned char data[size + 1] =
")
  _inlay_append_bytes("${MODEL}" "${OUTPUT}.part")
  file(APPEND "${OUTPUT}.part" ";
#endif
};

} // namespace ${NAMESPACE}
")
  file(RENAME "${OUTPUT}.part" "${OUTPUT}")
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  _inlay_write_model_header()
endif()
