// SPDX-License-Identifier: Apache-2.0
#include <inlay/support/choice.hpp>

namespace {

struct none {};
struct number {
  int value = 0;
};
struct pair {
  int first = 0;
  int second = 0;
};
using any = inlay::choice<none, number, pair>;

constexpr int sum(const any& chosen) {
  return chosen.visit([](const auto& value) {
    if constexpr (requires { value.second; }) {
      return value.first + value.second;
    } else if constexpr (requires { value.value; }) {
      return value.value;
    } else {
      return -1;
    }
  });
}

constexpr any of(const auto& value) {
  any result;
  result = value;
  return result;
}

static_assert(any{}.index() == -1 && sum(any{}) == 0, "nothing is chosen at first");
static_assert(of(none{}).is<none>() && sum(of(none{})) == -1);
static_assert(of(number{7}).index() == 1 && of(number{7}).as<number>().value == 7);
static_assert(!of(pair{}).is<number>() && sum(of(pair{3, 4})) == 7);
static_assert(std::is_same_v<any::alternative<2>, pair>);

constexpr int chosen_twice() {
  any result;
  result = pair{1, 2};
  result = number{9};
  return sum(result);
}
static_assert(chosen_twice() == 9);

} // namespace
