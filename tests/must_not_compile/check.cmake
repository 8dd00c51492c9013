# SPDX-License-Identifier: Apache-2.0
#
#   cmake "-DCOMPILE=g++;-std=c++20;-fsyntax-only" -DSOURCE=wrong.cpp -P check.cmake -- REGEX...
#
# Fails unless the source does not compile, the compiler's output matches each regex, and the
# source compiles with -DINLAY_FIXED. Compilers may spell a text that is a template argument as
# 'o', 'p', ' ', '1' or with escaped quotes: this is undone before matching, and white space is
# folded.
cmake_minimum_required(VERSION 3.22)
set(ENV{LC_ALL} C)

execute_process(COMMAND ${COMPILE} "${SOURCE}" RESULT_VARIABLE result
                OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(result EQUAL 0)
  message(FATAL_ERROR "expected that this does not compile, and it does:\n  ${SOURCE}")
elseif(NOT result EQUAL 1)
  message(FATAL_ERROR "expected an error of the compiler, found that it fell over (${result}):\n"
                      "${said}")
endif()
string(REGEX REPLACE "'(\\\\?[^\n])'(, )?" "\\1" spelled "${said}")
string(REGEX REPLACE "\\\\(['\"\\])" "\\1" spelled "${spelled}")
string(REGEX REPLACE "[ \t\r\n]+" " " spelled "${spelled}")

math(EXPR last "${CMAKE_ARGC} - 1")
set(matching OFF)
foreach(i RANGE ${last})
  set(argument "${CMAKE_ARGV${i}}")
  if(NOT matching)
    string(COMPARE EQUAL "${argument}" "--" matching)
  elseif(NOT spelled MATCHES "${argument}")
    message(FATAL_ERROR "expected an error that matches\n  ${argument}\nfound\n${spelled}")
  endif()
endforeach()

execute_process(COMMAND ${COMPILE} -DINLAY_FIXED "${SOURCE}" RESULT_VARIABLE result
                OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "expected that this compiles with -DINLAY_FIXED, found\n${said}")
endif()
