# SPDX-License-Identifier: Apache-2.0
#
# Fetches the libraries of inlay::hosted where the system has none. They are header-only, so they
# are unpacked and their own CMake files do not run.
include(FetchContent)
if(POLICY CMP0135)
  cmake_policy(SET CMP0135 NEW)
endif()

function(_inlay_fetch name commit)
  set(url "https://github.com/xtensor-stack/${name}/archive/${commit}.tar.gz")
  message(STATUS "inlay: fetching ${url}")
  FetchContent_Declare(inlay_${name} URL "${url}" SOURCE_SUBDIR no-cmake)
  FetchContent_MakeAvailable(inlay_${name})
  target_include_directories(inlay_hosted SYSTEM INTERFACE "${inlay_${name}_SOURCE_DIR}/include")
endfunction()

_inlay_fetch(xtl fea39142693fbbc2ef19d75012bc6b46ef0a5f8c) # 0.7.5
_inlay_fetch(xsimd 1577b02d549cca52aa5e943c16f2600950480289) # 8.1.0
_inlay_fetch(xtensor 9e8662ddad7fcd1a96969b96bf8955e59cf44978) # 0.24.3
