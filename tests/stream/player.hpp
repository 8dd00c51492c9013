// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/plan/stream_plan.hpp>

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

namespace inlay::test {

/// Runs a plan in an arena whose bytes hold the row that wrote them. It pulls bands by itself.
template <graph_size Size>
class player {
public:
  player(const row_stream<Size>& stream, const row_cuts<Size>& cuts, const row_plan<Size>& plan,
         image_source source)
      : stream_(stream), plan_(plan), cuts_(cuts),
        owners_(static_cast<std::size_t>(plan.arena_bytes), -1),
        made_(static_cast<std::size_t>(stream.count), 0) {
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

  const row_stream<Size>& stream_;
  const row_plan<Size>& plan_;
  const row_cuts<Size>& cuts_;
  row_segment segment_{};
  std::vector<int> owners_;
  std::vector<std::int32_t> made_;
};

} // namespace inlay::test
