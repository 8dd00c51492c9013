// SPDX-License-Identifier: Apache-2.0
#include "observe.hpp"

#include <models/ethos_u_reader.hpp>

namespace {

using namespace inlay;
using reader = tflite::network<models::ethos_u_reader>;

constexpr int pictures = 4;

/// What the reference kernels make of each picture.
const test::observed& expected(int picture) {
  static const auto all = [] {
    std::array<test::observed, pictures> made;
    for (int i = 0; i < pictures; ++i) {
      made[static_cast<std::size_t>(i)] = test::run_whole<reader>(
          test::random_image(reader::input::const_view::size(), static_cast<std::uint64_t>(i)));
    }
    return made;
  }();
  return all[static_cast<std::size_t>(picture)];
}

template <class Target>
class EthosUReader : public testing::Test {};
using npus =
    testing::Types<targets::ethos_u55<32>, targets::ethos_u55<64>, targets::ethos_u55<128>,
                   targets::ethos_u55<256>, targets::ethos_u65<256>, targets::ethos_u65<512>>;
TYPED_TEST_SUITE(EthosUReader, npus);

template <class Engine>
void expect_references() {
  EXPECT_EQ(test::findings<Engine>(), "");
  for (int i = 0; i < pictures; ++i) {
    SCOPED_TRACE("picture " + std::to_string(i));
    const auto image =
        test::random_image(reader::input::const_view::size(), static_cast<std::uint64_t>(i));
    test::expect_same(test::run_on_npu<Engine>(image, 0x55), expected(i));
  }
}

TYPED_TEST(EthosUReader, EveryTensorIsTheReferences) {
  expect_references<ethos_u_engine<reader, TypeParam>>();
}

TEST(EthosUReaderCascaded, EveryTensorIsTheReferences) {
  constexpr ethos_u_options cascaded{.cascades = true};
  expect_references<ethos_u_engine<reader, targets::ethos_u55<128>, cascaded>>();
  expect_references<ethos_u_engine<reader, targets::ethos_u65<512>, cascaded>>();
}

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
