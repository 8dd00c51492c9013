# SPDX-License-Identifier: Apache-2.0
#
#   cmake -DNM=nm -DOBJCOPY=objcopy -DOBJECT=in.o -DSUFFIX=avx2 -DSHARED=symbol -DOUTPUT=out.o
#         -P InlayKeepApart.cmake
#
# Gives every inline function and inline variable of an object a name of its own: NAME.SUFFIX.
# Otherwise a linker would take one of several for all callers, which may be one that this
# processor cannot run. The symbol SHARED keeps its name.
cmake_minimum_required(VERSION 3.22)

execute_process(COMMAND "${NM}" --defined-only --format=posix "${OBJECT}" OUTPUT_VARIABLE symbols
                COMMAND_ERROR_IS_FATAL ANY)
# Weak functions, weak objects, objects that are unique in a process, and names of groups of them.
string(REGEX MATCHALL "[^\n]+ [WVun] " symbols "${symbols}")
set(names "")
foreach(symbol IN LISTS symbols)
  string(REGEX REPLACE " . $" "" symbol "${symbol}")
  if(NOT symbol STREQUAL SHARED)
    string(APPEND names "${symbol} ${symbol}.${SUFFIX}\n")
  endif()
endforeach()
file(WRITE "${OUTPUT}.symbols" "${names}")
execute_process(COMMAND "${OBJCOPY}" "--redefine-syms=${OUTPUT}.symbols" "${OBJECT}" "${OUTPUT}"
                COMMAND_ERROR_IS_FATAL ANY)
