// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/import/tflite.hpp>
#include <inlay/program/streamed_engine.hpp>

#include <models/reader.hpp>

#include <board/target.hpp>

namespace app {

using network = inlay::tflite::network<models::reader>;
using engine = inlay::streamed_engine<network, board::target,
                                      inlay::streamed_options{.image = inlay::image_source::rows}>;

} // namespace app
