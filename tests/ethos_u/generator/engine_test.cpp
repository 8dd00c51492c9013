// SPDX-License-Identifier: Apache-2.0
#include "../../program/tiny_network.hpp"

#include <inlay/program/ethos_u_engine.hpp>

#include <cstring>
#include <gtest/gtest.h>

namespace {

using namespace inlay;
using tiny = test::tiny;
using engine_128 = ethos_u_engine<tiny, targets::ethos_u55<128>>;

static_assert(engine_128::operations == 5);
static_assert(engine_128::npu_begin == 1);    // QUANTIZE
static_assert(engine_128::turns.size() == 7); // SOFTMAX
static_assert(engine_128::arena_bytes <= 192);
static_assert(engine_128::constants_bytes % 16 == 0);
static_assert(ethos_u_engine<tiny, targets::ethos_u65<512>>::payload[2] == 0x10006009);

/// An NPU that puts given numbers where the last operation does.
struct pretender {
  int status = 0;
  int calls = 0;
  std::array<unsigned char, 2> logits{57, static_cast<unsigned char>(-74)};
  std::array<unsigned char, 6> image{};

  int invoke(const void* payload, int bytes, std::uint64_t* bases, const std::size_t* sizes,
             int regions) noexcept {
    ++calls;
    EXPECT_EQ(payload, engine_128::payload.data());
    EXPECT_EQ(bytes, static_cast<int>(engine_128::stream_bytes) + 32);
    EXPECT_EQ(regions, 2);
    EXPECT_EQ(sizes[0], engine_128::constants_bytes);
    EXPECT_EQ(sizes[1], engine_128::arena_bytes);
    EXPECT_EQ(bases[0] % 16, 0U);
    EXPECT_EQ(bases[1] % 16, 0U);
    auto* arena = reinterpret_cast<unsigned char*>(static_cast<std::uintptr_t>(bases[1]));
    std::memcpy(image.data(), arena + engine_128::operation_at(0).input.base, image.size());
    std::memcpy(arena + engine_128::operation_at(4).output.base, logits.data(), logits.size());
    return status;
  }
};

TEST(EthosUEngine, ProcessorWorksBeforeAndAfterTheNpu) {
  static engine_128::constants constants;
  static engine_128::workspace memory;
  ASSERT_TRUE(engine_128::prepare(constants));
  pretender npu;
  const auto result = engine_128::infer(npu, constants, memory, test::tiny_image);
  EXPECT_EQ(npu.calls, 1);
  EXPECT_TRUE(result);
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(npu.image[static_cast<std::size_t>(i)], i + 1);
  }
  EXPECT_EQ(result.output[0], 127);
  EXPECT_EQ(result.output[1], -128);
}

TEST(EthosUEngine, TheDriversErrorIsTheResult) {
  static engine_128::constants constants;
  static engine_128::workspace memory;
  pretender npu;
  npu.status = -7;
  const auto result = engine_128::infer(npu, constants, memory, test::tiny_image);
  EXPECT_FALSE(result);
  EXPECT_EQ(result.status, -7);
}

TEST(EthosUEngine, ImageInTheArena) {
  using in_arena =
      ethos_u_engine<tiny, targets::ethos_u55<128>, ethos_u_options{.input = placement::arena}>;
  static in_arena::constants constants;
  static in_arena::workspace memory;
  ASSERT_TRUE(in_arena::prepare(constants));
  const auto input = in_arena::input(memory);
  for (std::size_t i = 0; i < 6; ++i) {
    input.set(i, test::tiny_image[i]);
  }
  struct {
    std::array<unsigned char, 6> image{};
    int invoke(const void*, int, std::uint64_t* bases, const std::size_t*, int) noexcept {
      const auto* arena = reinterpret_cast<unsigned char*>(static_cast<std::uintptr_t>(bases[1]));
      std::memcpy(image.data(), arena + in_arena::operation_at(0).input.base, image.size());
      return 0;
    }
  } npu;
  EXPECT_TRUE(in_arena::infer(npu, constants, memory));
  EXPECT_EQ(npu.image[5], 6);
}

} // namespace
