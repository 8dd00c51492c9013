// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/support/diagnosis.hpp>

#include <cstddef>
#include <utility>

namespace inlay {

/// A text of exactly N - 1 characters as a template argument.
template <std::size_t N>
struct fixed_text {
  char data[N]{};
};

namespace detail {

// C++20 has no static_assert with a computed text. The text goes into the name of a type, which
// compilers print with the error: g++ and clang from 15 on as a string, clang 14 (which cuts
// arrays in template arguments short) letter by letter.
#if defined(__clang__) && __clang_major__ < 15
template <char... Characters>
struct says {
  static constexpr bool model_is_right = sizeof...(Characters) == 0;
};

template <const diagnosis& Found, std::size_t... I>
auto spell(std::index_sequence<I...>) -> says<Found.message().view()[I]...>;

template <const diagnosis& Found>
using complaint = decltype(spell<Found>(std::make_index_sequence<Found.message().size()>{}));
#else
template <fixed_text Message>
struct says {
  static constexpr bool model_is_right = sizeof(Message.data) == 1;
};

template <const diagnosis& Found>
constexpr auto spell() {
  fixed_text<Found.message().size() + 1> spelled;
  for (std::size_t i = 0; i < Found.message().size(); ++i) {
    spelled.data[i] = Found.message().view()[i];
  }
  return spelled;
}

template <const diagnosis& Found>
using complaint = says<spell<Found>()>;
#endif

template <class Complaint>
struct verdict {
  static_assert(Complaint::model_is_right,
                "inlay: this network cannot be built; the template argument says why");
  static constexpr bool value = true;
};

} // namespace detail

/// True, or a compile error that carries the text of `Found`.
template <const diagnosis& Found>
inline constexpr bool require = detail::verdict<detail::complaint<Found>>::value;

} // namespace inlay
