// SPDX-License-Identifier: Apache-2.0
//
// The smallest application of a model: reads an input from stdin, writes the output to stdout.
// Its compile time, memory and size are what bench/compile and bench/run report.
#include <inlay/inlay.hpp>

#include INLAY_MODEL_HEADER

#include <cstdio>
#include <tuple>

namespace {

using network = inlay::tflite::network<INLAY_MODEL>;
using engine = inlay::engine<network>;

network::input::value_type image[static_cast<std::size_t>(network::input::shape.elements())];
constinit engine::parameters parameters;
constinit engine::workspace memory;

bool write(const auto& view) {
  return std::fwrite(view.bytes(), sizeof view[0], view.size(), stdout) == view.size();
}
template <class... Views>
bool write(const std::tuple<Views...>& views) {
  return std::apply([](const auto&... view) { return (write(view) && ...); }, views);
}

} // namespace

int main() {
  if (std::fread(image, sizeof image, 1, stdin) != 1) {
    std::fprintf(stderr, "expected %zu bytes of input\n", sizeof image);
    return 1;
  }
  engine::prepare(parameters);
  return write(engine::infer(image, parameters, memory)) ? 0 : 1;
}
