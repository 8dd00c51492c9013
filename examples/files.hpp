// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace app {

/// Something that the user can put right; what() says what was expected and what was found.
struct user_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// All bytes of a file.
inline std::vector<unsigned char> read_file(const std::string& path) {
  if (std::filesystem::is_directory(path)) {
    throw user_error(fmt::format("{}: is a folder, expected a file", path));
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    throw user_error(
        fmt::format("{}: cannot be opened ({}), expected a file", path, std::strerror(errno)));
  }
  std::vector<unsigned char> bytes;
  char block[65536];
  while (in.read(block, sizeof(block)) || in.gcount() > 0) {
    bytes.insert(bytes.end(), block, block + in.gcount());
  }
  if (in.bad()) {
    throw user_error(fmt::format("{}: cannot be read ({})", path, std::strerror(errno)));
  }
  return bytes;
}

/// The bytes of a raw tensor, of which there must be `bytes`; `what` says what they are.
inline std::vector<unsigned char> read_tensor(const std::string& path, std::size_t bytes,
                                              const std::string& what) {
  std::vector<unsigned char> found = read_file(path);
  if (found.size() != bytes) {
    throw user_error(
        fmt::format("{}: has {} bytes, expected {} for {}", path, found.size(), bytes, what));
  }
  return found;
}

inline void write_file(const std::string& path, std::span<const unsigned char> bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) {
    throw user_error(fmt::format("{}: cannot be written ({})", path, std::strerror(errno)));
  }
}

} // namespace app
