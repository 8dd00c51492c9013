// SPDX-License-Identifier: Apache-2.0
#include "reader_streams.hpp"
#include "trial.hpp"

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>

// Constants that are copied into the arena ahead of use, and what can be wrong with that.

namespace {

using namespace inlay::test;
using namespace inlay::test::npu_model;

TEST(EthosUTransfers, AreSound) {
  for (const captured& stream : copying_reader_streams()) {
    const program what = decode(stream.payload);
    SCOPED_TRACE(what.machine.name);
    EXPECT_EQ(text_of(check(what, options_for(stream, what))), "");
    const auto count = [&](kind which) {
      return std::count_if(what.operations.begin(), what.operations.end(),
                           [&](const operation& one) { return one.kind == which; });
    };
    EXPECT_GT(count(kind::dma), 3);
    EXPECT_GT(count(kind::dma_wait), 0);
    EXPECT_GT(count(kind::kernel_wait), 0);
  }
}

struct mutation {
  std::string name;
  /// Changes an operation; false where it does not apply.
  std::function<bool(operation&)> change;
};

const mutation mutations[] = {
    {"DMA_WAIT is missing",
     [](operation& o) { return o.kind == kind::dma_wait && (o.parameter = 2) > 0; }},
    {"DMA_WAIT leaves one transfer more",
     [](operation& o) { return o.kind == kind::dma_wait && ++o.parameter > 0; }},
    {"KERNEL_WAIT is missing",
     [](operation& o) { return o.kind == kind::kernel_wait && (o.parameter = 2) > 0; }},
    {"KERNEL_WAIT leaves one operation more",
     [](operation& o) { return o.kind == kind::kernel_wait && ++o.parameter > 0; }},
    {"a transfer goes to another address",
     [](operation& o) { return o.kind == kind::dma && (o.target += 16) > 0; }},
    {"a transfer comes from another address",
     [](operation& o) { return o.kind == kind::dma && (o.source += 16) > 0; }},
    {"a transfer takes too few bytes",
     [](operation& o) { return o.kind == kind::dma && (o.bytes -= 16) >= 0; }},
    {"a transfer takes too many bytes",
     [](operation& o) { return o.kind == kind::dma && (o.bytes += 1 << 20) > 0; }},
    {"a transfer goes among the constants",
     [](operation& o) { return o.kind == kind::dma && --o.target_region == 0; }},
    {"copied weights are read where they do not lie",
     [](operation& o) {
       return o.has_weights() && o.weight_region == 1 && --o.weight_region == 0;
     }},
    {"copied scales are read where they do not lie",
     [](operation& o) { return o.has_weights() && o.scale_region == 1 && --o.scale_region == 0; }},
};

TEST(EthosUTransfers, MutationsAreNoticed) {
  for (const captured& stream : copying_reader_streams()) {
    const trial on = trial_of(stream);
    SCOPED_TRACE(on.good().machine.name);
    for (const mutation& one : mutations) {
      int applied = 0;
      for (std::size_t i = 0; i < on.good().operations.size() && applied < 4; ++i) {
        program changed = on.good();
        if (one.change(changed.operations[i])) {
          ++applied;
          EXPECT_NE(on.noticed_by(changed), "")
              << one.name << ": " << describe(on.good().operations[i]);
        }
      }
      EXPECT_GT(applied, 0) << one.name;
    }
  }
}

TEST(EthosUTransfers, ThatAreLeftOutOrTooEarlyAreNoticed) {
  for (const captured& stream : copying_reader_streams()) {
    const trial on = trial_of(stream);
    SCOPED_TRACE(on.good().machine.name);
    int early = 0;
    for (std::size_t i = 0; i < on.good().operations.size(); ++i) {
      if (on.good().operations[i].kind != kind::dma) {
        continue;
      }
      program without = on.good();
      without.operations.erase(without.operations.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_NE(on.noticed_by(without), "") << describe(on.good().operations[i]);
      // At the beginning of all, many of the buffers still hold something else.
      program sooner = on.good();
      std::rotate(sooner.operations.begin(),
                  sooner.operations.begin() + static_cast<std::ptrdiff_t>(i),
                  sooner.operations.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      early += on.noticed_by(sooner).empty() ? 0 : 1;
    }
    EXPECT_GT(early, 1);
  }
}

} // namespace
