// SPDX-License-Identifier: Apache-2.0
//
// Reads pictures from stdin, each 96 x 96 x 3 bytes of RGB, and writes each one's 35 scores to
// stdout: examples/reader/train evaluate --engine takes it.

#include <inlay/import/tflite.hpp>
#include <inlay/models/mobilenet_v2.hpp>
#include <inlay/program/engine.hpp>

#include <models/reader_model.hpp>

#include <cstdio>

namespace {

using network = inlay::tflite::network<models::reader_model>;
using family = inlay::mobilenet_v2<0.35, 96, 35>;

static_assert(network::input::shape == inlay::shape{96, 96, 3});
static_assert(network::input::element == inlay::element::uint8);
static_assert(network::output<>::shape == inlay::shape{35});
static_assert(models::reader_model::labels.size() == 35);
static_assert(network::counts == family::counts, "the reader is MobileNetV2 of width 0.35");

using engine = inlay::engine<network>;
using image = network::input::const_view;

constinit engine::parameters parameters;
constinit engine::workspace memory;
unsigned char picture[image::size()];

} // namespace

int main() {
  engine::prepare(parameters);
  while (std::fread(picture, sizeof picture, 1, stdin) == 1) {
    const auto scores = engine::infer(image::from_bytes(picture), parameters, memory);
    if (std::fwrite(scores.bytes(), scores.size(), 1, stdout) != 1) {
      std::fputs("reader_scores: cannot write to stdout\n", stderr);
      return 1;
    }
  }
  return std::ferror(stdin) != 0;
}
