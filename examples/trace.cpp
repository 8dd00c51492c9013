// SPDX-License-Identifier: Apache-2.0
//
// Writes what each operator of the network computes, for comparison with another runtime.

#include "files.hpp"
#include "network.hpp"
#include "options.hpp"
#include "recorder.hpp"

#include <cstdio>

namespace {

using app::network;
using engine = inlay::engine<network, inlay::targets::native,
                             inlay::engine_options{.keep_every_tensor = true}>;

constinit engine::workspace memory;

void trace(const app::trace_options& wishes) {
  static app::image given;
  app::read_input(wishes.raw_input, given);
  app::recorder files(wishes.folder);
  engine::infer(given, memory, [&](auto layer, auto view) {
    using traced = decltype(layer);
    files.record(traced::index, traced::name, traced::output::type, app::bytes_in(view));
  });
  files.finish();
  fmt::print("{} tensors and index.json in {}\n", network::layers, wishes.folder);
}

} // namespace

int main(int argc, char** argv) {
  int exit_code = 0;
  const auto wishes =
      app::read_trace_options(argc, argv, app::words(network::input::type), exit_code);
  if (!wishes) {
    return exit_code;
  }
  try {
    trace(*wishes);
  } catch (const std::exception& problem) {
    fmt::print(stderr, "trace: {}\n", problem.what());
    return 1;
  }
  return 0;
}
