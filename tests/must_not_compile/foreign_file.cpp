// SPDX-License-Identifier: Apache-2.0
#include <inlay/import/tflite.hpp>

#ifdef INLAY_FIXED
#include <models/right_model.hpp>
using model = models::right_model;
#else
struct model {
  static constexpr unsigned char data[] = "\x89PNG\r\n\x1a\n, which is a picture";
  static constexpr std::size_t size = sizeof data - 1;
};
#endif
static_assert(inlay::tflite::network<model>::layers > 0);
