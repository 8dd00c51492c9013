// SPDX-License-Identifier: Apache-2.0
#include "assemble.hpp"
#include "memory.hpp"
#include "stream_error.hpp"
#include "workbench.hpp"

#include <gtest/gtest.h>

// Whatever a payload or its constants hold, the model and the checker end, with a result or with a
// message; sanitizers look on.

namespace {

using namespace inlay::test;
using namespace inlay::test::npu_model;

/// A convolution, a table and a sum: all kinds of commands, few words.
workbench small_stream(const machine& npu) {
  workbench bench(npu);
  const feature_map image = bench.tensor(tensor_layout::nhwc, 4, 4, 8);
  const feature_map table = bench.tensor(tensor_layout::nhwc, 1, 1, 256);
  const feature_map middle = bench.tensor(tensor_layout::nhcwb16, 4, 4, 8);
  const feature_map result = bench.tensor(tensor_layout::nhwc, 4, 4, 8);
  bench.fill_at_random(image);
  bench.fill_at_random(table);
  operation convolution = bench.between(kind::convolution, image, middle);
  std::vector<std::int16_t> weights(8 * 8);
  for (std::int16_t& weight : weights) {
    weight = static_cast<std::int16_t>(bench.random().between(-9, 9));
  }
  bench.give_weights(convolution, weights, std::vector<scale_record>(8, {3, 1U << 30, 36}), true);
  bench.add(convolution);
  bench.add_wait(kind::kernel_wait, 0);
  bench.add_transfer(table, 0, 256);
  bench.add_wait(kind::dma_wait, 0);
  operation sum = bench.between(kind::elementwise, middle, result);
  sum.ifm2 = image;
  sum.parameter = static_cast<int>(elementwise::add);
  sum.opa_scale = {1, 0};
  sum.opb_scale = {1, 0};
  sum.activation = 16;
  sum.input_end = sum.sum_start = npu.top(true);
  bench.add(sum);
  return bench;
}

/// @returns what the model says, or "" where it comes to the end.
std::string try_it(const std::vector<std::byte>& payload, const std::vector<std::byte>& constants,
                   std::vector<std::byte> arena, const check_options& options) {
  try {
    const program what = decode(payload);
    (void)check(what, options);
    const std::vector<region> regions{std::span<const std::byte>(constants),
                                      std::span<std::byte>(arena)};
    ethos_u_model().run(what, regions);
  } catch (const stream_error& error) {
    EXPECT_STRNE(error.what(), "");
    return error.what();
  }
  return "";
}

void damage(std::vector<std::byte>& bytes, random_source& random) {
  const std::int64_t changes = random.between(1, 3);
  for (std::int64_t i = 0; i < changes && !bytes.empty(); ++i) {
    std::byte& one = bytes[static_cast<std::size_t>(
        random.between(0, static_cast<std::int64_t>(bytes.size()) - 1))];
    one = random.one_in(2) ? one ^ static_cast<std::byte>(1 << random.between(0, 7))
                           : static_cast<std::byte>(random.between(0, 255));
  }
  if (random.one_in(8)) {
    bytes.resize(
        static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(bytes.size()))));
  }
}

TEST(DamagedStream, EndsWithAMessageOrAResult) {
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const workbench bench = small_stream(machines[seed % machines.size()]);
    random_source random(seed);
    std::vector<std::byte> payload = assemble(bench.stream());
    std::vector<std::byte> constants = bench.constants();
    damage(random.one_in(3) ? constants : payload, random);
    refused += try_it(payload, constants, bench.arena(), bench.options()).empty() ? 0 : 1;
  }
  EXPECT_GT(refused, 500);
  EXPECT_LT(refused, 3000);
}

TEST(DamagedStream, UndamagedRuns) {
  for (const machine& npu : machines) {
    workbench bench = small_stream(npu);
    EXPECT_EQ(bench.complaints(), "");
    EXPECT_EQ(try_it(assemble(bench.stream()), bench.constants(), bench.arena(), bench.options()),
              "");
  }
}

std::string refusal(const std::function<void(std::vector<std::byte>&)>& change) {
  const workbench bench = small_stream(machines[2]);
  std::vector<std::byte> payload = assemble(bench.stream());
  change(payload);
  return try_it(payload, bench.constants(), bench.arena(), bench.options());
}

TEST(DamagedStream, IsDescribed) {
  const auto expect = [](const std::function<void(std::vector<std::byte>&)>& change,
                         std::string_view text) {
    const std::string said = refusal(change);
    EXPECT_NE(said.find(text), std::string::npos) << "found: " << said;
  };
  expect([](auto& payload) { payload.resize(31); }, "begins with 32 bytes of header");
  expect([](auto& payload) { payload[0] = std::byte{0}; }, "\"COP1\"");
  expect([](auto& payload) { payload[8] = std::byte{9}; },
         "no NPU has the configuration 0x00001809");
  expect([](auto& payload) { payload.resize(payload.size() - 4); }, "words of commands");
  expect([](auto& payload) { payload[32] = std::byte{0x77}; }, "no command has one word");
  expect([](auto& payload) { payload[payload.size() - 4] = std::byte{0x12}; },
         "does not end with STOP");
  expect([](auto& payload) { payload[32] = payload[33] = std::byte{0}; },
         "STOP, and commands after it");
}

TEST(Model, RefusesAPayloadForAnotherNpu) {
  const workbench bench = small_stream(machines[2]);
  std::vector<std::byte> arena = bench.arena();
  const std::vector<region> regions{std::span<const std::byte>(bench.constants()),
                                    std::span<std::byte>(arena)};
  EXPECT_THROW(ethos_u_model(machines[3].config).run(assemble(bench.stream()), regions),
               stream_error);
}

TEST(Model, RefusesToWriteConstantsAndToLeaveRegions) {
  workbench bench = small_stream(machines[2]);
  program what = bench.stream();
  what.operations[0].ofm.region = 0;
  EXPECT_THROW((void)bench.arena_after(what), stream_error);
  what.operations[0].ofm.region = 4;
  EXPECT_THROW((void)bench.arena_after(what), stream_error);
  what = bench.stream();
  what.operations[0].ifm.base[0] = -16;
  EXPECT_THROW((void)bench.arena_after(what), stream_error);
  what.operations[0].ifm.base[0] = static_cast<std::int64_t>(bench.arena().size());
  EXPECT_THROW((void)bench.arena_after(what), stream_error);
}

} // namespace
