// SPDX-License-Identifier: Apache-2.0
#include "observe.hpp"

#include <inlay/program/ethos_u_estimate.hpp>

#include <models/ethos_u_reader.hpp>

namespace {

using namespace inlay;
using reader = tflite::network<models::ethos_u_reader>;

template <int Kibibytes>
using limited = ethos_u_engine<reader, targets::ethos_u55<128>,
                               ethos_u_options{.cascades = true,
                                               .arena_limit = std::int64_t{Kibibytes} * 1024}>;

TEST(EthosUReaderCascaded, UsesALimitOfTheArena) {
  using engine = limited<80>;
  static_assert(engine::arena_bytes <= 80 * 1024);
  static_assert(engine::arena_bytes > 56 * 1024, "the smallest arena has fewer than 48 KiB");
  EXPECT_EQ(test::findings<engine>(), "");
}

TEST(EthosUReaderCascaded, IsFasterWithPlaceForCopies) {
  const auto memory = flash_beside(targets::ethos_u55<128>::npu);
  EXPECT_LT(estimate_engine<limited<80>>(memory).all.cycles,
            estimate_engine<limited<60>>(memory).all.cycles);
}

} // namespace
