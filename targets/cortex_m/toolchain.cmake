# SPDX-License-Identifier: Apache-2.0
#
# Cross builds for Cortex-M: -DCMAKE_TOOLCHAIN_FILE=targets/cortex_m/toolchain.cmake
# -DINLAY_BOARD=BOARD, as the presets cortex_m3, cortex_m4, cortex_m7 and cortex_m55 do. Programs
# of such a build run on QEMU's model of the board, in ctest too. With -DINLAY_M0PLUS=ON (preset
# cortex_m0plus) the Cortex-M3's board runs code for Cortex-M0+, of which QEMU has no board.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES INLAY_BOARD INLAY_M0PLUS)

# Name, core as inlay::targets::core calls it, and its compiler options.
set(inlay_board_mps2-an385 m3 -mcpu=cortex-m3 -mfloat-abi=soft)
set(inlay_board_mps2-an386 m4 -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16)
set(inlay_board_mps2-an500 m7 -mcpu=cortex-m7 -mfloat-abi=hard -mfpu=fpv5-d16)
set(inlay_board_mps3-an547 m55 -mcpu=cortex-m55 -mfloat-abi=hard)
if(NOT DEFINED inlay_board_${INLAY_BOARD})
  message(FATAL_ERROR "INLAY_BOARD: expected mps2-an385, mps2-an386, mps2-an500 or mps3-an547, "
                      "found \"${INLAY_BOARD}\". The presets cortex_m3, cortex_m4, cortex_m7 and "
                      "cortex_m55 set it.")
endif()
set(inlay_board_options ${inlay_board_${INLAY_BOARD}})
if(INLAY_M0PLUS)
  if(NOT INLAY_BOARD STREQUAL "mps2-an385")
    message(FATAL_ERROR "INLAY_M0PLUS: expected INLAY_BOARD=mps2-an385, found \"${INLAY_BOARD}\"")
  endif()
  set(inlay_board_options m0plus -mcpu=cortex-m0plus -mfloat-abi=soft)
endif()
list(POP_FRONT inlay_board_options INLAY_CORE)
list(JOIN inlay_board_options " " inlay_board_options)

set(CMAKE_CXX_FLAGS_INIT "-mthumb ${inlay_board_options} -ffunction-sections -fdata-sections \
-fno-exceptions -fno-rtti -fno-unwind-tables -fno-asynchronous-unwind-tables \
-fno-threadsafe-statics")
set(CMAKE_EXE_LINKER_FLAGS_INIT "--specs=nano.specs -nostartfiles -Wl,--gc-sections")
set(CMAKE_EXECUTABLE_SUFFIX_CXX .elf)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_CROSSCOMPILING_EMULATOR "${CMAKE_CURRENT_LIST_DIR}/emulate;${INLAY_BOARD}")
