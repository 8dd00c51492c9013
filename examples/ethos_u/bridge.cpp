// SPDX-License-Identifier: Apache-2.0
//
// Stands in for Arm's core driver on a board without an NPU, such as QEMU's: the functions have
// its names and prototypes, but the payload is run by the functional model of the NPU on the
// machine that the board is connected to. Weights, payload and arena go there and back in files.
#include <array>
#include <board/semihosting.hpp>
#include <cstring>
#include <ethosu_driver.h>
#include <span>
#include <string_view>

namespace {

#define INLAY_BRIDGE_FILE(name) INLAY_BRIDGE_FOLDER "/npu_" name ".bin"
constexpr std::string_view payload_file = INLAY_BRIDGE_FILE("payload");
constexpr std::string_view weights_file = INLAY_BRIDGE_FILE("weights");
constexpr std::string_view arena_file = INLAY_BRIDGE_FILE("arena");
constexpr std::string_view result_file = INLAY_BRIDGE_FILE("result");

constinit ethosu_driver npu{};

/// A text of limited length; empty if it would be longer.
class text {
public:
  text& operator<<(std::string_view part) noexcept {
    if (part.size() > characters_.size() - size_) {
      fits_ = false;
    } else {
      std::memcpy(characters_.data() + size_, part.data(), part.size());
      size_ += part.size();
    }
    return *this;
  }
  text& operator<<(std::size_t number) noexcept {
    if (number >= 10) {
      *this << number / 10;
    }
    const char digit = static_cast<char>('0' + number % 10);
    return *this << std::string_view(&digit, 1);
  }
  [[nodiscard]] std::string_view view() const noexcept {
    return {characters_.data(), fits_ ? size_ : 0};
  }

private:
  std::array<char, 1024> characters_{};
  std::size_t size_ = 0;
  bool fits_ = true;
};

std::span<unsigned char> region(const std::uint64_t* bases, const std::size_t* sizes,
                                std::size_t index) noexcept {
  return {reinterpret_cast<unsigned char*>(static_cast<std::uintptr_t>(bases[index])),
          sizes[index]};
}

bool run(std::span<const unsigned char> payload, std::span<const unsigned char> weights,
         std::span<unsigned char> arena) noexcept {
  if (!board::write_file(payload_file, payload) || !board::write_file(weights_file, weights) ||
      !board::write_file(arena_file, arena)) {
    return false;
  }
  text command;
  command << INLAY_BRIDGE_MODEL << " --payload " << payload_file << " --weights " << weights_file
          << " --arena " << arena.size() << " --input " << arena_file
          << "@0 --output 0:" << arena.size() << " --to " << result_file;
  return board::run(command.view()) && board::read_file(result_file, arena);
}

} // namespace

int ethosu_invoke_v3(ethosu_driver* /*drv*/, const void* custom_data_ptr,
                     const int custom_data_size, uint64_t* const base_addr,
                     const size_t* base_addr_size, const int num_base_addr, void* /*user_arg*/) {
  constexpr int constants_and_arena = 2;
  if (num_base_addr != constants_and_arena) {
    return -1;
  }
  const std::span payload(static_cast<const unsigned char*>(custom_data_ptr),
                          static_cast<std::size_t>(custom_data_size));
  return run(payload, region(base_addr, base_addr_size, 0), region(base_addr, base_addr_size, 1))
             ? 0
             : -1;
}

ethosu_driver* ethosu_reserve_driver() {
  return &npu;
}

void ethosu_release_driver(ethosu_driver* /*drv*/) {}
