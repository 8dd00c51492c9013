// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "steps.hpp"

#include <inlay/targets/cortex_m.hpp>

#include <algorithm>

#if defined(INLAY_CORE)
#include <board/semihosting.hpp>
#else
#include <iostream>
#endif

void inlay::test::report(std::string_view target, int configuration, int round,
                         std::string_view what, std::int64_t where) {
#if defined(INLAY_CORE)
  board::print_line(target, ": configuration ", std::int64_t{configuration}, ", round ",
                    std::int64_t{round}, ": ", what, " ", where);
#else
  std::cerr << target << ": configuration " << configuration << ", round " << round << ": " << what
            << " " << where << "\n";
#endif
}

namespace {

using namespace inlay;
using namespace inlay::test;

static_assert(std::ranges::all_of(means, kernels::portable::is_averaging));
static_assert(std::ranges::none_of(unusual_means, kernels::portable::is_averaging));

bench memory;

/// Products of 16 bits, as Cortex-M0+ has them, against one of 64.
int wrong_scales() {
  numbers random(7);
  int wrong = 0;
  for (int i = 0; i < 2000; ++i) {
    const auto sum = static_cast<std::int32_t>(random.bits()) >> random.between(0, 31);
    const std::int32_t mantissa = random.one_in(9) ? 0x7fffffff : random.between(0, 0x7fffffff);
    const std::int32_t offset = random.between(-1000, 1000);
    const std::int64_t rounded = std::int64_t{sum} * mantissa + (std::int64_t{1} << 31);
    const std::int32_t expected = offset + static_cast<std::int32_t>(rounded >> 32);
    wrong += kernels::portable::scale_by_halves(sum, mantissa, offset) == expected ? 0 : 1;
  }
  return wrong;
}

template <targets::core Core>
int wrong_kernels() {
  using target = targets::cortex_m<Core>;
  return wrong_scales() + wrong_of<target, convolutions>(memory) +
         wrong_of<target, depthwise>(memory) + wrong_of<target, additions>(memory) +
         wrong_of<target, requantizations>(memory) + wrong_of<target, means>(memory) +
         wrong_of<target, unusual_means>(memory);
}

} // namespace

int main() {
#if defined(INLAY_CORE)
  return wrong_kernels<targets::core::INLAY_CORE>();
#else
  return wrong_kernels<targets::core::m3>() + wrong_kernels<targets::core::m7>() +
         wrong_kernels<targets::core::m55>();
#endif
}
