// SPDX-License-Identifier: Apache-2.0
#include "observe.hpp"

#include <models/ethos_u_reader.hpp>

namespace {

using namespace inlay;
using reader = tflite::network<models::ethos_u_reader>;

TEST(EthosUReaderCascaded, UsesALimitOfTheArena) {
  constexpr ethos_u_options limited{.cascades = true, .arena_limit = std::int64_t{80} * 1024};
  using engine = ethos_u_engine<reader, targets::ethos_u55<128>, limited>;
  static_assert(engine::arena_bytes <= 80 * 1024);
  static_assert(engine::arena_bytes > 56 * 1024, "the smallest arena has fewer than 48 KiB");
  EXPECT_EQ(test::findings<engine>(), "");
}

} // namespace
