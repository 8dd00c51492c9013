// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace inlay::test::npu_model {

struct file_at {
  std::string path;
  std::size_t offset = 0;
};

/// The command line of ethos_u_run.
struct arguments {
  std::string payload;
  std::string weights;
  std::size_t arena_bytes = 0;
  std::size_t fast_bytes = 0;
  std::vector<file_at> inputs;
  std::size_t output_offset = 0;
  std::size_t output_bytes = 0;
  std::string to; ///< empty: the standard output
  bool trace = false;
  bool check = false;
};

/// Reads the command line.
/// @param exit_code set if there is nothing to do after all: 0 after --help, 2 after a mistake
[[nodiscard]] std::optional<arguments> read_arguments(int count, char** values, int& exit_code);

} // namespace inlay::test::npu_model
