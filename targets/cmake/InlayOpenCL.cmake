# SPDX-License-Identifier: Apache-2.0
#
# Looks for what inlay::opencl needs beside inlay::inlay: the OpenCL C++ bindings and the library
# that loads a driver. Where one is not there, inlay_opencl_missing says which and what to do. Used
# by this project's own build and by find_package(inlay).
set(inlay_opencl_missing "")
find_package(OpenCL QUIET)
find_path(INLAY_OPENCL_BINDINGS CL/opencl.hpp HINTS ${OpenCL_INCLUDE_DIRS})
if(NOT OpenCL_FOUND)
  set(inlay_opencl_missing "OpenCL's headers and library")
elseif(NOT INLAY_OPENCL_BINDINGS)
  set(inlay_opencl_missing "OpenCL's C++ bindings (CL/opencl.hpp)")
endif()
if(inlay_opencl_missing)
  string(APPEND inlay_opencl_missing " are missing, which inlay::opencl needs. Install them (Debian: \
apt-get install ocl-icd-opencl-dev opencl-clhpp-headers)")
endif()
