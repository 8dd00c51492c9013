// SPDX-License-Identifier: Apache-2.0
#include "driver_double.hpp"

#include <inlay/kernels/ethos_u/payload.hpp>
#include <inlay/program/ethos_u_driver.hpp>
#include <inlay/program/ethos_u_engine.hpp>

#include <array>
#include <gtest/gtest.h>

namespace {

using inlay::ethos_u::async_core_driver;
using inlay::ethos_u::core_driver;
using inlay::ethos_u::driver_status;
using inlay::ethos_u::status_of;
using inlay::test::driver_double;

static_assert(inlay::ethos_u_driver<core_driver>);
static_assert(inlay::ethos_u_driver<async_core_driver<void (*)()>>);

constexpr inlay::ethos_u::npu npu = inlay::ethos_u::u55(128);

/// All that a driver is given, right until a test changes it.
struct arguments {
  alignas(16) std::array<std::uint32_t, 12> payload{};
  alignas(16) std::array<unsigned char, 64> constants{};
  alignas(16) std::array<unsigned char, 128> arena{};
  const void* stream = payload.data();
  int bytes = sizeof payload;
  std::array<std::uint64_t, 2> bases{address(constants.data()), address(arena.data())};
  std::array<std::size_t, 2> sizes{64, 128};
  int regions = 2;

  arguments() {
    const auto head = inlay::ethos_u::payload_head(npu, 4);
    std::copy(head.begin(), head.end(), payload.begin());
    driver.config = npu.config_word();
    driver.sizes.assign(sizes.begin(), sizes.end());
  }

  static std::uint64_t address(const void* of) { return reinterpret_cast<std::uintptr_t>(of); }

  template <class Driver>
  driver_status invoke(Driver&& by) {
    return status_of(by.invoke(stream, bytes, bases.data(), sizes.data(), regions));
  }

  driver_double driver;
};

TEST(CoreDriver, PassesEverythingOn) {
  arguments given;
  bool ran = false;
  given.driver.npu = [&](auto payload, auto bases) {
    EXPECT_EQ(static_cast<const void*>(payload.data()), given.payload.data());
    EXPECT_TRUE(std::equal(bases.begin(), bases.end(), given.bases.begin(), given.bases.end()));
    EXPECT_TRUE(given.driver.device.reserved);
    return ran = true;
  };
  int argument = 0;
  EXPECT_EQ(given.invoke(core_driver(nullptr, &argument)), driver_status::done)
      << given.driver.refusal;
  EXPECT_TRUE(ran);
  EXPECT_EQ(given.driver.user_argument, &argument);
  EXPECT_FALSE(given.driver.device.reserved);
  EXPECT_FALSE(given.driver.running);
}

TEST(CoreDriver, DeviceOfTheCallerIsNotReserved) {
  arguments given;
  given.driver.has_device = false;
  given.driver.npu = [&](auto, auto) { return !given.driver.device.reserved; };
  EXPECT_EQ(given.invoke(core_driver(&given.driver.device)), driver_status::done);
}

TEST(CoreDriver, WithoutADeviceNothingIsInvoked) {
  arguments given;
  given.driver.has_device = false;
  EXPECT_EQ(given.invoke(core_driver()), driver_status::no_device);
  EXPECT_EQ(given.driver.invocations, 0);
}

TEST(CoreDriver, MisalignedIsRefusedBeforeTheDriver) {
  for (int which = 0; which < 3; ++which) {
    arguments given;
    if (which == 2) {
      given.stream = given.payload.data() + 1;
    } else {
      given.bases[static_cast<std::size_t>(which)] += 8;
    }
    EXPECT_EQ(given.invoke(core_driver()), driver_status::misaligned);
    EXPECT_EQ(given.invoke(async_core_driver([] {})), driver_status::misaligned);
    EXPECT_EQ(given.driver.invocations, 0);
  }
  arguments given;
  given.regions = 3;
  EXPECT_EQ(given.invoke(core_driver()), driver_status::too_many_regions);
  EXPECT_EQ(given.driver.invocations, 0);
}

TEST(CoreDriver, FastMemoryOfTheDriverOverwritesNothing) {
  arguments given;
  given.driver.device.fast_memory = 0x1000;
  const auto bases = given.bases;
  EXPECT_EQ(given.invoke(core_driver()), driver_status::done);
  EXPECT_EQ(given.bases, bases);
}

TEST(CoreDriver, FailureOfTheNpuIsReported) {
  arguments given;
  given.driver.npu = [](auto, auto) { return false; };
  EXPECT_EQ(given.invoke(core_driver()), driver_status::failed);
  EXPECT_FALSE(given.driver.device.reserved);
  EXPECT_EQ(given.invoke(async_core_driver([] {})), driver_status::failed);
}

TEST(AsyncCoreDriver, IdlesUntilTheNpuIsDone) {
  arguments given;
  given.driver.polls = 5;
  int idle = 0;
  EXPECT_EQ(given.invoke(async_core_driver([&] {
    EXPECT_TRUE(given.driver.running);
    ++idle;
  })),
            driver_status::done);
  EXPECT_EQ(idle, 5);
  EXPECT_EQ(given.driver.waits, 6);
  EXPECT_FALSE(given.driver.device.reserved);
}

TEST(AsyncCoreDriver, DoesNotWaitForWhatWasRefused) {
  arguments given;
  given.payload[0] = 0;
  EXPECT_EQ(given.invoke(async_core_driver([] { FAIL(); })), driver_status::failed);
  EXPECT_EQ(given.driver.waits, 0);
  EXPECT_EQ(given.driver.refusal, "the magic number is wrong");
}

/// Spoils the arguments in each way that the driver sees.
TEST(DriverDouble, RefusesEveryWrongArgument) {
  const auto refusal_of = [](const auto& spoil) {
    arguments given;
    spoil(given);
    EXPECT_EQ(given.invoke(core_driver()), driver_status::failed);
    EXPECT_EQ(given.driver.invocations, 1);
    return given.driver.refusal;
  };
  EXPECT_EQ(refusal_of([](arguments& a) { a.payload[0] ^= 1; }), "the magic number is wrong");
  EXPECT_EQ(refusal_of([](arguments& a) { a.driver.config = 0x3008; }),
            "the payload is for another NPU");
  EXPECT_EQ(refusal_of([](arguments& a) { a.payload[3] = 0; }),
            "the payload is for another architecture");
  EXPECT_EQ(refusal_of([](arguments& a) { a.payload[5] = 9; }), "an unknown action");
  EXPECT_EQ(refusal_of([](arguments& a) { a.payload[7] += 1 << 16; }),
            "the stream's length is wrong");
  EXPECT_EQ(refusal_of([](arguments& a) { a.bytes -= 4; }), "the stream's length is wrong");
  EXPECT_EQ(refusal_of([](arguments& a) { a.bytes -= 1; }), "no payload of whole words");
  EXPECT_EQ(refusal_of([](arguments& a) { a.regions = 1; }), "the number of regions is 1");
  EXPECT_EQ(refusal_of([](arguments& a) { a.bases[1] = 0; }), "region 1 is not aligned");
  EXPECT_EQ(refusal_of([](arguments& a) { a.sizes[0] = 48; }), "region 0 has 48 bytes");
  EXPECT_EQ(refusal_of([](arguments& a) { a.driver.running = true; }), "an inference is running");
}

TEST(DriverStatus, EveryOneHasAName) {
  for (const int status : {0, -1, -2, 1, 2, 3}) {
    EXPECT_NE(name_of(status_of(status)), "?");
  }
}

} // namespace
