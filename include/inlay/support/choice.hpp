// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>

namespace inlay {

namespace detail {

template <class Alternative>
struct place {
  Alternative value{};
};

template <class... Alternatives>
struct places : place<Alternatives>... {};

} // namespace detail

/// One of several alternatives, as std::variant, for constant expressions: C++20 compilers cannot
/// assign to a variant there. It keeps a place for each alternative instead.
template <class... Alternatives>
class choice {
public:
  template <int Index>
  using alternative =
      std::tuple_element_t<static_cast<std::size_t>(Index), std::tuple<Alternatives...>>;

  constexpr choice() = default;

  /// Chooses an alternative and sets it.
  template <class Alternative>
    requires(std::is_same_v<Alternative, Alternatives> || ...)
  constexpr choice& operator=(const Alternative& chosen) {
    index_ = index_of<Alternative>();
    static_cast<detail::place<Alternative>&>(each_).value = chosen;
    return *this;
  }

  [[nodiscard]] constexpr int index() const { return index_; }

  template <class Alternative>
  [[nodiscard]] constexpr bool is() const {
    return index_ == index_of<Alternative>();
  }
  template <class Alternative>
  [[nodiscard]] constexpr const Alternative& as() const {
    return static_cast<const detail::place<Alternative>&>(each_).value;
  }
  /// Calls `function` with the chosen alternative; all calls return one type, which must have a
  /// default value for the case that nothing is chosen.
  template <class Function>
  constexpr auto visit(Function&& function) const {
    using result = std::common_type_t<decltype(function(as<Alternatives>()))...>;
    if constexpr (std::is_void_v<result>) {
      ((is<Alternatives>() ? function(as<Alternatives>()) : void()), ...);
    } else {
      result value{};
      ((is<Alternatives>() ? void(value = function(as<Alternatives>())) : void()), ...);
      return value;
    }
  }

private:
  template <class Alternative>
  static constexpr int index_of() {
    int index = 0;
    int at = 0;
    ((std::is_same_v<Alternative, Alternatives> ? index = at++ : ++at), ...);
    return index;
  }

  int index_ = -1;
  detail::places<Alternatives...> each_{};
};

} // namespace inlay
