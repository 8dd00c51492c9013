// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

#include "execute.hpp"

#include <algorithm>
#include <optional>

namespace inlay::test::npu_model {
namespace {

void transfer_row(const operation& what, std::int64_t source, std::int64_t target,
                  const context& where) {
  const auto from = readable(where.regions, what.source_region, source, what.bytes);
  if (!what.into_shram()) {
    const auto to = writable(where.regions, what.target_region, target, what.bytes);
    std::copy(from.begin(), from.end(), to.begin());
    return;
  }
  const auto size = static_cast<std::int64_t>(where.shram.bytes.size());
  if (target < 0 || target > size || what.bytes > size - target) {
    throw stream_error("a transfer to byte " + std::to_string(target + what.bytes) +
                       " of SHRAM, which has " + std::to_string(size));
  }
  std::copy(from.begin(), from.end(), where.shram.bytes.begin() + target);
  std::fill_n(where.shram.loaded.begin() + target, what.bytes, true);
}

void transfer(const operation& what, const context& where) {
  if (what.parameter != 0) {
    throw stream_error("the mode of DMA_START is " + std::to_string(what.parameter) +
                       "; there is only 0");
  }
  if (std::max(what.source_dimensions, what.target_dimensions) > 3) {
    throw stream_error("a region of DMA names a fourth dimension");
  }
  if (!what.has_few_rows()) {
    throw stream_error("a transfer of " + std::to_string(what.planes) + " planes of " +
                       std::to_string(what.rows) + " rows of " + std::to_string(what.bytes) +
                       " bytes is more than the model takes");
  }
  what.each_row(
      [&](std::int64_t source, std::int64_t target) { transfer_row(what, source, target, where); });
}

void compute(const operation& what, const context& where) {
  expect_sound(what.ifm, "the input");
  expect_sound(what.ofm, "the output");
  if (what.has_ifm2()) {
    expect_sound(what.ifm2, "the second input");
  }
  if (static_cast<int>(what.rounding) > 2) {
    throw stream_error("OFM_PRECISION names a rounding that does not exist");
  }
  if (what.cores > where.npu.cores) {
    throw stream_error("PARALLEL_MODE asks for " + std::to_string(what.cores) + " cores, " +
                       std::string(where.npu.name) + " has " + std::to_string(where.npu.cores));
  }
  switch (what.kind) {
  case kind::convolution:
  case kind::depthwise:
    store(what, convolved(what, where), where);
    break;
  case kind::pool:
    store(what, pooled(what, where), where);
    break;
  default:
    store(what, combined(what, where), where);
    break;
  }
  // Without banks of their own, tables lie where other operations have their buffers.
  if (!what.has_table() && where.npu.reserved_banks() == 0) {
    std::fill(where.shram.loaded.begin() + where.npu.tables_at(), where.shram.loaded.end(), false);
  }
}

} // namespace

struct ethos_u_model::state {
  weight_cache cache;
};

ethos_u_model::ethos_u_model(std::uint32_t config)
    : state_(std::make_unique<state>()), config_(config) {}

ethos_u_model::~ethos_u_model() = default;

void ethos_u_model::run(std::span<const std::byte> payload, std::span<const region> regions,
                        const hook& after) {
  run(decode(payload), regions, after);
}

void ethos_u_model::run(const program& what, std::span<const region> regions, const hook& after) {
  if (config_ != 0 && what.machine.config != config_) {
    const auto wanted = machine_of(config_);
    throw stream_error("the payload is for " + std::string(what.machine.name) + ", this is " +
                       (wanted ? std::string(wanted->name) : "no known NPU"));
  }
  internal_memory shram(what.machine);
  const context where{what.machine, regions, shram, state_->cache};
  for (const operation& one : what.operations) {
    try {
      if (one.is_kernel()) {
        compute(one, where);
      } else if (one.kind == kind::dma) {
        transfer(one, where);
      }
    } catch (const stream_error& error) {
      throw stream_error(describe(one) + ": " + error.what());
    }
    if (after) {
      after(one, regions);
    }
  }
}

} // namespace inlay::test::npu_model
