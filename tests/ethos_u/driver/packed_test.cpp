// SPDX-License-Identifier: Apache-2.0
//
// The bundled reader with weights that were compressed while building, from the image to the
// scores.
#include "../../support/random.hpp"
#include "driver_double.hpp"

#include <inlay/program/engine.hpp>
#include <inlay/program/ethos_u_driver.hpp>
#include <inlay/targets/reference.hpp>

#include <algorithm>
#include <gtest/gtest.h>
#include <model/model.hpp>
#include <parameters/packed_npu_reader.hpp>

namespace {

using network = reader_npu::network;
using engine = packed_npu_reader_engine;
using reference = inlay::engine<network, inlay::targets::reference>;

TEST(Packed, IsAlignedAndSmallerThanUncompressed) {
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&packed_npu_reader) % 16, 0);
  EXPECT_EQ(sizeof packed_npu_reader, engine::constants_bytes);
  EXPECT_LT(engine::constants_bytes, reader_npu::engine::constants_bytes);
}

TEST(Packed, InferenceThroughTheDriverIsTheReferences) {
  namespace model = inlay::test::npu_model;
  inlay::test::driver_double driver;
  driver.config = engine::target::npu.config_word();
  driver.sizes = {engine::constants_bytes, engine::arena_bytes};
  driver.npu = [&](auto payload, auto bases) {
    const auto* const constants =
        reinterpret_cast<const std::byte*>(static_cast<std::uintptr_t>(bases[0]));
    auto* const arena = reinterpret_cast<std::byte*>(static_cast<std::uintptr_t>(bases[1]));
    const std::vector<model::region> regions{std::span(constants, driver.sizes[0]),
                                             std::span(arena, driver.sizes[1])};
    model::ethos_u_model(driver.config).run(payload, regions);
    return true;
  };
  static engine::workspace memory;
  static reference::workspace plain;
  inlay::test::random_source random(15);
  for (int round = 0; round < 2; ++round) {
    const std::vector<unsigned char> image = random.bytes(network::input::const_view::size());
    const auto view = network::input::const_view::from_bytes(image.data());
    const auto expected = reference::infer(view, plain);
    const auto found =
        engine::infer(inlay::ethos_u::core_driver(), packed_npu_reader, memory, view);
    ASSERT_TRUE(found) << driver.refusal;
    EXPECT_TRUE(
        std::equal(expected.begin(), expected.end(), found.output.begin(), found.output.end()));
  }
}

} // namespace
