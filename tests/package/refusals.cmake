# SPDX-License-Identifier: Apache-2.0
#
# For scripts that call this project's CMake functions in a small project made in FOLDER, by
# GENERATOR. `module` is the file that has the function.

# configure(<call>) sets `result` and what cmake `said`, in one line.
function(configure call)
  file(WRITE "${FOLDER}/CMakeLists.txt"
       "cmake_minimum_required(VERSION 3.22)\nproject(calls NONE)\n"
       "add_library(inlay INTERFACE)\nadd_library(inlay::inlay ALIAS inlay)\n"
       "include(\"${module}\")\n${call}\n")
  execute_process(COMMAND "${CMAKE_COMMAND}" -S "${FOLDER}" -B "${FOLDER}/build" -G "${GENERATOR}"
                  RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
  string(REGEX REPLACE "[ \t\r\n]+" " " said "${said}")
  set(result "${result}" PARENT_SCOPE)
  set(said "${said}" PARENT_SCOPE)
endfunction()

# expect_refusal(<call> <text>...): the call stops with an error that has each text.
function(expect_refusal call)
  configure("${call}")
  if(result EQUAL 0)
    message(SEND_ERROR "expected that this is refused, and it is not:\n  ${call}")
  endif()
  foreach(expected IN LISTS ARGN)
    string(FIND "${said}" "${expected}" position)
    if(position EQUAL -1)
      message(SEND_ERROR "${call}\nexpected an error that says\n  ${expected}\nfound\n  ${said}")
    endif()
  endforeach()
endfunction()
