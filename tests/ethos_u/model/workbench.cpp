// SPDX-License-Identifier: Apache-2.0
#include "workbench.hpp"

#include "assemble.hpp"
#include "memory.hpp"

#include <inlay/numerics/fixed_point.hpp>

namespace inlay::test::npu_model {
namespace {

std::int64_t rounded_up(std::int64_t value, std::int64_t to) {
  return (value + to - 1) / to * to;
}

} // namespace

scale scale_of(double real) {
  const quantized_multiplier by = quantize_multiplier(real);
  return {static_cast<std::uint32_t>(by.mantissa), 31 - by.shift};
}

workbench::workbench(const machine& npu, std::uint64_t seed) : random_(seed) {
  program_.machine = npu;
}

std::int64_t workbench::reserve(std::vector<std::byte>& in, std::int64_t bytes) {
  const auto at = static_cast<std::int64_t>(in.size());
  in.resize(static_cast<std::size_t>(rounded_up(at + bytes, 16)));
  return at;
}

feature_map workbench::tensor(tensor_layout how, int height, int width, int depth,
                              int element_bytes) {
  feature_map map = dense_map(1, 0, how, height, width, depth, element_bytes);
  map.is_signed = true;
  map.base[0] = reserve(arena_, map.stride_y * height);
  return map;
}

feature_map workbench::tensor_in_two(tensor_layout how, int height, int width, int depth,
                                     int height0) {
  feature_map map = tensor(how, height0, width, depth);
  (void)reserve(arena_, 48);
  map.height = height;
  map.base[2] = reserve(arena_, map.stride_y * (height - height0));
  return map;
}

feature_map workbench::constant(int height, int width, int depth,
                                const std::vector<std::int32_t>& values) {
  feature_map map = dense_map(0, 0, tensor_layout::nhwc, height, width, depth, 4);
  map.is_signed = true;
  map.base[0] = reserve(constants_, map.stride_y * height);
  for (std::size_t i = 0; i < values.size(); ++i) {
    save(constants_.data() + map.base[0] + static_cast<std::ptrdiff_t>(i) * 4, 4, values[i]);
  }
  return map;
}

void workbench::fill(const feature_map& map, const std::vector<std::int64_t>& values) {
  std::size_t at = 0;
  each_run(map, [&](int, int, int, int count, std::int64_t offset) {
    for (int i = 0; i < count; ++i) {
      save(arena_.data() + offset + std::ptrdiff_t{i} * map.element_bytes, map.element_bytes,
           values.at(at++));
    }
    given_.push_back({map.region, offset, std::int64_t{count} * map.element_bytes});
  });
}

void workbench::fill_at_random(const feature_map& map) {
  const auto count = std::int64_t{map.height} * map.width * map.depth;
  std::vector<std::int64_t> values(static_cast<std::size_t>(count));
  for (std::int64_t& value : values) {
    value = random_.between(map.least(), map.greatest());
  }
  fill(map, values);
}

std::vector<std::int64_t> workbench::values(const feature_map& map) const {
  std::vector<std::int64_t> result;
  each_run(map, [&](int, int, int, int count, std::int64_t offset) {
    for (int i = 0; i < count; ++i) {
      result.push_back(load(arena_.data() + offset + std::ptrdiff_t{i} * map.element_bytes,
                            map.element_bytes, map.is_signed));
    }
  });
  return result;
}

operation workbench::between(kind what, const feature_map& ifm, const feature_map& ofm) const {
  const machine& npu = program_.machine;
  operation result;
  result.kind = what;
  result.ifm = ifm;
  result.ofm = ofm;
  result.activation_min = ofm.element_bytes == 1 ? -128 : -32768;
  result.activation_max = ofm.element_bytes == 1 ? 127 : 32767;
  result.block_height = npu.block_height;
  result.block_width = npu.block_width;
  result.block_depth = 16;
  result.cores = npu.cores;
  const int top = npu.top(false);
  if (what == kind::elementwise) {
    result.input_end = top;
    result.sum_start = top;
    result.input2_start = 2 + npu.input_granule_32;
  } else {
    result.sum_start = top - npu.sum_granule;
    result.input_end = 2 + (result.sum_start - 2) / npu.input_granule_32 * npu.input_granule_32;
  }
  return result;
}

void workbench::give_weights(operation& to, const std::vector<std::int16_t>& weights,
                             const std::vector<scale_record>& scales, bool compressed) {
  const std::size_t outputs = scales.size();
  const std::size_t each = weights.size() / outputs;
  const auto cores = static_cast<std::size_t>(to.cores);
  for (std::size_t core = 0; core < cores; ++core) {
    std::vector<std::int16_t> own;
    std::vector<std::byte> records;
    for (std::size_t o = core; o < outputs; o += cores) {
      own.insert(own.end(), weights.begin() + static_cast<std::ptrdiff_t>(o * each),
                 weights.begin() + static_cast<std::ptrdiff_t>((o + 1) * each));
      append_scale(records, scales[o]);
    }
    traversal order;
    order.depthwise = to.kind == kind::depthwise;
    order.part_kernel = to.part_kernel;
    order.input_bits = to.ifm.element_bytes * 8;
    order.outputs = static_cast<int>(own.size() / each);
    order.inputs = order.depthwise ? 1 : to.ifm.depth;
    order.kernel_height = (to.kernel_height - 1) / to.dilation_y + 1;
    order.kernel_width = (to.kernel_width - 1) / to.dilation_x + 1;
    order.dilation_y = to.dilation_y;
    order.dilation_x = to.dilation_x;
    order.block_depth = (to.block_depth + to.cores - 1 - static_cast<int>(core)) / to.cores;
    order.micro_depth = program_.machine.block_depth;
    if (own.empty()) {
      to.weights[core] = {to.weights[0].base, 0};
      to.scales[core] = {to.scales[0].base, 0};
      continue;
    }
    const auto put = [&](const std::vector<std::byte>& bytes) {
      const std::int64_t at = reserve(constants_, static_cast<std::int64_t>(bytes.size()));
      std::copy(bytes.begin(), bytes.end(), constants_.begin() + at);
      return range{at, rounded_up(static_cast<std::int64_t>(bytes.size()), 16)};
    };
    to.weights[core] = put(weight_stream(in_stream_order(own, order), {compressed, 300}, random_));
    to.scales[core] = put(records);
  }
}

void workbench::add(const operation& what) {
  program_.operations.push_back(what);
  program_.operations.back().index = static_cast<int>(program_.operations.size()) - 1;
}

void workbench::add_transfer(const feature_map& from, std::int64_t shram_offset,
                             std::int64_t bytes) {
  operation what;
  what.kind = kind::dma;
  what.source_region = from.region;
  what.source = from.base[0];
  what.target_region = 0x103;
  what.target = program_.machine.tables_at() + shram_offset;
  what.bytes = bytes;
  add(what);
}

void workbench::add_wait(kind what, int left) {
  operation wait;
  wait.kind = what;
  wait.parameter = left;
  add(wait);
}

check_options workbench::options() const {
  check_options result;
  result.region_bytes = {static_cast<std::int64_t>(constants_.size()),
                         static_cast<std::int64_t>(arena_.size())};
  result.given = given_;
  return result;
}

std::string workbench::complaints() const {
  return text_of(check(decode(assemble(program_)), options()));
}

void workbench::run() {
  const std::vector<region> regions{std::span<const std::byte>(constants_),
                                    std::span<std::byte>(arena_)};
  ethos_u_model(program_.machine.config).run(assemble(program_), regions);
}

std::vector<std::byte> workbench::arena_after(const program& what) const {
  std::vector<std::byte> copy = arena_;
  const std::vector<region> regions{std::span<const std::byte>(constants_),
                                    std::span<std::byte>(copy)};
  ethos_u_model().run(what, regions);
  return copy;
}

} // namespace inlay::test::npu_model
