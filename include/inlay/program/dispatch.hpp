// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/program/kernel_set.hpp>
#include <inlay/support/text.hpp>
#include <inlay/targets/instruction_set.hpp>

#include <cstdlib>

namespace inlay {

/// Kernel sets of one network, in any order.
using kernel_sets = std::span<const kernel_set* const>;

/// A kernel set that this processor can run, or null and what is wrong.
struct kernel_choice {
  const kernel_set* set = nullptr;
  text complaint{};
};

/// The instruction sets of this family of processors that there are targets for, the fastest
/// first. Compiled once, in the library inlay_dispatch that inlay_add_network makes, because it
/// takes xsimd.
std::span<const targets::instruction_set> instruction_sets() noexcept;

/// Whether this processor has the instructions that a kernel set of this name is compiled with.
inline bool is_supported(std::string_view name) noexcept {
  for (const targets::instruction_set& each : instruction_sets()) {
    if (each.name == name) {
      return each.supported();
    }
  }
  return false;
}

/// The kernel set of this name; null if there is none.
inline const kernel_set* find_kernel_set(kernel_sets sets, std::string_view name) noexcept {
  for (const kernel_set* each : sets) {
    if (each->name == name) {
      return each;
    }
  }
  return nullptr;
}

namespace detail {

/// The names of all sets, or of those that this processor can run.
inline text names_of(kernel_sets sets, bool all) noexcept {
  text names;
  for (const kernel_set* each : sets) {
    if (all || is_supported(each->name)) {
      names << (names.size() > 0 ? ", " : "") << each->name;
    }
  }
  return names.size() > 0 ? names : text() << "none";
}

} // namespace detail

/// Chooses a kernel set without looking at the environment.
/// @param wish the name of a set; if empty, the fastest that this processor can run
inline kernel_choice choose_kernel_set(kernel_sets sets, std::string_view wish = {}) noexcept {
  kernel_choice made;
  if (wish.empty()) {
    for (const targets::instruction_set& each : instruction_sets()) {
      made.set = find_kernel_set(sets, each.name);
      if (made.set != nullptr && each.supported()) {
        return made;
      }
    }
    made.set = nullptr;
    made.complaint << "this processor can run none of the kernel sets that are built in: "
                   << detail::names_of(sets, true);
    return made;
  }
  const kernel_set* found = find_kernel_set(sets, wish);
  if (found == nullptr) {
    made.complaint << "expected a kernel set that is built in, found \"" << wish
                   << "\"; built in: " << detail::names_of(sets, true);
  } else if (!is_supported(wish)) {
    made.complaint << "expected a kernel set that this processor can run, found " << wish
                   << ", whose instructions it lacks; it can run: "
                   << detail::names_of(sets, false);
  } else {
    made.set = found;
  }
  return made;
}

/// Chooses a kernel set: the one of this name; if that is empty, the one that the environment
/// variable INLAY_ISA names; if that is empty too, the fastest that this processor can run.
inline kernel_choice dispatch(kernel_sets sets, std::string_view wish = {}) noexcept {
  const char* environment = wish.empty() ? std::getenv("INLAY_ISA") : nullptr;
  if (environment == nullptr || *environment == 0) {
    return choose_kernel_set(sets, wish);
  }
  kernel_choice made = choose_kernel_set(sets, environment);
  made.complaint = made.set == nullptr ? text() << "INLAY_ISA: " << made.complaint : text();
  return made;
}

} // namespace inlay
