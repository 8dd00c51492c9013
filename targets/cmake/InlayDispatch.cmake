# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)
set(_inlay_dispatch_source "${CMAKE_CURRENT_LIST_DIR}/InlayDispatch.cpp"
    CACHE INTERNAL "What inlay_dispatch is compiled from")

# _inlay_need_dispatch(<who>): makes the library inlay_dispatch, which says what this processor can
# run, unless there is one. It takes xsimd, of which it sees nothing but its own headers: in a cross
# build those of the machine that builds will do, but not what lies beside them.
function(_inlay_need_dispatch who)
  if(TARGET inlay_dispatch)
    return()
  endif()
  add_library(inlay_xsimd INTERFACE)
  if(TARGET inlay::hosted)
    target_link_libraries(inlay_xsimd INTERFACE inlay::hosted)
  else()
    find_path(INLAY_XSIMD_INCLUDE xsimd/xsimd.hpp NO_CMAKE_FIND_ROOT_PATH
              DOC "The folder with xsimd/xsimd.hpp")
    if(NOT INLAY_XSIMD_INCLUDE)
      message(FATAL_ERROR
        "${who}: expected xsimd >= 8.1.0, which chooses a kernel set at run time, found none. "
        "Install it (Debian: apt-get install libxsimd-dev), or name its folder with "
        "-DINLAY_XSIMD_INCLUDE=FOLDER. A program for one processor does without: use "
        "inlay_add_model and inlay::targets::native.")
    endif()
    set(include "${CMAKE_BINARY_DIR}/inlay_xsimd")
    file(MAKE_DIRECTORY "${include}")
    file(CREATE_LINK "${INLAY_XSIMD_INCLUDE}/xsimd" "${include}/xsimd" COPY_ON_ERROR SYMBOLIC)
    target_include_directories(inlay_xsimd SYSTEM INTERFACE "${include}")
  endif()
  add_library(inlay_dispatch STATIC "${_inlay_dispatch_source}")
  target_link_libraries(inlay_dispatch PUBLIC inlay::inlay PRIVATE inlay_xsimd)
endfunction()
