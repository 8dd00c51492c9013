// SPDX-License-Identifier: Apache-2.0
//
// Reads pictures from stdin, each 96 x 96 x 3 bytes of RGB, and writes each one's 35 scores to
// stdout: examples/reader/train evaluate --engine takes it.

#include <inlay/import/tflite.hpp>
#include <inlay/program/engine.hpp>

#include <models/reader_model.hpp>

#include <cstdio>

namespace {

using network = inlay::tflite::network<models::reader_model>;
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
