// SPDX-License-Identifier: Apache-2.0
#include <inlay/inlay.hpp>
#include <inlay/targets/cortex_m.hpp>

#include <models/corpus_tiny_mobilenet_v2_int8.hpp>

// For compilers that warn of more than this project asks of its own programs.

using net = inlay::tflite::network<models::corpus_tiny_mobilenet_v2_int8>;
using microcontroller = inlay::targets::cortex_m<inlay::targets::core::m7>;
using native_engine = inlay::engine<net, inlay::targets::native>;
using streamed_engine =
    inlay::streamed_engine<net, microcontroller,
                           inlay::streamed_options{.image = inlay::image_source::rows}>;

template <class Engine, class Image, class Tap>
int first_score(const Image& image, const Tap& tap) {
  static typename Engine::parameters parameters;
  static typename Engine::workspace memory;
  Engine::prepare(parameters);
  return int{Engine::infer(image, parameters, memory, tap)[0]};
}

int main() {
  static std::array<net::input::value_type, net::input::view::extent> image{};
  int seen = 0;
  const int found = first_score<native_engine>(net::input::const_view(image.data()),
                                               [&](auto, auto layer) { seen += int{layer[0]}; });
  const auto fill = [](streamed_engine::row_view row, int) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      row.set(i, 0);
    }
  };
  const auto tap = [&](auto, auto row, int y) { seen += y + int{row[0]}; };
  return found == first_score<streamed_engine>(fill, tap) ? seen : 0;
}
