// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/import/tflite.hpp>
#include <inlay/program/ethos_u_engine.hpp>

#include <models/reader.hpp>

namespace app {

using network = inlay::tflite::network<models::reader>;
using engine = inlay::ethos_u_engine<network, inlay::targets::ethos_u55<128>>;

} // namespace app
