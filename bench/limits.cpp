// SPDX-License-Identifier: Apache-2.0
#include "limits.hpp"

#include "times.hpp"

#include <algorithm>
#include <cstdint>
#include <unistd.h>

// The loops are in assembly language, so they are what they say whatever this file is compiled for.

namespace bench {

namespace {

#if defined(__x86_64__)

/// Twelve independent sums, more than any processor needs to hide a dot product's latency.
#define INLAY_TWELVE(line)                                                                         \
  line(0) line(1) line(2) line(3) line(4) line(5) line(6) line(7) line(8) line(9) line(10) line(11)
#define INLAY_CLOBBERS                                                                             \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",         \
      "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "cc"
#define INLAY_LOOP(lines)                                                                          \
  asm volatile("1:\n" lines "dec %0\n jnz 1b\n" : "+r"(rounds) : : INLAY_CLOBBERS)
#define INLAY_VNNI_512(sum) "vpdpbusd %%zmm12, %%zmm13, %%zmm" #sum "\n"
#define INLAY_VNNI_256(sum) "%{vex%} vpdpbusd %%ymm12, %%ymm13, %%ymm" #sum "\n"
// The product needs a register of its own; six sums are enough for an addition.
#define INLAY_PAIR_256(sum, product)                                                               \
  "vpmaddwd %%ymm12, %%ymm13, %%ymm" #product "\n vpaddd %%ymm" #product ", %%ymm" #sum            \
  ", %%ymm" #sum "\n"
#define INLAY_PAIR_128(sum, product)                                                               \
  "movdqa %%xmm13, %%xmm" #product "\n pmaddwd %%xmm12, %%xmm" #product "\n paddd %%xmm" #product  \
  ", %%xmm" #sum "\n"
#define INLAY_SIX(line) line(0, 6) line(1, 7) line(2, 8) line(3, 9) line(4, 10) line(5, 11)

void multiply_avx512_vnni(long rounds) {
  INLAY_LOOP(INLAY_TWELVE(INLAY_VNNI_512));
}
void multiply_avx_vnni(long rounds) {
  INLAY_LOOP(INLAY_TWELVE(INLAY_VNNI_256));
}
void multiply_avx2(long rounds) {
  INLAY_LOOP(INLAY_SIX(INLAY_PAIR_256));
}
void multiply_sse41(long rounds) {
  INLAY_LOOP(INLAY_SIX(INLAY_PAIR_128));
}

#define INLAY_READ(offset, width, move, register)                                                  \
  move " " #offset "*" #width "(%1), %%" register #offset "\n"
#define INLAY_READ_512(offset) INLAY_READ(offset, 64, "vmovdqu64", "zmm")
#define INLAY_READ_256(offset) INLAY_READ(offset, 32, "vmovdqu", "ymm")
#define INLAY_READ_128(offset) INLAY_READ(offset, 16, "movdqu", "xmm")
#define INLAY_EIGHT(line) line(0) line(1) line(2) line(3) line(4) line(5) line(6) line(7)
#define INLAY_READ_LOOP(lines, bytes)                                                              \
  asm volatile("1:\n" lines "add $" #bytes ", %1\n dec %0\n jnz 1b\n"                              \
               : "+r"(rounds), "+r"(from)                                                          \
               :                                                                                   \
               : INLAY_CLOBBERS, "memory")

void read_512(const unsigned char* from, long rounds) {
  INLAY_READ_LOOP(INLAY_EIGHT(INLAY_READ_512), 512);
}
void read_256(const unsigned char* from, long rounds) {
  INLAY_READ_LOOP(INLAY_EIGHT(INLAY_READ_256), 256);
}
void read_128(const unsigned char* from, long rounds) {
  INLAY_READ_LOOP(INLAY_EIGHT(INLAY_READ_128), 128);
}

struct way {
  std::string_view isa;
  std::string_view instruction;
  void (*multiply)(long rounds);
  /// Products in one round.
  int products;
  void (*read)(const unsigned char* from, long rounds);
  /// Bytes in one round.
  int bytes;
};

constexpr way ways[] = {
    {"avx512_vnni", "vpdpbusd, 512 bits", multiply_avx512_vnni, 12 * 64, read_512, 512},
    {"avx_vnni", "vpdpbusd, 256 bits", multiply_avx_vnni, 12 * 32, read_256, 256},
    {"avx2", "vpmaddwd and vpaddd, 256 bits", multiply_avx2, 6 * 16, read_256, 256},
    {"sse41", "pmaddwd and paddd, 128 bits", multiply_sse41, 6 * 8, read_128, 128},
    {"", "", nullptr, 0, read_128, 128},
};

const way& way_of(std::string_view isa) {
  return *std::find_if(std::begin(ways), std::end(ways) - 1,
                       [&](const way& each) { return each.isa == isa; });
}

/// The most units of `work(rounds)` in a nanosecond, where a round has so many.
template <class Work>
double best_rate(double units, long rounds, const Work& work) {
  times taken;
  double sum = 0;
  while (sum < 1e5 || taken.count() < 5) {
    const double once = time_of([&] { work(rounds); });
    taken.add(once);
    sum += once;
  }
  return units * static_cast<double>(rounds) / taken.min() / 1e3;
}

double read_rate(const way& how, std::size_t bytes) {
  std::vector<unsigned char> memory(bytes, 1);
  const auto once = static_cast<long>(bytes) / how.bytes;
  // Small memory is read several times between two looks at the clock.
  const long times_over = std::max(1L, static_cast<long>((1U << 20) / bytes));
  return best_rate(how.bytes, once * times_over, [&](long /*rounds*/) {
    for (long i = 0; i < times_over; ++i) {
      how.read(memory.data(), once);
    }
  });
}

#endif

} // namespace

limits measure_limits(std::string_view isa) {
  limits made;
#if defined(__x86_64__)
  const way& how = way_of(isa);
  if (how.multiply != nullptr) {
    made.instruction = how.instruction;
    made.gmac_per_second = best_rate(how.products, 100'000, how.multiply);
  }
  const auto add = [&](const char* name, std::size_t bytes) {
    made.levels.push_back({name, bytes, read_rate(how, bytes)});
  };
  const auto size_of = [](int key, long usual) {
    const long size = sysconf(key);
    return static_cast<std::size_t>(size > 0 ? size : usual);
  };
  const std::size_t second = size_of(_SC_LEVEL2_CACHE_SIZE, 1L << 20);
  add("L1", size_of(_SC_LEVEL1_DCACHE_SIZE, 32L << 10) / 2);
  add("L2", second / 2);
  // What a virtual machine says of its share of an L3 is seldom true; a network is not larger.
  add("L3", 4 * second);
  add("memory", std::size_t{256} << 20);
#else
  static_cast<void>(isa);
#endif
  return made;
}

} // namespace bench
