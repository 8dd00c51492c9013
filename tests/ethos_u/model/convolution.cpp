// SPDX-License-Identifier: Apache-2.0
#include "execute.hpp"
#include "scaling.hpp"

#include <algorithm>

namespace inlay::test::npu_model {
namespace {

constexpr bool same(const traversal& a, const traversal& b) {
  return a.depthwise == b.depthwise && a.part_kernel == b.part_kernel &&
         a.input_bits == b.input_bits && a.outputs == b.outputs && a.inputs == b.inputs &&
         a.kernel_height == b.kernel_height && a.kernel_width == b.kernel_width &&
         a.dilation_y == b.dilation_y && a.dilation_x == b.dilation_x &&
         a.block_depth == b.block_depth && a.micro_depth == b.micro_depth;
}

/// What one core computes: each cores-th channel, beginning with its number.
struct core_part {
  const std::vector<std::int16_t>* weights = nullptr;
  std::vector<scale_record> scales;
};

core_part part_of(const operation& what, int core, const context& where) {
  const int outputs = (what.ofm.depth - core + what.cores - 1) / what.cores;
  core_part part;
  if (outputs == 0) {
    return part;
  }
  traversal order;
  order.depthwise = what.kind == kind::depthwise;
  order.part_kernel = what.part_kernel;
  order.input_bits = what.ifm.element_bytes * 8;
  order.outputs = outputs;
  order.inputs = order.depthwise ? 1 : what.ifm.depth;
  order.kernel_height = (what.kernel_height - 1) / what.dilation_y + 1;
  order.kernel_width = (what.kernel_width - 1) / what.dilation_x + 1;
  order.dilation_y = what.dilation_y;
  order.dilation_x = what.dilation_x;
  order.block_depth = (what.block_depth + what.cores - 1 - core) / what.cores;
  order.micro_depth = where.npu.block_depth;
  const auto& stream = what.weights[static_cast<std::size_t>(core)];
  part.weights = &where.cache.find(
      readable(where.regions, what.weight_region, stream.base, stream.bytes), order);
  const auto& records = what.scales[static_cast<std::size_t>(core)];
  if (records.bytes < std::int64_t{outputs} * 10) {
    throw stream_error("SCALE_LENGTH is " + std::to_string(records.bytes) + " for " +
                       std::to_string(outputs) + " channels of 10 bytes");
  }
  const auto bytes = readable(where.regions, what.scale_region, records.base, records.bytes);
  for (int i = 0; i < outputs; ++i) {
    part.scales.push_back(read_scale(bytes.subspan(static_cast<std::size_t>(i) * 10, 10)));
  }
  return part;
}

std::int64_t finished(const operation& what, std::int64_t sum, const scale_record& record) {
  sum += record.bias;
  const std::int64_t most = what.sum_format == 1 ? std::int64_t{1} << 39 : std::int64_t{1} << 31;
  if (sum < -most || sum >= most) {
    throw stream_error("a sum leaves its accumulator: " + std::to_string(sum));
  }
  return scaled(sum, what.global_scale ? what.ofm_scale : scale{record.multiplier, record.shift},
                what.rounding);
}

void expect_sound_kernel(const operation& what) {
  if ((what.kernel_height - 1) % what.dilation_y != 0 ||
      (what.kernel_width - 1) % what.dilation_x != 0) {
    throw stream_error("the extent of the kernel is none that the dilation gives");
  }
  if (what.kind == kind::depthwise && what.ifm.depth != what.ofm.depth) {
    throw stream_error("a depthwise convolution of " + std::to_string(what.ifm.depth) + " to " +
                       std::to_string(what.ofm.depth) + " channels");
  }
  if (what.sum_format > 1) {
    throw stream_error("ACC_FORMAT is " + std::to_string(what.sum_format) +
                       "; the model computes 0 (32 bits) and 1 (40 bits)");
  }
  const double work = 1.0 * what.ofm.height * what.ofm.width * what.ofm.depth * what.kernel_height *
                      what.kernel_width * (what.kind == kind::depthwise ? 1 : what.ifm.depth);
  if (work > 1e11) {
    throw stream_error("more multiplications than the model takes, 10^11");
  }
}

} // namespace

const std::vector<std::int16_t>& weight_cache::find(std::span<const std::byte> stream,
                                                    const traversal& order) {
  auto& entries = entries_[stream.size()];
  for (const entry& known : entries) {
    if (same(known.order, order) &&
        std::equal(stream.begin(), stream.end(), known.stream.begin())) {
      return known.weights;
    }
  }
  entries.push_back(
      {{stream.begin(), stream.end()}, order, arranged(decoded_weights(stream), order)});
  return entries.back().weights;
}

results convolved(const operation& what, const context& where) {
  expect_sound_kernel(what);
  const numbers input = padded_input(what, where);
  const bool depthwise = what.kind == kind::depthwise;
  const int kernel_height = (what.kernel_height - 1) / what.dilation_y + 1;
  const int kernel_width = (what.kernel_width - 1) / what.dilation_x + 1;
  const int inputs = depthwise ? 1 : what.ifm.depth;
  std::vector<core_part> parts;
  for (int core = 0; core < what.cores; ++core) {
    parts.push_back(part_of(what, core, where));
  }
  results values;
  values.reserve(static_cast<std::size_t>(what.ofm.height) *
                 static_cast<std::size_t>(what.ofm.width) *
                 static_cast<std::size_t>(what.ofm.depth));
  const std::ptrdiff_t per_output = std::ptrdiff_t{kernel_height} * kernel_width * inputs;
  for (int y = 0; y < what.ofm.height; ++y) {
    for (int x = 0; x < what.ofm.width; ++x) {
      for (int c = 0; c < what.ofm.depth; ++c) {
        const core_part& part = parts[static_cast<std::size_t>(c % what.cores)];
        const int local = c / what.cores;
        const std::int16_t* weight = part.weights->data() + local * per_output;
        std::int64_t sum = 0;
        for (int ky = 0; ky < kernel_height; ++ky) {
          for (int kx = 0; kx < kernel_width; ++kx) {
            const std::int32_t* const pixel = input.values.data() +
                                              input.at(y * what.stride_y + ky * what.dilation_y,
                                                       x * what.stride_x + kx * what.dilation_x) +
                                              (depthwise ? c : 0);
            for (int i = 0; i < inputs; ++i) {
              sum += std::int64_t{pixel[i]} * *weight++;
            }
          }
        }
        values.push_back(finished(what, sum, part.scales[static_cast<std::size_t>(local)]));
      }
    }
  }
  return values;
}

} // namespace inlay::test::npu_model
