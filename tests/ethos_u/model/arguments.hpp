// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
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
  bool help = false;
};

/// @throws stream_error that says which argument is wrong and what it should be.
[[nodiscard]] arguments parse(int count, const char* const* values);

/// @throws stream_error with the file's name.
[[nodiscard]] std::vector<std::byte> read_file(const std::string& path);
void write_file(const std::string& path, std::span<const std::byte> bytes);

} // namespace inlay::test::npu_model
