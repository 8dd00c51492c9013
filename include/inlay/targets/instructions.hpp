// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/support/require.hpp>

#include <string_view>

namespace inlay::targets::detail {

/// Complains where kernels are to run in a translation unit that is not compiled for them.
template <const std::string_view& Name, bool Compiled>
inline constexpr diagnosis instructions_found = [] {
  diagnosis found;
  found.expect(Compiled, "the target ", Name,
               " cannot run here, it only plans and packs: this translation unit is compiled "
               "without its instructions; expected the compiler flags of that processor, such as "
               "-march=native, or another target");
  return found;
}();

} // namespace inlay::targets::detail
