// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/import/tflite.hpp>
#include <inlay/program/engine.hpp>
#include <inlay/targets/cortex_m.hpp>

#include <models/packing_tiny.hpp>

namespace packing {

using network = inlay::tflite::network<models::packing_tiny>;
using engine = inlay::engine<network, inlay::targets::cortex_m<inlay::targets::core::m7>>;

} // namespace packing
