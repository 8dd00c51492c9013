// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command_names.hpp"

#include <inlay/tensor/bytes.hpp>

#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

// Payloads of an Ethos-U's driver, of any compiler, read word by word.

namespace inspect {

/// One command: its words, and what they are called.
struct npu_command {
  /// Where it begins in the stream, in words.
  std::size_t at = 0;
  std::string_view name;
  /// Of commands without a register the command, of others the register, with bit 14.
  std::uint32_t code = 0;
  /// Bits 31:16 of the first word.
  std::uint32_t parameter = 0;
  bool has_value = false;
  std::uint32_t value = 0;

  [[nodiscard]] bool is_operation() const { return code < 0x100; }
  [[nodiscard]] bool is(inlay::ethos_u::command which) const {
    return code == static_cast<std::uint32_t>(which);
  }
};

struct npu_payload {
  std::uint32_t config = 0;
  std::uint32_t version = 0;
  std::size_t words = 0;
  std::vector<npu_command> commands;
};

inline constexpr std::uint32_t payload_magic = 0x31504F43; // "COP1"

inline bool is_payload(std::span<const unsigned char> file) {
  return file.size() >= 4 && inlay::load<std::uint32_t>(file.data()) == payload_magic;
}

namespace detail {

/// The words of a file, with complaints that say where.
class word_reader {
public:
  explicit word_reader(std::span<const unsigned char> file) : file_(file) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::size_t left() const { return file_.size() / 4 - at_; }

  std::uint32_t take(std::string_view what) {
    if (left() == 0) {
      throw std::runtime_error(
          fmt::format("the payload ends at word {}, where {} was expected", at_, what));
    }
    return inlay::load<std::uint32_t>(file_.data() + 4 * at_++);
  }

private:
  std::span<const unsigned char> file_;
  std::size_t at_ = 0;
};

inline npu_command read_command(word_reader& words, std::size_t first) {
  npu_command made;
  made.at = words.at() - first;
  const std::uint32_t word = words.take("a command");
  made.code = word & 0x7FFF;
  made.parameter = word >> inlay::ethos_u::parameter_at;
  made.has_value = (word & inlay::ethos_u::second_word_follows) != 0;
  const std::uint32_t number = word & 0x3FF;
  const bool is_known = (word & 0xBC00) == 0; // bits 10 to 13 and 15
  if (made.has_value) {
    made.name = name_in(long_register_names, number);
    made.value = words.take("the value of a register");
  } else {
    made.name = name_in(command_names, number);
    made.name = made.name.empty() ? name_in(short_register_names, number) : made.name;
  }
  if (!is_known || made.name.empty()) {
    throw std::runtime_error(
        fmt::format("word {} of the stream is 0x{:08x}, which is no command of an Ethos-U55 or U65",
                    made.at, word));
  }
  return made;
}

/// @param length the stream's words
inline void read_stream(word_reader& words, std::size_t length, npu_payload& out) {
  if (length > words.left()) {
    throw std::runtime_error(
        fmt::format("the stream has {} words, but only {} are in the file", length, words.left()));
  }
  const std::size_t first = words.at();
  bool stopped = false;
  while (words.at() - first < length) {
    if (stopped) {
      throw std::runtime_error(
          fmt::format("a command after STOP, at word {} of the stream", words.at() - first));
    }
    out.commands.push_back(read_command(words, first));
    stopped = out.commands.back().is(inlay::ethos_u::command::stop);
  }
  if (words.at() - first != length) {
    throw std::runtime_error("the stream ends within a command");
  }
  if (!stopped) {
    throw std::runtime_error("the stream does not end with STOP");
  }
  out.words = length;
}

} // namespace detail

/// Reads a payload.
/// @throws std::runtime_error that says what is damaged, and where
inline npu_payload read_payload(std::span<const unsigned char> file) {
  if (file.size() % 4 != 0) {
    throw std::runtime_error(
        fmt::format("the payload has {} bytes, expected whole words of 4", file.size()));
  }
  detail::word_reader words(file);
  npu_payload made;
  words.take("COP1");
  while (words.left() > 0) {
    const std::size_t at = words.at();
    const std::uint32_t action = words.take("an action of the driver");
    switch (action & 0xFF) {
    case 1:
      made.config = words.take("the NPU's configuration");
      made.version = words.take("the NPU's architecture");
      break;
    case 2:
      if (!made.commands.empty()) {
        throw std::runtime_error(fmt::format("a second stream at word {}", at));
      }
      detail::read_stream(words, (action >> 8 & 0xFF) << 16 | action >> 16, made);
      break;
    case 3: // reads registers
    case 4: // dumps SHRAM
    case 5: // nothing
      break;
    default:
      throw std::runtime_error(
          fmt::format("word {} is 0x{:08x}, expected an action of the driver, 1 to 5", at, action));
    }
  }
  if (made.commands.empty()) {
    throw std::runtime_error("the payload has no command stream");
  }
  return made;
}

/// What the registers hold; 0 before they are written.
class register_state {
public:
  void set(const npu_command& command) {
    values_[command.code] =
        command.has_value ? std::uint64_t{command.value} | std::uint64_t{command.parameter} << 32
                          : command.parameter;
  }

  [[nodiscard]] std::int64_t operator[](inlay::ethos_u::short_register which) const {
    return static_cast<std::int64_t>(value(static_cast<std::uint32_t>(which)));
  }
  [[nodiscard]] std::int64_t operator[](inlay::ethos_u::long_register which) const {
    return static_cast<std::int64_t>(
        value(static_cast<std::uint32_t>(which) | inlay::ethos_u::second_word_follows));
  }
  /// A register of 16 bits with a sign.
  [[nodiscard]] int with_sign(inlay::ethos_u::short_register which) const {
    return static_cast<std::int16_t>((*this)[which]);
  }

private:
  [[nodiscard]] std::uint64_t value(std::uint32_t code) const {
    const auto found = values_.find(code);
    return found == values_.end() ? 0 : found->second;
  }

  std::map<std::uint32_t, std::uint64_t> values_;
};

} // namespace inspect
