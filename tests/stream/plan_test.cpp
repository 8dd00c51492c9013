// SPDX-License-Identifier: Apache-2.0
#include "../plan/random_graph.hpp"
#include "../support/loaded_model.hpp"

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

/// Runs a plan in an arena whose bytes hold the row that wrote them. It pulls bands by itself.
class player {
public:
  player(const planned& what, image_source source)
      : stream_(what.stream), plan_(what.plan), cuts_(what.cuts),
        owners_(static_cast<std::size_t>(what.plan.arena_bytes), -1),
        made_(static_cast<std::size_t>(what.stream.count), 0) {
    if (source != image_source::rows) {
      made_[0] = stream_[0].rows;
      for (std::int32_t y = 0; source == image_source::arena && y < made_[0]; ++y) {
        write(0, y);
      }
    }
  }

  void play() {
    for (int i = 0; i < cuts_.count; ++i) {
      segment_ = cuts_[i];
      for (int node = segment_.begin; node < segment_.end; ++node) {
        if (!is_read_inside(node)) {
          make(node, stream_[node].rows - 1);
        }
      }
      for (int node = segment_.begin; node < segment_.end; ++node) {
        make(node, stream_[node].rows - 1);
      }
    }
    for (int node = 0; node < stream_.count; ++node) {
      EXPECT_EQ(made_[static_cast<std::size_t>(node)], stream_[node].rows);
      if (stream_[node].is_output) {
        read(node, 0, stream_[node].height - 1);
      }
    }
  }

private:
  [[nodiscard]] bool is_read_inside(int node) const {
    for (int reader = segment_.begin; reader < segment_.end; ++reader) {
      for (int k = 0; k < stream_[reader].input_count; ++k) {
        if (stream_[reader].inputs[static_cast<std::size_t>(k)].node == node) {
          return true;
        }
      }
    }
    return false;
  }

  void make(int node, std::int32_t until) {
    std::int32_t& y = made_[static_cast<std::size_t>(node)];
    for (; y <= until; ++y) {
      const row_node& what = stream_[node];
      for (int k = 0; k < what.input_count; ++k) {
        const row_input& input = what.inputs[static_cast<std::size_t>(k)];
        if (input.node >= segment_.begin) {
          make(input.node, input.last(y));
        }
      }
      read_inputs(what, y);
      const scratch_place& scratch = plan_.scratch[static_cast<std::size_t>(node)];
      ASSERT_LE(scratch.offset + scratch.bytes, plan_.arena_bytes);
      std::fill_n(owners_.begin() + scratch.offset, scratch.bytes, -2);
      read_inputs(what, y);
      if (!what.in_place) {
        // Who does not work in place reads while it writes.
        write(node, y);
        read_inputs(what, y);
      }
      write(node, y);
    }
  }

  /// The rows of the inputs under the windows of all rows of band y.
  void read_inputs(const row_node& what, std::int32_t y) {
    for (int k = 0; k < what.input_count; ++k) {
      const row_input& input = what.inputs[static_cast<std::size_t>(k)];
      const std::int32_t height = stream_[input.node].height;
      for (std::int32_t row = y * what.band; row < std::min(what.height, (y + 1) * what.band);
           ++row) {
        const std::int32_t top = input.whole ? 0 : row * input.stride - input.before;
        const std::int32_t bottom = input.whole ? height - 1 : top + input.reach;
        read(input.node, std::max(top, 0), std::min(bottom, height - 1));
      }
    }
  }

  /// A ring is a whole number of bands, and rows lie in it one after the other.
  [[nodiscard]] std::int64_t place(int node, std::int32_t row) const {
    const std::int32_t rows = plan_[node].ring * stream_[node].band;
    return plan_[node].offset + row % rows * stream_[node].row_pitch;
  }
  static int owner(int node, std::int32_t row) { return node * 1000 + row; }

  void read(int node, std::int32_t first, std::int32_t last) {
    for (std::int32_t y = first; y <= last && plan_[node].bytes > 0; ++y) {
      const std::int64_t at = place(node, y);
      for (std::int64_t i = at; i < at + stream_[node].row_bytes; ++i) {
        ASSERT_EQ(owners_[static_cast<std::size_t>(i)], owner(node, y))
            << "row " << y << " of node " << node << " is overwritten before it is read";
      }
    }
  }

  /// The rows of a band lie one after the other: it does not go around the end of its ring.
  void write(int node, std::int32_t y) {
    const row_node& what = stream_[node];
    const std::int64_t begin = place(node, y * what.band);
    for (std::int32_t row = y * what.band; row < std::min(what.height, (y + 1) * what.band);
         ++row) {
      const std::int64_t at = place(node, row);
      ASSERT_GE(at, 0);
      ASSERT_EQ(plan_[node].offset % plan_.alignment, 0);
      ASSERT_EQ(at, begin + (row - y * what.band) * what.row_pitch);
      ASSERT_LE(at + what.row_bytes, plan_.arena_bytes);
      std::fill_n(owners_.begin() + at, what.row_bytes, owner(node, row));
    }
  }

  const row_stream<size>& stream_;
  const row_plan<size>& plan_;
  const row_cuts<size>& cuts_;
  row_segment segment_{};
  std::vector<int> owners_;
  std::vector<std::int32_t> made_;
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
      player(*what, source).play();
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
