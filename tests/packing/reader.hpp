// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/import/tflite.hpp>
#include <inlay/program/engine.hpp>

#include <models/packing_reader.hpp>

namespace packing {

/// For whatever the processor is, and divided among threads.
using reader = inlay::engine<inlay::tflite::network<models::packing_reader>, inlay::targets::native,
                             inlay::engine_options{.threads = 3}>;

} // namespace packing
