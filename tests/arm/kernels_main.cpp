// SPDX-License-Identifier: Apache-2.0
//
// The kernels of one instruction set of Arm against the reference on random tensors: INLAY_TARGET
// names its target.
#include "../microcontroller_kernels/check.hpp"
#include "blocks.hpp"
#include "small_weights.hpp"
#include "steps.hpp"

#include <inlay/targets/arm.hpp>

#include <algorithm>
#include <iostream>

void inlay::test::report(std::string_view target, int configuration, int round,
                         std::string_view what, std::int64_t where) {
  std::cerr << target << ": configuration " << configuration << ", round " << round << ": " << what
            << " " << where << "\n";
}

namespace {

using namespace inlay;
using namespace inlay::test;
using target = targets::INLAY_TARGET;

static_assert(std::all_of(std::begin(dense_depthwise), std::end(dense_depthwise),
                          [](const auto& step) {
                            step::any what;
                            what = step;
                            return target::kernel_of(what) == target::name;
                          }),
              "a depthwise convolution has no kernel of its own");

bench memory;
block_bench block_memory;

} // namespace

int main() {
  return wrong_of<target, convolutions>(memory) + wrong_of<target, more_convolutions>(memory) +
         wrong_of<target, dense_depthwise>(memory) + wrong_of_small_weights<target>(memory) +
         wrong_blocks<target>(block_memory);
}
