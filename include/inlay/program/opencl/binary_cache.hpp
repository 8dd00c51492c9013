// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace inlay::opencl {

/// FNV-1a.
constexpr std::uint64_t hash_of(std::string_view bytes, std::uint64_t hash = 0xcbf29ce484222325) {
  for (const char each : bytes) {
    hash = (hash ^ static_cast<unsigned char>(each)) * 0x100000001b3;
  }
  return hash;
}

/// The folder "inlay" in what XDG_CACHE_HOME names, or in HOME's ".cache"; empty where neither is
/// set, as on Android.
inline std::filesystem::path default_cache_folder() {
  const char* named = std::getenv("XDG_CACHE_HOME"); // NOLINT(concurrency-mt-unsafe)
  if (named != nullptr && *named != '\0') {
    return std::filesystem::path(named) / "inlay";
  }
  named = std::getenv("HOME"); // NOLINT(concurrency-mt-unsafe)
  if (named != nullptr && *named != '\0') {
    return std::filesystem::path(named) / ".cache" / "inlay";
  }
  return {};
}

/// One program's binary in a folder of files. An entry holds the whole key, so that of two keys
/// with the same file name one is foreign, and a hash of the binary, so that damage is noticed.
class binary_cache {
public:
  enum class state { off, missing, found, foreign, damaged };

  /// @param folder where the entry is; empty: there is no cache
  /// @param key all that the binary depends on
  binary_cache(const std::filesystem::path& folder, std::string key) : key_(std::move(key)) {
    if (!folder.empty()) {
      file_ = folder / (hexadecimal(hash_of(key_)) + ".opencl");
    }
  }

  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

  /// Reads the entry into `binary`, which stays empty unless the state is `found`.
  state read(std::vector<unsigned char>& binary) const {
    binary.clear();
    if (file_.empty()) {
      return state::off;
    }
    std::ifstream in(file_, std::ios::binary);
    if (!in) {
      return state::missing;
    }
    const std::string all{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    header stated;
    if (all.size() < sizeof(stated)) {
      return state::damaged;
    }
    std::memcpy(&stated, all.data(), sizeof(stated));
    const std::string_view rest = std::string_view(all).substr(sizeof(stated));
    if (stated.magic != header{}.magic || stated.key_bytes > rest.size() ||
        rest.size() - stated.key_bytes != stated.binary_bytes) {
      return state::damaged;
    }
    const std::string_view stored = rest.substr(stated.key_bytes);
    if (hash_of(rest) != stated.hash || stored.empty()) {
      return state::damaged;
    }
    if (rest.substr(0, stated.key_bytes) != key_) {
      return state::foreign;
    }
    binary.assign(stored.begin(), stored.end());
    return state::found;
  }

  /// Replaces the entry; readers see the old one or the new one.
  /// @return why that was not possible; empty where it was, or where there is no cache
  [[nodiscard]] std::string write(std::string_view binary) const {
    if (file_.empty()) {
      return {};
    }
    std::error_code code;
    std::filesystem::create_directories(file_.parent_path(), code);
    // Two processes may write at once.
    std::filesystem::path part = file_;
    part += "." + hexadecimal(std::random_device{}()) + ".part";
    header stated;
    stated.key_bytes = key_.size();
    stated.binary_bytes = binary.size();
    stated.hash = hash_of(binary, hash_of(key_));
    std::ofstream out(part, std::ios::binary);
    out.write(reinterpret_cast<const char*>(&stated), sizeof(stated));
    out.write(key_.data(), static_cast<std::streamsize>(key_.size()));
    out.write(binary.data(), static_cast<std::streamsize>(binary.size()));
    out.close();
    if (out) {
      std::filesystem::rename(part, file_, code);
      if (!code) {
        return {};
      }
    }
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    return "the cache cannot be written to: " + file_.string() +
           (code ? " (" + code.message() + ")" : "");
  }

private:
  struct header {
    std::uint64_t magic = hash_of("inlay: a program's binary, 1");
    std::uint64_t key_bytes = 0;
    std::uint64_t binary_bytes = 0;
    std::uint64_t hash = 0;
  };

  static std::string hexadecimal(std::uint64_t number) {
    std::string digits;
    for (int shift = 60; shift >= 0; shift -= 4) {
      digits += "0123456789abcdef"[number >> shift & 15];
    }
    return digits;
  }

  std::string key_;
  std::filesystem::path file_{};
};

} // namespace inlay::opencl
