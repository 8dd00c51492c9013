// SPDX-License-Identifier: Apache-2.0
#include <inlay/inlay.hpp>

#include <models/no_heap.hpp>

// What a program without a C++ runtime compiles: check_object.cmake looks at the object.

namespace {

using network = inlay::tflite::network<models::no_heap>;
using engine = inlay::engine<network>;

constinit engine::workspace memory;

} // namespace

extern "C" int classify(const unsigned char* image) noexcept;
int classify(const unsigned char* image) noexcept {
  const auto scores = engine::infer(network::input::const_view::from_bytes(image), memory);
  int best = 0;
  for (std::size_t i = 1; i < scores.size(); ++i) {
    best = scores[i] > scores[static_cast<std::size_t>(best)] ? static_cast<int>(i) : best;
  }
  return best;
}
