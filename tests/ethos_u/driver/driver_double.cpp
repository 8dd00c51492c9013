// SPDX-License-Identifier: Apache-2.0
#include "driver_double.hpp"

#include <cstring>

namespace inlay::test {
namespace {

constexpr std::size_t head_words = 8;

/// What is wrong with the arguments; empty if nothing is.
std::string wrong_with(const driver_double& self, const ethosu_driver* device, const void* payload,
                       int bytes, const std::uint64_t* bases, const std::size_t* sizes, int count) {
  if (device != &self.device) {
    return "another device";
  }
  if (self.running) {
    return "an inference is running";
  }
  if (payload == nullptr || bytes % 4 != 0 || bytes < static_cast<int>(head_words * 4)) {
    return "no payload of whole words";
  }
  if (reinterpret_cast<std::uintptr_t>(payload) % 16 != 0) {
    return "the stream is not aligned";
  }
  std::uint32_t words[head_words];
  std::memcpy(words, payload, sizeof words);
  if (words[0] != 0x31504F43) {
    return "the magic number is wrong";
  }
  if (words[1] != 0x00100001 || words[2] != self.config) {
    return "the payload is for another NPU";
  }
  if (words[3] != 0x10060000) {
    return "the payload is for another architecture";
  }
  for (int i = 4; i < 7; ++i) {
    if (words[i] != 5) {
      return "an unknown action";
    }
  }
  const std::size_t length = (words[7] >> 8 & 0xFF) << 16 | words[7] >> 16;
  if ((words[7] & 0xFF) != 2 || (head_words + length) * 4 != static_cast<std::size_t>(bytes)) {
    return "the stream's length is wrong";
  }
  if (count != static_cast<int>(self.sizes.size())) {
    return "the number of regions is " + std::to_string(count);
  }
  for (int i = 0; i < count; ++i) {
    const std::string region = "region " + std::to_string(i);
    if (bases[i] == 0 || bases[i] % 16 != 0) {
      return region + " is not aligned";
    }
    if (sizes[i] != self.sizes[static_cast<std::size_t>(i)]) {
      return region + " has " + std::to_string(sizes[i]) + " bytes";
    }
  }
  return "";
}

} // namespace

driver_double*& driver_double::current() {
  static driver_double* one = nullptr;
  return one;
}

} // namespace inlay::test

using inlay::test::driver_double;

int ethosu_invoke_async(ethosu_driver* drv, const void* custom_data_ptr, const int custom_data_size,
                        uint64_t* const base_addr, const size_t* base_addr_size,
                        const int num_base_addr, void* user_arg) {
  driver_double& self = *driver_double::current();
  ++self.invocations;
  self.refusal = inlay::test::wrong_with(self, drv, custom_data_ptr, custom_data_size, base_addr,
                                         base_addr_size, num_base_addr);
  if (!self.refusal.empty()) {
    return -1;
  }
  // As the driver does it, also where the caller has given only two regions.
  if (drv->fast_memory != 0 && num_base_addr >= 2) {
    base_addr[2] = drv->fast_memory;
  }
  self.user_argument = user_arg;
  self.running = true;
  const auto* const bytes = static_cast<const std::byte*>(custom_data_ptr);
  if (!self.npu({bytes, static_cast<std::size_t>(custom_data_size)},
                {base_addr, static_cast<std::size_t>(num_base_addr)})) {
    self.refusal = "the NPU failed";
  }
  return 0;
}

int ethosu_wait(ethosu_driver* drv, bool block) {
  driver_double& self = *driver_double::current();
  if (drv != &self.device || !self.running) {
    return -2;
  }
  ++self.waits;
  if (!block && self.waits <= self.polls) {
    return 1;
  }
  self.running = false;
  return self.refusal.empty() ? 0 : -1;
}

int ethosu_invoke_v3(ethosu_driver* drv, const void* custom_data_ptr, const int custom_data_size,
                     uint64_t* const base_addr, const size_t* base_addr_size,
                     const int num_base_addr, void* user_arg) {
  const int status = ethosu_invoke_async(drv, custom_data_ptr, custom_data_size, base_addr,
                                         base_addr_size, num_base_addr, user_arg);
  return status != 0 ? status : ethosu_wait(drv, true);
}

ethosu_driver* ethosu_reserve_driver(void) {
  driver_double& self = *driver_double::current();
  if (!self.has_device || self.device.reserved) {
    return nullptr;
  }
  self.device.reserved = true;
  return &self.device;
}

void ethosu_release_driver(ethosu_driver* drv) {
  drv->reserved = false;
}
