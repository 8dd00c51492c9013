// SPDX-License-Identifier: Apache-2.0
//
// What this processor can run, as xsimd and the tags of inlay find it. The one translation unit of
// a program that includes xsimd for this.

#include <inlay/program/dispatch.hpp>
#include <inlay/targets/architectures.hpp>

std::span<const inlay::targets::instruction_set> inlay::instruction_sets() noexcept {
  return targets::tag::rows<targets::tag::architectures>::all;
}
