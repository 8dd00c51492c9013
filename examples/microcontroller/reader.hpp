// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/import/tflite.hpp>
#include <inlay/program/engine.hpp>

#include <models/reader.hpp>

#include <board/target.hpp>

namespace app {

using network = inlay::tflite::network<models::reader>;
using engine = inlay::engine<network, board::target>;

} // namespace app
