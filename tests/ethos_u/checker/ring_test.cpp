// SPDX-License-Identifier: Apache-2.0
#include "ring.hpp"
#include "trial.hpp"

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>

// A cascade made by hand, and what can be wrong with one.

namespace {

using namespace inlay::test;
using namespace inlay::test::npu_model;

TEST(EthosURing, GivesWhatWholeTensorsGive) {
  for (const machine& npu : machines) {
    SCOPED_TRACE(npu.name);
    ring cascade(npu, 6);
    ASSERT_EQ(cascade.bench.complaints(), "");
    cascade.bench.run();
    EXPECT_EQ(cascade.bench.values(cascade.result), whole_result(npu));
  }
}

TEST(EthosURing, OfTooFewRowsIsFoundAndGivesOtherValues) {
  for (const machine& npu : machines) {
    SCOPED_TRACE(npu.name);
    ring cascade(npu, 4);
    EXPECT_NE(cascade.bench.complaints().find("overwritten too early"), std::string::npos)
        << cascade.bench.complaints();
    cascade.bench.run();
    EXPECT_NE(cascade.bench.values(cascade.result), whole_result(npu));
  }
}

struct mutation {
  std::string name;
  /// Changes an operation; false where it does not apply.
  std::function<bool(operation&)> change;
  std::string noticed_by;
};

bool is_depthwise(const operation& one) {
  return one.kind == kind::depthwise;
}

const mutation mutations[] = {
    {"BASE2 is ignored",
     [](operation& one) {
       const bool tiles = is_depthwise(one) && one.ifm.height0 < one.ifm.height;
       one.ifm.base[2] = one.ifm.base[0] + one.ifm.height0 * one.ifm.stride_y;
       return tiles;
     },
     ""},
    {"HEIGHT0 is one row more",
     [](operation& one) {
       return is_depthwise(one) && one.ifm.height0 < one.ifm.height && ++one.ifm.height0 > 0;
     },
     ""},
    {"the ring is read one row too late",
     [](operation& one) {
       one.ifm.base[0] += one.ifm.stride_y;
       return is_depthwise(one);
     },
     ""},
    {"a band is written one row too late",
     [](operation& one) {
       one.ofm.base[0] += one.ofm.stride_y;
       return one.kind == kind::convolution;
     },
     ""},
    {"DMA_WAIT is missing",
     [](operation& one) { return one.kind == kind::dma_wait && ++one.parameter > 0; }, "checker"},
    {"KERNEL_WAIT is missing",
     [](operation& one) {
       const bool after_kernels = one.kind == kind::kernel_wait && one.index > 0;
       one.parameter = 2;
       return after_kernels;
     },
     "checker"},
    {"the table is another one",
     [](operation& one) { return one.has_table() && ++one.activation > 0; }, "model"},
    {"the table is not used",
     [](operation& one) {
       const bool table = one.has_table();
       one.activation = 0;
       return table;
     },
     ""},
    {"the table is written beside its place",
     [](operation& one) {
       const bool into = one.kind == kind::dma && one.into_shram();
       one.target -= 256;
       return into;
     },
     "checker"},
    {"DMA takes too few bytes",
     [](operation& one) {
       one.bytes -= 16;
       return one.kind == kind::dma && !one.into_shram() && one.index < 3;
     },
     "checker"},
    {"DMA is not aligned",
     [](operation& one) {
       one.source += 8;
       one.bytes -= 8;
       return one.kind == kind::dma && one.into_shram();
     },
     ""},
};

TEST(EthosURing, MutationsAreNoticed) {
  for (const std::size_t npu : {std::size_t{0}, std::size_t{2}, std::size_t{4}}) {
    SCOPED_TRACE(machines.at(npu).name);
    const ring cascade(machines.at(npu), 6);
    const trial on(cascade.bench.stream(), cascade.bench.options(), cascade.bench.constants(),
                   cascade.bench.arena());
    for (const mutation& one : mutations) {
      int applied = 0;
      for (std::size_t i = 0; i < on.good().operations.size(); ++i) {
        program changed = on.good();
        if (one.change(changed.operations[i])) {
          ++applied;
          const std::string who = on.noticed_by(changed);
          EXPECT_NE(who, "") << one.name << ": " << describe(on.good().operations[i]);
          if (!one.noticed_by.empty()) {
            EXPECT_EQ(who, one.noticed_by) << one.name << ": " << describe(on.good().operations[i]);
          }
        }
      }
      EXPECT_GT(applied, 0) << one.name;
    }
  }
}

} // namespace
