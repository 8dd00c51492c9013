// SPDX-License-Identifier: Apache-2.0
#include "observe.hpp"

#include <models/ethos_u_reader.hpp>

namespace {

using namespace inlay;
using reader = tflite::network<models::ethos_u_reader>;

TEST(EthosUReaderCascaded, KeepsALimitOfTheArenaWithFewerOperations) {
  constexpr ethos_u_options smallest{.cascades = true};
  constexpr ethos_u_options limited{.cascades = true, .arena_limit = std::int64_t{80} * 1024};
  using target = targets::ethos_u55<128>;
  using engine = ethos_u_engine<reader, target, limited>;
  static_assert(engine::arena_bytes <= 80 * 1024);
  static_assert(engine::operations < ethos_u_engine<reader, target, smallest>::operations);
  EXPECT_EQ(test::findings<engine>(), "");
}

} // namespace
