// SPDX-License-Identifier: Apache-2.0
//
// What a network is on one NPU (INLAY_NPU, of inlay::targets): bench/targets/ethos_u.py compiles
// and runs it. Prints lines "METRIC VALUE UNIT".
#include <inlay/import/tflite.hpp>
#include <inlay/program/ethos_u_estimate.hpp>

#include INLAY_MODEL_HEADER

#include <cstdio>

#ifdef INLAY_COMPRESSES
#include <inlay/kernels/ethos_u/packed_block.hpp>
#endif

namespace {

using namespace inlay;
constexpr ethos_u_options options = [] {
  ethos_u_options wanted{.cascades = INLAY_CASCADES,
                         .constants_in = constants_memory::INLAY_CONSTANTS};
#ifdef INLAY_ARENA_LIMIT
  wanted.arena_limit = INLAY_ARENA_LIMIT;
#endif
  return wanted;
}();
using measured = ethos_u_engine<tflite::network<INLAY_MODEL>, targets::INLAY_NPU, options>;

void print(const char* metric, std::int64_t value, const char* unit) {
  std::printf("%s %lld %s\n", metric, static_cast<long long>(value), unit);
}

} // namespace

int main() {
  constexpr ethos_u::npu on = measured::target::npu;
  print("arena_bytes", measured::arena_bytes, "B");
  print("stream_bytes", measured::stream_bytes, "B");
  print("constants_bytes", measured::constants_bytes, "B");
#ifdef INLAY_COMPRESSES
  diagnosis complaints;
  print(
      "compressed_bytes",
      static_cast<std::int64_t>(
          pack_block(measured::layers, ethos_u::weight_coding::smallest, complaints).bytes.size()),
      "B");
  if (!complaints.ok()) {
    return 1;
  }
#endif
  print("operations", measured::operations, "1");
  const bool in_sram = measured::options.constants_in == constants_memory::sram;
  const ethos_u::memory_speed memory = in_sram ? sram_around(on) : flash_beside(on);
  const ethos_u_estimate found = estimate_engine<measured>(memory);
  print("cycles", found.all.cycles, "cycles");
  print("least", least_cycles<measured>(memory), "cycles");
  print("computing", found.all.compute_cycles, "cycles");
  print("bytes_read", found.all.bytes_read, "B");
  print("bytes_written", found.all.bytes_written, "B");
  print("transfers", found.transfers, "1");
  print("transferred_bytes", found.transferred_bytes, "B");
}
