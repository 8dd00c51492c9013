// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/targets/instruction_set.hpp>

#include <cassert> // xsimd 8.1 uses it without saying so
#include <cstddef>
#include <type_traits>
#include <xsimd/xsimd.hpp>

// For hosted programs, and there for the one translation unit that dispatches: kernels and bare
// metal include nothing of xsimd.

static_assert(XSIMD_VERSION_MAJOR * 100 + XSIMD_VERSION_MINOR >= 801,
              "inlay: dispatch expects xsimd 8.1.0 or newer, and found an older one");

namespace inlay::targets::tag {

/// The architecture that every processor has. It ends the lists of architectures.
struct reference {
  static constexpr bool supported() noexcept { return true; }
  static constexpr bool available() noexcept { return true; }
  static constexpr bool requires_alignment() noexcept { return false; }
  static constexpr std::size_t alignment() noexcept { return 0; }
  static constexpr unsigned version() noexcept { return 0; }
  static constexpr const char* name() noexcept { return "reference"; }
};

namespace detail {

/// Where an architecture is in a list; behind its end where it is not.
template <class Architecture, class... All>
constexpr std::size_t place_of(xsimd::arch_list<All...>) noexcept {
  std::size_t place = 0;
  static_cast<void>(((std::is_same_v<Architecture, All> || (++place, false)) || ...));
  return place;
}

/// Whether xsimd finds an architecture of its own on this processor. Its dispatch takes the best
/// one of a list; what stands behind that is there as well.
template <class Architecture, class List>
bool is_found() noexcept {
  const std::size_t best = xsimd::dispatch<List>(
      [](auto found) noexcept -> std::size_t { return place_of<decltype(found)>(List{}); })();
  return place_of<Architecture>(List{}) >= best;
}

} // namespace detail

/// What tags of inlay have in common. xsimd has no architectures with products of bytes (8.1), or
/// not all (14), and its dispatch cannot be taught any; so a tag derives from the nearest that it
/// has, and adds what it does not look for: further instructions, and whether the operating system
/// saves the registers.
/// @tparam Tag the derived tag, with has_instructions(): all that its kernels are compiled for
/// @tparam Base xsimd's architecture
/// @tparam List what xsimd is to look for, from the best on, with Base in it
template <class Tag, class Base, class List>
struct derived : Base {
  static bool available() noexcept {
    return detail::is_found<Base, List>() && Tag::has_instructions();
  }
};

/// A list of tags as rows for run time.
template <class List>
struct rows;
template <class... Tags>
struct rows<xsimd::arch_list<Tags...>> {
  static constexpr instruction_set all[] = {{Tags::name(), Tags::available}...};
};

} // namespace inlay::targets::tag
