// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/support/require.hpp>
#include <inlay/tensor/view.hpp>

#include <cstddef>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace inlay::detail {

/// Observes nothing.
struct no_tap {};

/// The executor that has no threads.
struct in_turn {
  template <class Work>
  constexpr void operator()(int parts, const Work& work) const noexcept {
    for (int part = 0; part < parts; ++part) {
      work(part);
    }
  }
};

/// A tensor as bytes, whatever view, array or span of it the caller has.
template <class Expected, class Given>
constexpr auto view_of_input(const Given& given) {
  if constexpr (std::is_convertible_v<const Given&, typename Expected::const_view>) {
    return static_cast<typename Expected::const_view>(given);
  } else {
    return typename Expected::const_view(std::data(given));
  }
}

/// How many elements a view, an array or a span holds; -1 where only run time knows.
template <class Given>
constexpr std::int64_t static_extent() {
  if constexpr (std::is_bounded_array_v<Given>) {
    return std::extent_v<Given>;
  } else if constexpr (requires {
                         Given::shape;
                         Given::extent;
                       }) {
    return static_cast<std::int64_t>(Given::extent);
  } else if constexpr (requires { std::tuple_size<Given>::value; }) {
    return static_cast<std::int64_t>(std::tuple_size<Given>::value);
  } else if constexpr (requires { Given::extent; }) {
    return Given::extent == std::dynamic_extent ? -1 : static_cast<std::int64_t>(Given::extent);
  } else {
    return -1;
  }
}

/// Complaints about what a caller hands to `infer`.
template <class Expected, class Given>
inline constexpr diagnosis input_found = [] {
  diagnosis found;
  constexpr std::string_view ways =
      " in a std::array, an array, a span of fixed extent or an inlay::tensor_view";
  if constexpr (!requires(const Given& given) { std::data(given); }) {
    found.fail("the input is a pointer or no tensor, expected ", name_of(Expected::element), " ",
               Expected::shape, ways, "; a pointer becomes one by input::const_view(pointer)");
  } else {
    using value = std::remove_cvref_t<decltype(*std::data(std::declval<const Given&>()))>;
    constexpr std::int64_t elements = static_extent<Given>();
    found.expect(elements != -1, "the input's size is known only at run time, expected ",
                 name_of(Expected::element), " ", Expected::shape, ways);
    found.expect(elements == Expected::shape.elements(), "the input has ", elements,
                 " elements, expected ", Expected::shape, " = ", Expected::shape.elements());
    if constexpr (requires {
                    Given::shape;
                    Given::extent;
                  }) {
      found.expect(Given::shape == Expected::shape, "the input has the shape ", Given::shape,
                   ", expected ", Expected::shape);
    }
    found.expect(std::is_same_v<value, typename Expected::value_type>,
                 "the input's elements are of another type, expected ", name_of(Expected::element));
  }
  return found;
}();

template <class Engine>
inline constexpr diagnosis workspace_found = [] {
  diagnosis found;
  found.fail("the workspace belongs to another network, target or choice of options; expected "
             "this engine's own workspace, whose arena has ",
             Engine::arena_bytes, " bytes");
  return found;
}();

template <class Engine>
inline constexpr diagnosis parameters_found = [] {
  diagnosis found;
  found.fail("the parameters belong to another network, target or choice of options; expected "
             "this engine's own parameters of ",
             Engine::parameters_bytes, " bytes, filled in by its prepare()");
  return found;
}();

template <class Engine>
inline constexpr diagnosis parameters_given = [] {
  diagnosis found;
  found.expect(Engine::parameters_bytes == 0,
               "the parameters are missing: this target packs the constants of the network; "
               "expected, before the workspace, this engine's parameters of ",
               Engine::parameters_bytes, " bytes, filled in once by its prepare()");
  return found;
}();

} // namespace inlay::detail
