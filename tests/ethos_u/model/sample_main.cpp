// SPDX-License-Identifier: Apache-2.0
#include "assemble.hpp"
#include "files.hpp"
#include "stream_error.hpp"
#include "workbench.hpp"

#include <cstdio>

// Writes a small stream for ethos_u_run into a folder, and what comes of it.

int main(int count, char** values) {
  using namespace inlay::test::npu_model;
  try {
    if (count != 2) {
      throw stream_error("expected a folder");
    }
    const std::string folder = std::string(values[1]) + "/";
    workbench bench(machines[2]);
    const feature_map image = bench.tensor(tensor_layout::nhwc, 5, 5, 8);
    const feature_map result = bench.tensor(tensor_layout::nhwc, 5, 5, 8);
    bench.fill_at_random(image);
    operation convolution = bench.between(kind::convolution, image, result);
    bench.give_weights(convolution, std::vector<std::int16_t>(8 * 8, 3),
                       std::vector<scale_record>(8, {-7, 1U << 30, 35}));
    bench.add(convolution);
    const auto part = [&](const feature_map& map) {
      return std::span(bench.arena()).subspan(static_cast<std::size_t>(map.base[0]), 5 * 5 * 8);
    };
    write_file(folder + "payload.bin", assemble(bench.stream()));
    write_file(folder + "weights.bin", bench.constants());
    write_file(folder + "input.bin", part(image));
    bench.run();
    write_file(folder + "expected.bin", part(result));
    const std::string places = std::to_string(bench.arena().size()) + " " +
                               std::to_string(image.base[0]) + " " +
                               std::to_string(result.base[0]) + " 200\n";
    write_file(folder + "places.txt", std::as_bytes(std::span(places)));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
