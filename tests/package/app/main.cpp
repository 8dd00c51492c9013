// SPDX-License-Identifier: Apache-2.0
#include <inlay/inlay.hpp>

#include <models/network.hpp>

#include <fstream>
#include <iostream>

using net = inlay::tflite::network<models::network>;
using engine = inlay::engine<net, inlay::targets::native>;
static constinit engine::parameters parameters;
static constinit engine::workspace workspace;
static net::input::value_type image[net::input::view::extent];

int main(int, char** arguments) {
  std::ifstream(arguments[1], std::ios::binary).read(reinterpret_cast<char*>(image), sizeof image);
  engine::prepare(parameters);
  const auto scores = engine::infer(image, parameters, workspace);
  std::cout.write(reinterpret_cast<const char*>(scores.data()),
                  static_cast<std::streamsize>(scores.size()));
}
