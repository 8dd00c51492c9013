// SPDX-License-Identifier: Apache-2.0
#include <inlay/kernels/ethos_u/payload.hpp>

#include <gtest/gtest.h>

namespace {

using namespace inlay::ethos_u;

// What a driver compares with the NPU's own register.
static_assert(u55(32).config_word() == 0x1005);
static_assert(u55(64).config_word() == 0x1006);
static_assert(u55(128).config_word() == 0x1807);
static_assert(u55(256).config_word() == 0x3008);
static_assert(u65(256).config_word() == 0x10003008);
static_assert(u65(512).config_word() == 0x10006009);

static_assert(u55(32).last_bank() == 16);
static_assert(u55(128).last_bank() == 22);
static_assert(u65(512).last_bank() == 46);
static_assert(u65(512).cores == 2);

TEST(EthosUPayload, HeadAnnouncesTheStream) {
  const auto head = payload_head(u55(128), 0x012345);
  EXPECT_EQ(head[0], 0x31504F43U);
  EXPECT_EQ(head[1], 0x00100001U);
  EXPECT_EQ(head[2], 0x1807U);
  EXPECT_EQ(head[3], 0x10060000U);
  EXPECT_EQ(head[4], 5U);
  EXPECT_EQ(head[6], 5U);
  EXPECT_EQ(head[7], 0x23450102U);
  static_assert(payload_head_words * 4 % 16 == 0, "the stream must be aligned");
}

} // namespace
