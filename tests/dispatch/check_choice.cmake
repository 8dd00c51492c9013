# SPDX-License-Identifier: Apache-2.0
#
#   cmake "-DPROGRAM=emulator;dispatch_main" [-DBEST=avx2] -P check_choice.cmake
#
# What dispatch_main takes by itself (BEST, where it is known), by a wish and by INLAY_ISA, and what
# it refuses. Of the sets that it can run it must get the right results of each.
cmake_minimum_required(VERSION 3.22)

function(expect status words)
  execute_process(COMMAND "${CMAKE_COMMAND}" -E env "INLAY_ISA=${environment}" ${PROGRAM} ${wish}
                  RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE complained)
  # The emulator names what it does not emulate.
  string(REGEX REPLACE "qemu[^\n]* warning: [^\n]*\n" "" complained "${complained}")
  if(NOT result EQUAL status OR NOT "${said}${complained}" MATCHES "${words}")
    message(SEND_ERROR "INLAY_ISA=${environment} ${wish}: expected status ${status} and \"${words}\", "
                       "found status ${result} and: ${said}${complained}")
  endif()
  set(said "${said}${complained}" PARENT_SCOPE)
endfunction()

set(environment "")
set(wish "")
expect(0 "^chosen: ${BEST}")

# The names that it lists are those that it runs, from the best on.
set(wish abacus)
expect(1 "^expected a kernel set that is built in, found \"abacus\"; built in: ")
string(REGEX REPLACE ".*built in: ([^\n]*)\n.*" "\\1" sets "${said}")
string(REPLACE ", " ";" sets "${sets}")
set(refused "")
set(wish "")
foreach(environment IN LISTS sets)
  execute_process(COMMAND "${CMAKE_COMMAND}" -E env "INLAY_ISA=${environment}" ${PROGRAM}
                  RESULT_VARIABLE result OUTPUT_QUIET ERROR_QUIET)
  if(result EQUAL 1)
    list(APPEND refused "${environment}")
    expect(1 "^INLAY_ISA: expected a kernel set that this processor can run, found ${environment}.*reference\n$")
  else()
    expect(0 "^chosen: ${environment}\n$")
  endif()
endforeach()
if(BEST)
  list(FIND sets "${BEST}" at)
  list(SUBLIST sets 0 ${at} better)
  if(NOT "${better}" STREQUAL "${refused}")
    message(SEND_ERROR "expected to be refused: ${better}; found: ${refused}")
  endif()
endif()

# A wish counts more than the environment; the environment is checked as well.
set(wish reference)
set(environment abacus)
expect(0 "^chosen: reference\n$")
set(wish "")
expect(1 "^INLAY_ISA: expected a kernel set that is built in, found \"abacus\"")
