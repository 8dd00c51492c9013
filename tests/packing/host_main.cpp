// SPDX-License-Identifier: Apache-2.0
//
// Compares what was packed while building, by a program without this one's instructions, with what
// prepare() writes. PACKED and its header are the block.
#include HEADER

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <iterator>

int main() {
  using engine = packing::reader;
  static constinit engine::parameters prepared{};
  static_assert(engine::parameters_bytes > 100'000);
  engine::prepare(prepared);
  const auto [packed, own] = std::ranges::mismatch(PACKED.packed, prepared.packed);
  if (packed != std::end(PACKED.packed)) {
    std::printf("expected what prepare() writes, found another byte at %td of %zu\n",
                packed - PACKED.packed, engine::parameters_bytes);
    return 1;
  }
  if (reinterpret_cast<std::uintptr_t>(&PACKED) % alignof(engine::parameters) != 0) {
    std::printf("expected an alignment of %zu\n", alignof(engine::parameters));
    return 1;
  }
}
