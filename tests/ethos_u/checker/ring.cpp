// SPDX-License-Identifier: Apache-2.0
#include "ring.hpp"

#include <algorithm>

namespace inlay::test::npu_model {
namespace {

constexpr int width = 6;
constexpr int depth = 16;
constexpr int band = 2;

/// Operations on whole tensors, with their weights; bands are made of them.
struct parts {
  feature_map table;
  operation convolution;
  operation depthwise;

  parts(workbench& bench, const feature_map& image, const feature_map& between,
        const feature_map& result) {
    const auto weights = [&](int count) {
      std::vector<std::int16_t> some(static_cast<std::size_t>(count));
      for (std::int16_t& one : some) {
        one = static_cast<std::int16_t>(bench.random().between(-127, 127));
      }
      return some;
    };
    const auto scales = [&](double real) {
      std::vector<scale_record> some;
      for (int c = 0; c < depth; ++c) {
        const scale by = scale_of(real * bench.random().real(0.5, 1));
        some.push_back({bench.random().between(-500, 500), by.multiplier, by.shift});
      }
      return some;
    };
    table = bench.tensor(tensor_layout::nhwc, 1, 1, 256);
    bench.fill_at_random(table);
    convolution = bench.between(kind::convolution, image, between);
    bench.give_weights(convolution, weights(depth * depth), scales(0.004));
    depthwise = bench.between(kind::depthwise, between, result);
    depthwise.kernel_height = depthwise.kernel_width = 3;
    depthwise.pad_left = depthwise.pad_right = 1;
    depthwise.pad_top = depthwise.pad_bottom = 1;
    depthwise.activation = 16;
    const int top = bench.stream().machine.top(true);
    depthwise.sum_start = top - bench.stream().machine.sum_granule;
    depthwise.input_end = 2 + bench.stream().machine.input_granule_32;
    bench.give_weights(depthwise, weights(depth * 9), scales(0.02));
  }
};

feature_map image_of(workbench& bench) {
  feature_map image = bench.tensor(tensor_layout::nhcwb16, ring::rows, width, depth);
  image.zero_point = 3;
  bench.fill_at_random(image);
  return image;
}

feature_map rows_of(feature_map map, int first, int count) {
  map.base[0] += first * map.stride_y;
  map.height = map.height0 = map.height1 = count;
  return map;
}

/// Rows of a tensor that lies in a ring.
feature_map rows_in(feature_map around, int ring_rows, int first, int count) {
  const int slot = first % ring_rows;
  feature_map map = rows_of(around, slot, count);
  map.height0 = map.height1 = std::min(count, ring_rows - slot);
  map.base[2] = around.base[0];
  return map;
}

feature_map between_of(workbench& bench, int height) {
  feature_map map = bench.tensor(tensor_layout::nhcwb16, height, width, depth);
  map.zero_point = -20;
  return map;
}

/// The table goes through DMA, and so do weights, each time into the same buffer.
void load_table(workbench& bench, const parts& of) {
  bench.add_transfer(of.table, 0, 256);
  bench.add_wait(kind::dma_wait, 0);
}

} // namespace

ring::ring(const machine& npu, int ring_rows)
    : bench(npu), image(image_of(bench)),
      result(bench.tensor(tensor_layout::nhwc, rows, width, depth)) {
  feature_map around = between_of(bench, rows);
  const parts whole(bench, image, around, result);
  around.height = ring_rows;
  feature_map buffer =
      bench.tensor(tensor_layout::nhwc, 1, 1, static_cast<int>(whole.convolution.weights[0].bytes));
  operation load;
  load.kind = kind::dma;
  load.source = whole.convolution.weights[0].base;
  load.bytes = whole.convolution.weights[0].bytes;
  load.target_region = 1;
  load.target = buffer.base[0];
  int made = 0;
  for (int y = 0; y < rows; y += band) {
    // What the band below reads, one row more, is made first.
    for (; made < std::min(rows, y + 2 * band); made += band) {
      if (npu.cores == 1) {
        // Two convolutions one after the other: the first may still read the buffer.
        if (made == band) {
          bench.add_wait(kind::kernel_wait, 0);
        }
        bench.add(load);
        bench.add_wait(kind::dma_wait, 0);
      }
      operation convolution = whole.convolution;
      convolution.ifm = rows_of(image, made, band);
      convolution.ofm = rows_in(around, ring_rows, made, band);
      if (npu.cores == 1) {
        convolution.weight_region = 1;
        convolution.weights[0].base = buffer.base[0];
      }
      bench.add(convolution);
    }
    // On small NPUs the buffers of operations without a table lie over it.
    bench.add_wait(kind::kernel_wait, 0);
    load_table(bench, whole);
    operation depthwise = whole.depthwise;
    const int first = std::max(0, y - 1);
    const int end = std::min(rows, y + band + 1);
    depthwise.pad_top = y == 0 ? 1 : 0;
    depthwise.pad_bottom = y + band == rows ? 1 : 0;
    depthwise.ifm = rows_in(around, ring_rows, first, end - first);
    depthwise.ofm = rows_of(result, y, band);
    bench.add(depthwise);
  }
}

std::vector<std::int64_t> whole_result(const machine& npu) {
  workbench bench(npu);
  const feature_map image = image_of(bench);
  const feature_map result = bench.tensor(tensor_layout::nhwc, ring::rows, width, depth);
  const feature_map between = between_of(bench, ring::rows);
  const parts whole(bench, image, between, result);
  bench.add(whole.convolution);
  bench.add_wait(kind::kernel_wait, 0);
  load_table(bench, whole);
  bench.add(whole.depthwise);
  bench.run();
  return bench.values(result);
}

} // namespace inlay::test::npu_model
