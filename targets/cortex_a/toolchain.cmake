# SPDX-License-Identifier: Apache-2.0
#
# Cross builds for Linux on Cortex-A: -DCMAKE_TOOLCHAIN_FILE=targets/cortex_a/toolchain.cmake
# -DINLAY_CORTEX_A=aarch64 or armv7, as the presets aarch64 and armv7 do. Programs of such a build
# are static and run under QEMU, in ctest too.
set(CMAKE_SYSTEM_NAME Linux)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES INLAY_CORTEX_A)

if(INLAY_CORTEX_A STREQUAL "aarch64")
  set(CMAKE_SYSTEM_PROCESSOR aarch64)
  set(prefix aarch64-linux-gnu)
  set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -cpu max)
elseif(INLAY_CORTEX_A STREQUAL "armv7")
  set(CMAKE_SYSTEM_PROCESSOR armv7)
  set(prefix arm-linux-gnueabihf)
  set(CMAKE_CROSSCOMPILING_EMULATOR qemu-arm -cpu cortex-a7)
else()
  message(FATAL_ERROR "INLAY_CORTEX_A: expected aarch64 or armv7, found \"${INLAY_CORTEX_A}\". The "
                      "presets aarch64 and armv7 set it.")
endif()
set(CMAKE_CXX_COMPILER ${prefix}-g++)
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_FIND_ROOT_PATH /usr/${prefix})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
