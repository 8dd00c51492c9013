// SPDX-License-Identifier: Apache-2.0
#include "arguments.hpp"

#include "stream_error.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>

namespace inlay::test::npu_model {
namespace {

/// At most 4 GiB, so that a slip of the finger is no attempt to allocate a petabyte.
std::size_t number(std::string_view option, std::string_view text) {
  std::size_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size() || value > 0xFFFFFFFF) {
    throw stream_error(std::string(option) + " takes a number of bytes below 4 GiB, found \"" +
                       std::string(text) + "\"");
  }
  return value;
}

/// The two parts around the last separator.
std::pair<std::string_view, std::string_view> parts(std::string_view option, std::string_view text,
                                                    char separator, std::string_view form) {
  const std::size_t at = text.rfind(separator);
  if (at == std::string_view::npos) {
    throw stream_error(std::string(option) + " takes " + std::string(form) + ", found \"" +
                       std::string(text) + "\"");
  }
  return {text.substr(0, at), text.substr(at + 1)};
}

} // namespace

arguments parse(int count, const char* const* values) {
  arguments result;
  bool arena = false;
  bool output = false;
  for (int i = 1; i < count; ++i) {
    const std::string_view option = values[i];
    if (option == "--help" || option == "-h") {
      result.help = true;
      return result;
    }
    if (option == "--trace") {
      result.trace = true;
      continue;
    }
    if (option == "--check") {
      result.check = true;
      continue;
    }
    constexpr std::string_view known[] = {"--payload", "--weights", "--arena", "--fast",
                                          "--input",   "--output",  "--to"};
    if (std::find(std::begin(known), std::end(known), option) == std::end(known)) {
      throw stream_error("there is no option " + std::string(option) + "; see --help");
    }
    if (i + 1 == count) {
      throw stream_error(std::string(option) + " takes a value; see --help");
    }
    const std::string_view value = values[++i];
    if (option == "--payload") {
      result.payload = value;
    } else if (option == "--weights") {
      result.weights = value;
    } else if (option == "--arena") {
      result.arena_bytes = number(option, value);
      arena = true;
    } else if (option == "--fast") {
      result.fast_bytes = number(option, value);
    } else if (option == "--input") {
      const auto [path, offset] = parts(option, value, '@', "FILE@OFFSET");
      result.inputs.push_back({std::string(path), number(option, offset)});
    } else if (option == "--output") {
      const auto [offset, bytes] = parts(option, value, ':', "OFFSET:BYTES");
      result.output_offset = number(option, offset);
      result.output_bytes = number(option, bytes);
      output = true;
    } else {
      result.to = value;
    }
  }
  if (result.payload.empty() || result.weights.empty() || !arena || !output) {
    throw stream_error("--payload, --weights, --arena and --output are needed; see --help");
  }
  return result;
}

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
