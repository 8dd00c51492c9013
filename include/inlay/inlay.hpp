// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// All of inlay that needs nothing but a C++20 compiler.

#include <inlay/graph/network.hpp>
#include <inlay/import/tflite.hpp>
#include <inlay/layers/inverted_residual.hpp>
#include <inlay/models/mobilenet_v2.hpp>
#include <inlay/program/engine.hpp>
#include <inlay/program/streamed_engine.hpp>
#include <inlay/targets/native.hpp>
#include <inlay/targets/reference.hpp>
