// SPDX-License-Identifier: Apache-2.0
#include "../plan/random_graph.hpp"
#include "../support/loaded_model.hpp"
#include "player.hpp"

#include <inlay/lower/lower.hpp>
#include <inlay/plan/stream.hpp>

#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <string>

// Streams of random graphs are played through: every byte of the arena knows which row of which
// node it holds.

namespace {

using namespace inlay;
using inlay::test::random_source;

constexpr graph_size size{64, 24};

/// A schedule as rows, cut and placed.
struct planned {
  row_stream<size> stream;
  detail::row_readers<size> readers;
  row_cuts<size> cuts;
  detail::row_needs<size> needs{};
  row_plan<size> plan;

  planned(const graph<size>& network, const schedule<size>& work, image_source source,
          std::int64_t alignment, random_source& random)
      : stream(divided_stream(network, work, random_division(random), alignment)), readers(stream) {
    const int begin = source == image_source::rows ? 0 : 1;
    const bool in_arena = source == image_source::arena;
    const auto rings = detail::rings_of(stream, readers, begin);
    detail::scratch_sizes<size> scratch{};
    for (std::size_t node = 1; node < scratch.size(); ++node) {
      scratch[node] = random.one_in(4) ? random.between(1, 100) : 0;
    }
    cuts = cut_rows(stream, readers, rings, scratch, begin, in_arena);
    if (random.one_in(2)) {
      cut_anywhere(begin, random);
    }
    for (int i = 0; i < cuts.count; ++i) {
      const detail::needs_of_segment<size> some(stream, readers, cuts[i], in_arena);
      std::copy(some.nodes.begin() + cuts[i].begin, some.nodes.begin() + cuts[i].end,
                needs.begin() + cuts[i].begin);
    }
    const auto order = static_cast<placing_order>(random.between(0, 2));
    plan = place_rows(stream, readers, cuts, needs, scratch, source, alignment, order);
  }

  /// A plan must be right for other cuts than the best ones, too.
  void cut_anywhere(int begin, random_source& random) {
    cuts = {};
    for (int at = begin; at < stream.count;) {
      const int end = static_cast<int>(random.between(at + 1, stream.count));
      cuts.segments[static_cast<std::size_t>(cuts.count++)] = {at, end};
      at = end;
    }
  }

  /// Bands of single rows, or of any height. Some steps cannot be done by rows.
  static row_division<size> random_division(random_source& random) {
    row_division<size> division;
    const bool single = random.one_in(3);
    const auto height = [&] {
      return single ? 1 : static_cast<std::int32_t>(random.between(1, random.one_in(4) ? 20 : 4));
    };
    division.input_band = height();
    for (std::size_t i = 0; i < size.operators; ++i) {
      division.bands[i] = random.one_in(10) ? 0 : height();
      division.blocked[i] = random.one_in(4);
    }
    return division;
  }
};

TEST(stream_plan, keeps_every_row_until_its_last_reader_in_random_graphs) {
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random_source random(seed);
    const inlay::test::random_graph<size> made(random, static_cast<int>(random.between(1, 23)));
    const auto work = std::make_unique<schedule<size>>();
    lower(made.get(), lowering{.fold_padding = random.one_in(2)}, *work);
    const std::int64_t alignment = std::int64_t{1} << random.between(0, 5);
    for (const auto source : {image_source::caller, image_source::arena, image_source::rows}) {
      SCOPED_TRACE("source " + std::to_string(static_cast<int>(source)));
      const auto what = std::make_unique<planned>(made.get(), *work, source, alignment, random);
      for (int i = 0; i < what->cuts.count; ++i) {
        EXPECT_TRUE(is_sound(what->stream, what->readers, what->cuts, what->plan, i));
      }
      test::player<size>(what->stream, what->cuts, what->plan, source).play();
      if (HasFatalFailure() || HasNonfatalFailure()) {
        return;
      }
    }
  }
}

TEST(stream_plan, proof_sees_a_mistake) {
  int seen = 0;
  int moved = 0;
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    random_source random(seed);
    const inlay::test::random_graph<size> made(random, 12);
    const auto work = std::make_unique<schedule<size>>();
    lower(made.get(), {}, *work);
    planned what(made.get(), *work, image_source::rows, 1, random);
    // A buffer that moves onto a ring of its segment.
    const int node = static_cast<int>(random.between(1, what.stream.count - 1));
    for (int other = 0; other < what.stream.count; ++other) {
      if (other == node || what.needs[static_cast<std::size_t>(node)].in_place_of == other ||
          what.needs[static_cast<std::size_t>(node)].ring == 0 ||
          !what.needs[static_cast<std::size_t>(node)].beside.contains(other) ||
          what.plan[other].ring == what.stream[other].rows ||
          what.plan[other].offset == what.plan[node].offset) {
        continue;
      }
      what.plan.buffers[static_cast<std::size_t>(node)].offset = what.plan[other].offset;
      bool sound = true;
      for (int i = 0; i < what.cuts.count; ++i) {
        const bool whole = is_sound(what.stream, what.readers, what.cuts, what.plan, i);
        bool divided = true;
        for (int part = 0; part < 3; ++part) {
          divided =
              divided && is_sound(what.stream, what.readers, what.cuts, what.plan, i, part, 3);
        }
        EXPECT_EQ(divided, whole) << "a proof in parts is another one";
        sound = sound && whole;
      }
      ++moved;
      seen += sound ? 0 : 1;
      break;
    }
  }
  EXPECT_GT(moved, 100);
  EXPECT_EQ(seen, moved);
}

/// The arena of a model's stream, in bytes.
std::int64_t arena_of(const test::loaded_model& model, image_source source) {
  constexpr graph_size capacity = test::loaded_model::capacity;
  const auto work = std::make_unique<schedule<capacity>>();
  lower(*model.graph, {}, *work);
  const auto plan = std::make_unique<stream_plan<capacity>>();
  plan_stream(*model.graph, *work, source, 16, *plan);
  return plan->rows.arena_bytes;
}

TEST(stream_plan, arena_of_the_reader_does_not_grow) {
  const test::loaded_model reader(std::filesystem::path(INLAY_READER));
  ASSERT_TRUE(reader.found.ok()) << reader.message();
  EXPECT_LE(arena_of(reader, image_source::caller), 15'840);
  EXPECT_LE(arena_of(reader, image_source::arena), 30'720) << "with 27,648 bytes of image";
  EXPECT_LE(arena_of(reader, image_source::rows), 15'840);
}

TEST(stream_plan, arena_of_mobilenet_v2_does_not_grow) {
  const std::filesystem::path shared = test::shared_folder();
  if (shared.empty()) {
    GTEST_SKIP() << "INLAY_SHARED names no folder with models/ and golden/";
  }
  const test::loaded_model classifier(shared / "models/tf2_mobilenet_v2_1.0_224_ptq.tflite");
  ASSERT_TRUE(classifier.found.ok()) << classifier.message();
  EXPECT_LE(arena_of(classifier, image_source::caller), 125'664);
  EXPECT_LE(arena_of(classifier, image_source::arena), 198'912) << "with 150,528 bytes of image";
  EXPECT_LE(arena_of(classifier, image_source::rows), 125'664);
}

} // namespace
