# SPDX-License-Identifier: Apache-2.0
#
#   cmake -DEXPECTED=71 -DMESSAGE=regex -P status.cmake -- PROGRAM [ARGUMENT...]
#
# Fails unless the program ends with that exit status and its output matches.
cmake_minimum_required(VERSION 3.22)

set(command "")
set(own ON)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE ${last})
  if(NOT own)
    list(APPEND command "${CMAKE_ARGV${i}}")
  elseif(CMAKE_ARGV${i} STREQUAL "--")
    set(own OFF)
  endif()
endforeach()
execute_process(COMMAND ${command} RESULT_VARIABLE status OUTPUT_VARIABLE output
                ERROR_VARIABLE output)
message("${output}")
if(NOT status STREQUAL EXPECTED)
  message(FATAL_ERROR "expected the exit status ${EXPECTED}, found ${status}")
endif()
if(NOT output MATCHES "${MESSAGE}")
  message(FATAL_ERROR "expected an output that matches \"${MESSAGE}\"")
endif()
