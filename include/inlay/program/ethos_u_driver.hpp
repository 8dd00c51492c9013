// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/npu.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <ethosu_driver.h>
#include <string_view>
#include <utility>

// Engines for an Ethos-U on Arm's core driver
// (https://gitlab.arm.com/artificial-intelligence/ethos-u/ethos-u-core-driver), whose header
// <ethosu_driver.h> and library the build of the application provides. It is no part of the
// umbrella.

namespace inlay::ethos_u {

/// How an inference ended: what ethos_u_result::status means where one of these drivers ran it.
enum class driver_status : std::int8_t {
  done = 0,
  /// The driver or the NPU refused: a payload for another NPU, a bus error, an abort. The driver's
  /// log says more.
  failed = -1,
  /// The payload, weights or arena are not aligned to 16 bytes. The NPU was not started.
  misaligned = 1,
  /// There is no NPU: none was registered with ethosu_init.
  no_device = 2,
  /// More regions than a core driver takes here. The NPU was not started.
  too_many_regions = 3,
};

constexpr driver_status status_of(int returned) noexcept {
  return returned < 0 ? driver_status::failed : static_cast<driver_status>(returned);
}

constexpr std::string_view name_of(driver_status status) noexcept {
  switch (status) {
  case driver_status::done:
    return "done";
  case driver_status::failed:
    return "the driver or the NPU failed";
  case driver_status::misaligned:
    return "the payload, weights or arena are not aligned to 16 bytes";
  case driver_status::no_device:
    return "there is no NPU";
  case driver_status::too_many_regions:
    return "more regions than the driver takes";
  }
  return "?";
}

namespace detail {

/// Arguments for the driver. It has room for a third region: a driver that knows of a fast memory
/// writes its address there even if only two are given.
class driver_regions {
public:
  static constexpr int most = 2;

  constexpr driver_regions(const std::uint64_t* bases, const std::size_t* sizes, int count) noexcept
      : count_(count) {
    for (std::size_t i = 0; count <= most && i < static_cast<std::size_t>(count); ++i) {
      bases_[i] = bases[i];
      sizes_[i] = sizes[i];
    }
  }

  [[nodiscard]] driver_status check(const void* payload) const noexcept {
    if (count_ > most) {
      return driver_status::too_many_regions;
    }
    std::uint64_t bits = reinterpret_cast<std::uintptr_t>(payload);
    for (const std::uint64_t base : bases_) {
      bits |= base;
    }
    return bits % static_cast<std::uint64_t>(address_alignment) == 0 ? driver_status::done
                                                                     : driver_status::misaligned;
  }

  [[nodiscard]] std::uint64_t* bases() noexcept { return bases_.data(); }
  [[nodiscard]] const std::size_t* sizes() const noexcept { return sizes_.data(); }
  [[nodiscard]] int count() const noexcept { return count_; }

private:
  std::array<std::uint64_t, most + 1> bases_{};
  std::array<std::size_t, most + 1> sizes_{};
  int count_;
};

/// An NPU that is there for as long as this is.
class device_in_use {
public:
  /// @param given the NPU; nullptr: any that is free, for which this waits
  explicit device_in_use(ethosu_driver* given) noexcept
      : device_(given == nullptr ? ethosu_reserve_driver() : given),
        is_reserved_(given == nullptr && device_ != nullptr) {}
  ~device_in_use() {
    if (is_reserved_) {
      ethosu_release_driver(device_);
    }
  }
  device_in_use(const device_in_use&) = delete;
  device_in_use& operator=(const device_in_use&) = delete;

  [[nodiscard]] ethosu_driver* get() const noexcept { return device_; }

private:
  ethosu_driver* device_;
  bool is_reserved_;
};

/// Prepares what the driver is given, and calls start(device, regions).
template <class Start>
int with_device(ethosu_driver* given, const void* payload, driver_regions regions,
                const Start& start) noexcept {
  if (const driver_status found = regions.check(payload); found != driver_status::done) {
    return static_cast<int>(found);
  }
  const device_in_use device(given);
  if (device.get() == nullptr) {
    return static_cast<int>(driver_status::no_device);
  }
  // Whatever a driver says of its own failures, they stay apart from the statuses above.
  return start(device.get(), regions) == 0 ? 0 : static_cast<int>(driver_status::failed);
}

} // namespace detail

/// Runs payloads by ethosu_invoke_v3, which waits as the port of the driver does, for example by
/// WFI.
///
///   const auto result = engine::infer(inlay::ethos_u::core_driver{}, constants, workspace, image);
///   if (!result) { log(name_of(inlay::ethos_u::status_of(result.status))); }
class core_driver {
public:
  /// @param device the NPU; nullptr: any that is free, reserved for each inference
  /// @param argument what the driver's callbacks at the beginning and end of an inference get
  constexpr explicit core_driver(ethosu_driver* device = nullptr, void* argument = nullptr) noexcept
      : device_(device), argument_(argument) {}

  /// What ethos_u_engine::infer calls.
  /// @return a driver_status
  int invoke(const void* payload, int bytes, std::uint64_t* bases, const std::size_t* sizes,
             int regions) noexcept {
    return detail::with_device(device_, payload, {bases, sizes, regions},
                               [&](ethosu_driver* device, detail::driver_regions& given) noexcept {
                                 return ethosu_invoke_v3(device, payload, bytes, given.bases(),
                                                         given.sizes(), given.count(), argument_);
                               });
  }

private:
  ethosu_driver* device_;
  void* argument_;
};

/// Runs payloads by ethosu_invoke_async and ethosu_wait, and calls `Idle` again and again
/// meanwhile: it can do other work, or yield to another thread.
template <class Idle>
class async_core_driver {
public:
  constexpr explicit async_core_driver(Idle idle, ethosu_driver* device = nullptr,
                                       void* argument = nullptr) noexcept
      : idle_(std::move(idle)), device_(device), argument_(argument) {}

  /// What ethos_u_engine::infer calls.
  /// @return a driver_status
  int invoke(const void* payload, int bytes, std::uint64_t* bases, const std::size_t* sizes,
             int regions) noexcept {
    return detail::with_device(device_, payload, {bases, sizes, regions},
                               [&](ethosu_driver* device, detail::driver_regions& given) noexcept {
                                 return run(device, payload, bytes, given);
                               });
  }

private:
  int run(ethosu_driver* device, const void* payload, int bytes,
          detail::driver_regions& given) noexcept {
    if (const int status = ethosu_invoke_async(device, payload, bytes, given.bases(), given.sizes(),
                                               given.count(), argument_);
        status != 0) {
      return status;
    }
    constexpr int still_running = 1;
    int status = still_running;
    while ((status = ethosu_wait(device, false)) == still_running) {
      idle_();
    }
    return status;
  }

  Idle idle_;
  ethosu_driver* device_;
  void* argument_;
};

} // namespace inlay::ethos_u
