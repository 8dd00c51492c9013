// SPDX-License-Identifier: Apache-2.0
#include "workbench.hpp"

#include <gtest/gtest.h>

// DMA in one, two and three dimensions, byte by byte.

namespace {

using namespace inlay::test;
using namespace inlay::test::npu_model;

constexpr int row_bytes = 48;

/// Tensors of bytes between which a transfer goes, on a U65, whose transfers may begin anywhere.
struct transfer_bench {
  workbench bench{machines[4]};
  feature_map from = bench.tensor(tensor_layout::nhwc, 1, 32, 64);
  feature_map to = bench.tensor(tensor_layout::nhwc, 1, 32, 64);
  operation what;

  transfer_bench() {
    bench.fill_at_random(from);
    what.kind = kind::dma;
    what.source_region = what.target_region = 1;
    what.source = from.base[0];
    what.target = to.base[0];
    what.bytes = row_bytes;
    what.rows = 5;
    what.planes = 3;
    what.row_skip = 16;
    what.plane_skip = 80;
  }
};

/// The offset of a byte on a side of so many dimensions.
std::size_t place(int dimensions, int plane, int row, int byte) {
  int pitch = row_bytes;
  int plane_pitch = 5 * row_bytes;
  if (dimensions > 1) {
    pitch += 16;
    plane_pitch += 5 * 16;
  }
  if (dimensions > 2) {
    plane_pitch += 80;
  }
  return static_cast<std::size_t>(plane * plane_pitch + row * pitch + byte);
}

TEST(Transfer, GathersAndScattersRowsAndPlanes) {
  for (int source = 1; source <= 3; ++source) {
    for (int target = 1; target <= 3; ++target) {
      SCOPED_TRACE(std::to_string(source) + " to " + std::to_string(target));
      transfer_bench on;
      on.what.source_dimensions = source;
      on.what.target_dimensions = target;
      const int most = std::max(source, target);
      on.bench.add(on.what);
      ASSERT_EQ(on.bench.complaints(), "");
      on.bench.run();
      const auto input = on.bench.values(on.from);
      std::vector<std::int64_t> wanted(input.size());
      for (int plane = 0; plane < (most > 2 ? 3 : 1); ++plane) {
        for (int row = 0; row < (most > 1 ? 5 : 1); ++row) {
          for (int byte = 0; byte < row_bytes; ++byte) {
            wanted[place(target, plane, row, byte)] = input[place(source, plane, row, byte)];
          }
        }
      }
      EXPECT_EQ(on.bench.values(on.to), wanted);
    }
  }
}

TEST(Transfer, WaitsForTheBytesThatItTouches) {
  const auto complaints = [](std::int64_t offset) {
    transfer_bench on;
    on.what.target_dimensions = 3;
    const feature_map map = dense_map(1, on.to.base[0] + offset, tensor_layout::nhwc, 1, 1, 16);
    feature_map read = map;
    read.is_signed = true;
    on.bench.fill_at_random(read);
    const feature_map result = on.bench.tensor(tensor_layout::nhwc, 1, 1, 16);
    on.bench.add(on.what);
    on.bench.add(on.bench.between(kind::pool, read, result));
    return on.bench.complaints();
  };
  EXPECT_NE(complaints(0).find("a DMA_WAIT is missing"), std::string::npos);
  EXPECT_NE(complaints(64 * 4).find("a DMA_WAIT is missing"), std::string::npos);
  EXPECT_EQ(complaints(row_bytes), "") << "a gap between two rows";
  EXPECT_EQ(complaints(5 * 64), "") << "a gap between two planes";
}

TEST(Transfer, ThatIsChangedIsNoticed) {
  using change = void (*)(operation&);
  for (const change changes :
       {change([](operation& one) { ++one.rows; }), change([](operation& one) { --one.planes; }),
        change([](operation& one) { one.row_skip -= 16; }),
        change([](operation& one) { one.plane_skip += 16; }),
        change([](operation& one) { one.target_dimensions = 2; }),
        change([](operation& one) { one.source_dimensions = 2; })}) {
    transfer_bench on;
    on.what.target_dimensions = 3;
    on.bench.add(on.what);
    const auto good = on.bench.arena_after(on.bench.stream());
    changes(on.bench.stream().operations[0]);
    EXPECT_NE(on.bench.arena_after(on.bench.stream()), good);
  }
}

TEST(Transfer, ThatIsDamagedIsRefused) {
  const auto complaint = [](const auto& damages) {
    transfer_bench on;
    on.what.target_dimensions = 3;
    damages(on.what);
    on.bench.add(on.what);
    EXPECT_THROW(on.bench.run(), std::runtime_error);
    return on.bench.complaints();
  };
  const auto expect = [&](const char* text, const auto& damages) {
    EXPECT_NE(complaint(damages).find(text), std::string::npos) << text;
  };
  expect("of region 1", [](operation& one) { one.planes = 30; });
  expect("it transfers 65535 planes", [](operation& one) { one.planes = one.rows = 65535; });
  expect("it transfers 3 planes", [](operation& one) { one.row_skip = std::int64_t{1} << 45; });
  expect("a fourth dimension", [](operation& one) { one.target_dimensions = 4; });
}

} // namespace
