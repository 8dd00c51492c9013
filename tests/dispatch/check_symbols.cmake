# SPDX-License-Identifier: Apache-2.0
#
#   cmake -DNM=nm -DLIBRARY=libnetwork.a -P check_symbols.cmake
#
# Fails if a symbol that the linker would merge is defined by two members of the library, unless it
# is the model's bytes, which must be.
cmake_minimum_required(VERSION 3.22)

execute_process(COMMAND "${NM}" --defined-only --format=posix "${LIBRARY}"
                OUTPUT_VARIABLE lines COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+ [WVunTDRB] [^\n]+" lines "${lines}")
set(seen "")
set(bytes 0)
foreach(line IN LISTS lines)
  string(REGEX REPLACE " .*" "" symbol "${line}")
  if(symbol MATCHES "^_ZN6models[0-9]+dispatch_tiny_model4dataE$")
    math(EXPR bytes "${bytes} + 1")
  elseif(symbol IN_LIST seen)
    message(SEND_ERROR "expected each symbol in one member, found in several: ${symbol}")
  endif()
  list(APPEND seen "${symbol}")
endforeach()
if(bytes LESS 2)
  message(SEND_ERROR "expected the model's bytes in several members, found them in ${bytes}")
endif()
