// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/import/tflite.hpp>
#include <inlay/program/engine.hpp>
#include <inlay/targets/x86.hpp>

#include <models/dispatch_tiny_model.hpp>

/// Engines of the network that has all kernel sets, by the names of their targets.
namespace dispatch_engines {

using network = inlay::tflite::network<models::dispatch_tiny_model>;
using avx2 = inlay::engine<network, inlay::targets::avx2>;
using sse41 = inlay::engine<network, inlay::targets::sse41>;

} // namespace dispatch_engines
