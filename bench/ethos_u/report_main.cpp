// SPDX-License-Identifier: Apache-2.0
//
// What a network is on one NPU (INLAY_NPU, of inlay::targets): bench/targets/ethos_u.py compiles
// and runs it. Prints lines "METRIC VALUE UNIT".
#include <inlay/import/tflite.hpp>
#include <inlay/kernels/ethos_u/estimate.hpp>
#include <inlay/program/ethos_u_engine.hpp>

#include INLAY_MODEL_HEADER

#include <cstdio>

#ifdef INLAY_COMPRESSES
#include <inlay/kernels/ethos_u/packed_block.hpp>
#endif

namespace {

using namespace inlay;
using measured = ethos_u_engine<tflite::network<INLAY_MODEL>, targets::INLAY_NPU,
                                ethos_u_options{.cascades = INLAY_CASCADES}>;

void print(const char* metric, std::int64_t value, const char* unit) {
  std::printf("%s %lld %s\n", metric, static_cast<long long>(value), unit);
}

ethos_u::operation_cost cost_of_all(const ethos_u::memory_speed& memory) {
  ethos_u::operation_cost all;
  for (int i = 0; i < measured::operations; ++i) {
    const ethos_u::operation what = measured::operation_at(i);
    all += estimate(measured::target::npu, request_of(what), what.blocks.output, memory);
  }
  return all;
}

} // namespace

int main() {
  constexpr ethos_u::npu on = measured::target::npu;
  print("arena_bytes", measured::arena_bytes, "B");
  print("stream_bytes", measured::stream_bytes, "B");
  print("constants_bytes", measured::constants_bytes, "B");
#ifdef INLAY_COMPRESSES
  diagnosis found;
  print("compressed_bytes",
        static_cast<std::int64_t>(
            pack_block(measured::layers, ethos_u::weight_coding::smallest, found).bytes.size()),
        "B");
  if (!found.ok()) {
    return 1;
  }
#endif
  print("operations", measured::operations, "1");
  const ethos_u::operation_cost beside_flash = cost_of_all(flash_beside(on));
  print("cycles_flash", beside_flash.cycles, "cycles");
  print("cycles_sram", cost_of_all(sram_around(on)).cycles, "cycles");
  print("bytes_read", beside_flash.bytes_read, "B");
  print("bytes_written", beside_flash.bytes_written, "B");
}
