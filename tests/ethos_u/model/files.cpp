// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include "stream_error.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

namespace inlay::test::npu_model {

std::vector<std::byte> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw stream_error("cannot read " + path);
  }
  std::vector<char> bytes;
  try {
    bytes.assign(std::istreambuf_iterator<char>(file), {});
  } catch (const std::ios_base::failure&) { // a folder opens, and cannot be read
    throw stream_error("cannot read " + path);
  }
  const auto view = std::as_bytes(std::span(bytes));
  return {view.begin(), view.end()};
}

void write_file(const std::string& path, std::span<const std::byte> bytes) {
  std::ofstream file;
  if (!path.empty()) {
    file.open(path, std::ios::binary);
  }
  std::ostream& to = path.empty() ? std::cout : file;
  to.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  to.flush();
  if (!to) {
    throw stream_error("cannot write " + (path.empty() ? "the output" : path));
  }
}

} // namespace inlay::test::npu_model
