// SPDX-License-Identifier: Apache-2.0
//
//   reader_main DOT...
//
// Runs a network on the first OpenCL device, with each of these products of bytes, and compares all
// tensors with the reference's. Status 1 says that one differs.
#include "../../support/random.hpp"
#include "observe.hpp"

#include <inlay/import/tflite.hpp>
#include <inlay/program/engine.hpp>

#include <iostream>
#include INLAY_MODEL_HEADER

namespace {

using namespace inlay;
using test::bytes;

using net = tflite::network<INLAY_MODEL>;
constexpr engine_options every_tensor{.keep_every_tensor = true};
using reference = engine<net, targets::reference, every_tensor>;

std::vector<bytes> expected_of(const bytes& image) {
  static constinit reference::workspace memory;
  std::vector<bytes> layers;
  reference::infer(net::input::const_view::from_bytes(image.data()), memory,
                   [&](auto /*layer*/, auto view) {
                     layers.emplace_back(view.bytes(), view.bytes() + view.size());
                   });
  return layers;
}

/// How many tensors differ that a program stores.
template <class Program>
int differences(opencl::dot how, const bytes& image, const std::vector<bytes>& expected) {
  auto session = test::open<Program>(how);
  const std::vector<bytes> found = test::observe(session, image);
  int wrong = 0;
  std::size_t stored = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    stored += found[i].empty() ? 0 : 1;
    if (!found[i].empty() && found[i] != expected[i]) {
      std::cerr << "operator " << i << " differs with " << opencl::name_of(how) << " products\n";
      ++wrong;
    }
  }
  if (Program::options.keep_every_tensor && stored != expected.size()) {
    std::cerr << stored << " tensors are stored, expected " << expected.size() << "\n";
    ++wrong;
  }
  if (test::infer(session, image) != expected.back()) {
    std::cerr << "the output differs with " << opencl::name_of(how) << " products\n";
    ++wrong;
  }
  return wrong;
}

} // namespace

int main(int count, char** arguments) {
  const bytes image =
      test::random_source(7).bytes(static_cast<std::size_t>(net::input::type.bytes()));
  const std::vector<bytes> expected = expected_of(image);
  int wrong = count < 2 ? 1 : 0;
  for (int i = 1; i < count; ++i) {
    const opencl::dot how = test::dot_named(arguments[i]);
    wrong += differences<opencl_program<net, INLAY_TARGET>>(how, image, expected);
    wrong += differences<opencl_program<net, INLAY_TARGET, every_tensor>>(how, image, expected);
  }
  std::cout << expected.size() << " tensors, " << wrong << " mistakes\n";
  return wrong == 0 ? 0 : 1;
}
