// SPDX-License-Identifier: Apache-2.0
//
// For ThreadSanitizer: eight threads share one network's parameters, each with a workspace of its
// own, and a pool of eight divides inferences among its threads. Status 1 if a result differs.
#include <inlay/inlay.hpp>
#include <inlay/program/dispatched.hpp>
#include <inlay/program/make_kernel_set.hpp>
#include <inlay/program/thread_pool.hpp>

#include <models/threads_tiny.hpp>

#include <algorithm>
#include <memory>

namespace {

using network = inlay::tflite::network<models::threads_tiny>;
using image = std::array<network::input::value_type, network::input::view::extent>;
constexpr int threads = 8;
constexpr int rounds = 20;

std::atomic<int> wrong = 0;

image picture(int number) {
  image made{};
  for (std::size_t i = 0; i < made.size(); ++i) {
    made[i] = static_cast<network::input::value_type>(
        (i * 37 + i / 7 * static_cast<std::size_t>(number)) % 256);
  }
  return made;
}

void compare(const auto& found, const auto& expected) {
  wrong += std::equal(found.begin(), found.end(), expected.begin()) ? 0 : 1;
}

/// The right scores, one picture after the other.
auto expected_scores() {
  using plain = inlay::engine<network, inlay::targets::reference>;
  const auto memory = std::make_unique<plain::workspace>();
  std::vector<std::vector<network::output<>::value_type>> all;
  for (int number = 0; number < threads; ++number) {
    const auto scores = plain::infer(picture(number), *memory);
    all.emplace_back(scores.begin(), scores.end());
  }
  return all;
}

/// @tparam Engine may divide its steps
template <class Engine>
void test(const auto& expected) {
  const auto packed = std::make_unique<typename Engine::parameters>();
  Engine::prepare(*packed);
  std::vector<std::jthread> all;
  for (std::size_t number = 0; number < threads; ++number) {
    all.emplace_back([&, number] {
      const auto memory = std::make_unique<typename Engine::workspace>();
      const image given = picture(static_cast<int>(number));
      for (int round = 0; round < rounds; ++round) {
        compare(Engine::infer(given, *packed, *memory), expected[number]);
      }
    });
  }
  all.clear();

  inlay::thread_pool pool(threads);
  const auto memory = std::make_unique<typename Engine::workspace>();
  for (std::size_t number = 0; number < threads; ++number) {
    const image given = picture(static_cast<int>(number));
    for (int round = 0; round < rounds; ++round) {
      compare(Engine::infer_on(pool, given, *packed, *memory), expected[number]);
    }
  }
}

/// The same for a kernel set, whose number of threads is known at run time.
void test_kernel_set(const auto& expected) {
  static constinit const inlay::kernel_set set =
      inlay::make_kernel_set<network, inlay::targets::native>();
  const inlay::dispatched<network> program(set);
  inlay::dispatched<network>::workspace memory(program, threads);
  inlay::thread_pool pool(threads);
  for (std::size_t number = 0; number < threads; ++number) {
    compare(program.infer_on(pool, picture(static_cast<int>(number)), memory), expected[number]);
  }
}

} // namespace

int main() {
  const auto expected = expected_scores();
  test<inlay::engine<network>>(expected);
  test<inlay::engine<network, inlay::targets::native, inlay::engine_options{.threads = threads}>>(
      expected);
  test_kernel_set(expected);
  return wrong == 0 ? 0 : 1;
}
