// SPDX-License-Identifier: Apache-2.0
//
// Stands in for Arm's core driver on a board without an NPU, such as QEMU's: the functions have
// its names and prototypes, but the payload is run by the functional model of the NPU on the
// machine that the board is connected to. Weights, payload and arena go there and back in files.
#include <board/semihosting.hpp>
#include <ethosu_driver.h>
#include <span>
#include <string_view>

namespace {

#define INLAY_BRIDGE_PAYLOAD INLAY_BRIDGE_FOLDER "/npu_payload.bin"
#define INLAY_BRIDGE_WEIGHTS INLAY_BRIDGE_FOLDER "/npu_weights.bin"
#define INLAY_BRIDGE_ARENA INLAY_BRIDGE_FOLDER "/npu_arena.bin"
constexpr std::string_view command =
    INLAY_BRIDGE_MODEL " " INLAY_BRIDGE_PAYLOAD " " INLAY_BRIDGE_WEIGHTS " " INLAY_BRIDGE_ARENA;

constinit ethosu_driver npu{};

std::span<unsigned char> region(const std::uint64_t* bases, const std::size_t* sizes,
                                std::size_t index) noexcept {
  return {reinterpret_cast<unsigned char*>(static_cast<std::uintptr_t>(bases[index])),
          sizes[index]};
}

bool run(std::span<const unsigned char> payload, std::span<const unsigned char> weights,
         std::span<unsigned char> arena) noexcept {
  if (!board::write_file(INLAY_BRIDGE_PAYLOAD, payload) ||
      !board::write_file(INLAY_BRIDGE_WEIGHTS, weights) ||
      !board::write_file(INLAY_BRIDGE_ARENA, arena)) {
    return false;
  }
  return board::run(command) && board::read_file(INLAY_BRIDGE_ARENA, arena);
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
