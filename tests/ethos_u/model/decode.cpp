// SPDX-License-Identifier: Apache-2.0
#include "decode.hpp"

#include "register_file.hpp"
#include "stream_error.hpp"

namespace inlay::test::npu_model {
namespace {

std::string hexadecimal(std::uint32_t value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) {
    text += digits[(value >> shift) & 15];
  }
  return text;
}

/// The words of a payload, and the header's checks.
class words {
public:
  explicit words(std::span<const std::byte> payload) : bytes_(payload) {
    if (payload.size() < header_bytes) {
      throw stream_error("a payload begins with " + std::to_string(header_bytes) +
                         " bytes of header; this one has " + std::to_string(payload.size()));
    }
    expect(0, 0x31504F43, "the magic \"COP1\"");
    expect(1, 0x00100001, "the action that gives configuration and version");
    const std::uint32_t length = raw(7);
    if ((length & 0xFF) != 2) {
      throw stream_error("the header's last word announces no command stream: " +
                         hexadecimal(length));
    }
    count_ = (length >> 16) | ((length >> 8) & 0xFF) << 16;
    if (payload.size() / 4 - header_bytes / 4 < count_) {
      throw stream_error("the header announces " + std::to_string(count_) +
                         " words of commands, the payload has " +
                         std::to_string((payload.size() - header_bytes) / 4));
    }
  }

  [[nodiscard]] std::uint32_t config() const { return raw(2); }
  [[nodiscard]] std::uint32_t identity() const { return raw(3); }
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] std::uint32_t operator[](std::size_t at) const {
    return raw(at + header_bytes / 4);
  }

private:
  static constexpr std::size_t header_bytes = 32;

  [[nodiscard]] std::uint32_t raw(std::size_t at) const {
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      word |= std::to_integer<std::uint32_t>(bytes_[at * 4 + i]) << (8 * i);
    }
    return word;
  }

  void expect(std::size_t at, std::uint32_t value, const std::string& what) const {
    if (raw(at) != value) {
      throw stream_error("the header's word " + std::to_string(at) + " should be " + what + ", " +
                         hexadecimal(value) + ", and is " + hexadecimal(raw(at)));
    }
  }

  std::span<const std::byte> bytes_;
  std::size_t count_ = 0;
};

bool names_kind(std::uint32_t code, kind& found) {
  switch (code) {
  case 0x02:
    found = kind::convolution;
    return true;
  case 0x03:
    found = kind::depthwise;
    return true;
  case 0x05:
    found = kind::pool;
    return true;
  case 0x06:
    found = kind::elementwise;
    return true;
  case 0x10:
    found = kind::dma;
    return true;
  case 0x11:
    found = kind::dma_wait;
    return true;
  case 0x12:
    found = kind::kernel_wait;
    return true;
  default:
    return false;
  }
}

} // namespace

program decode(std::span<const std::byte> payload) {
  const words stream(payload);
  const auto machine = machine_of(stream.config());
  if (!machine) {
    throw stream_error("no NPU has the configuration " + hexadecimal(stream.config()));
  }
  program result{*machine, stream.count(), {}};
  register_file registers;
  for (std::size_t at = 0; at < stream.count(); ++at) {
    const std::size_t start = at;
    const std::uint32_t word = stream[at];
    const std::uint32_t code = word & 0x3FF;
    const std::uint32_t mode = (word >> 14) & 3;
    const std::uint32_t parameter = word >> 16;
    if (mode == 1) {
      if (++at == stream.count()) {
        fail_at(start, "the stream ends before this command's second word");
      }
      if (!registers.set_long(code, parameter, stream[at])) {
        fail_at(start, "no command has two words and the number " + hexadecimal(code));
      }
      continue;
    }
    if (mode != 0 || (word & 0x3C00) != 0) {
      fail_at(start, "this is no command: " + hexadecimal(word));
    }
    if (code == 0) {
      if (at + 1 != stream.count()) {
        fail_at(start, "STOP, and commands after it");
      }
      return result;
    }
    kind found{};
    if (names_kind(code, found)) {
      result.operations.push_back(registers.operation_of(found, static_cast<int>(parameter)));
      operation& added = result.operations.back();
      added.index = static_cast<int>(result.operations.size()) - 1;
      added.word = start;
    } else if (!registers.set_short(code, parameter)) {
      fail_at(start, "no command has one word and the number " + hexadecimal(code));
    }
  }
  throw stream_error("the stream does not end with STOP");
}

std::string describe(const operation& what) {
  constexpr std::array names{"CONV",      "DEPTHWISE", "POOL",       "ELEMENTWISE",
                             "DMA_START", "DMA_WAIT",  "KERNEL_WAIT"};
  return "operation " + std::to_string(what.index) + " (" +
         names[static_cast<std::size_t>(what.kind)] + ", word " + std::to_string(what.word) + ")";
}

} // namespace inlay::test::npu_model
