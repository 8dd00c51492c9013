// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/import/tflite.hpp>
#include <inlay/program/ethos_u_engine.hpp>

#include <models/npu_reader.hpp>

namespace reader_npu {

using network = inlay::tflite::network<models::npu_reader>;
using engine = inlay::ethos_u_engine<network, inlay::targets::ethos_u55<128>>;

} // namespace reader_npu
