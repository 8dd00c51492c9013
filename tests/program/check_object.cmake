# SPDX-License-Identifier: Apache-2.0
#
#   cmake -DNM=nm -DOBJDUMP=objdump -DOBJECT=inference.o -P check_object.cmake
#
# Fails if the object needs anything but memcpy, memmove and memset, runs code before main, or has
# data that is neither zero nor constant.
cmake_minimum_required(VERSION 3.22)

execute_process(COMMAND "${NM}" --undefined-only --format=posix "${OBJECT}" OUTPUT_VARIABLE symbols
                COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" symbols "${symbols}")
foreach(symbol IN LISTS symbols)
  if(NOT symbol MATCHES "^(memcpy|memmove|memset|_GLOBAL_OFFSET_TABLE_) ")
    message(SEND_ERROR "expected no undefined symbols but memcpy, memmove and memset, found: ${symbol}")
  endif()
endforeach()

execute_process(COMMAND "${OBJDUMP}" --section-headers --wide "${OBJECT}" OUTPUT_VARIABLE sections
                COMMAND_ERROR_IS_FATAL ANY)
if(NOT sections MATCHES "[.]text" OR NOT sections MATCHES "[.]bss")
  message(SEND_ERROR "expected code and zeroed data, found\n${sections}")
endif()
foreach(section init_array ctors preinit_array eh_frame_hdr gcc_except_table tdata tbss)
  if(sections MATCHES "[.]${section}")
    message(SEND_ERROR "expected no section .${section}, found it")
  endif()
endforeach()
# Index, name, size: initialized data that is not constant has to be copied from flash.
if(sections MATCHES "[ \t][.]data[ \t]+([0-9a-f]+)" AND NOT CMAKE_MATCH_1 MATCHES "^0+$")
  message(SEND_ERROR "expected an empty section .data, found 0x${CMAKE_MATCH_1} bytes")
endif()
