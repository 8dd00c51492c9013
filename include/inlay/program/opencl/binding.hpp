// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The OpenCL C++ bindings. Nothing newer than OpenCL 1.2 is called, because drivers of Bifrost
/// have no more; a program that wants more defines the macros before it includes this.

#ifndef CL_HPP_TARGET_OPENCL_VERSION
#define CL_HPP_TARGET_OPENCL_VERSION 120
#endif
#ifndef CL_HPP_MINIMUM_OPENCL_VERSION
#define CL_HPP_MINIMUM_OPENCL_VERSION 120
#endif
#include <CL/opencl.hpp>
