// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../../support/files.hpp"
#include "run_program.hpp"

#include <inlay/import/tflite.hpp>

#include <cstdlib>
#include <gtest/gtest.h>

namespace inlay::test {

/// Runs one of the small models: each operator's output that is stored equals the reference's.
template <class Program>
void expect_layers(const std::filesystem::path& folder, const std::string& name, opencl::dot how) {
  SCOPED_TRACE(std::string(Program::target::name) + ", " + std::string(opencl::name_of(how)));
  const bytes input = read_file(folder / (name + ".input.bin"));
  int layers = 0;
  const auto compare = [&](int node, const bytes& found) {
    const std::string number = std::to_string(1000 + node).substr(1);
    const bytes expected = read_file(folder / (name + "." + number + ".bin"));
    ASSERT_EQ(found.size(), expected.size());
    std::size_t different = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
      different += found[i] == expected[i] ? 0 : 1;
    }
    EXPECT_EQ(different, 0U) << "of " << found.size() << " bytes of operator " << node;
    ++layers;
  };
  const bool checked = std::getenv("INLAY_TEST_UNWRITTEN") != nullptr;
  run_program<Program>(input, how, checked ? std::nullopt : std::optional<unsigned char>(0x55),
                       compare);
  EXPECT_EQ(layers, Program::schedule.step_count);
}

} // namespace inlay::test
