// SPDX-License-Identifier: Apache-2.0
//
//   dispatch_main [NAME]
//   dispatch_main plans
//
// Runs a network with the kernel set that the name, the environment or the processor chooses, and
// with the reference kernels. Status 1: it refused, and said why; 3: the results differ. Or prints,
// for each kernel set that is built in, its arena and which kernel each of its steps has.
#include <inlay/program/dispatched.hpp>

#include <array>
#include <cstdio>
#include <networks/dispatch_tiny.hpp>
#include <random>

namespace {

using network = networks::dispatch_tiny::network;
using program = inlay::dispatched<network>;

void print(std::FILE* to, const char* label, std::string_view words) {
  std::fprintf(to, "%s%.*s\n", label, static_cast<int>(words.size()), words.data());
}

void print_plans(inlay::kernel_sets sets) {
  for (const inlay::kernel_set* set : sets) {
    std::printf("%s %zu\n", set->name.data(), set->arena_bytes);
    for (const inlay::kernel_step& step : set->steps) {
      if (step.run != nullptr) {
        std::printf("  %d %.*s\n", step.node, static_cast<int>(step.kernel.size()),
                    step.kernel.data());
      }
    }
  }
}

} // namespace

int main(int count, char** arguments) {
  const inlay::kernel_sets sets = networks::dispatch_tiny::kernel_sets();
  if (count > 1 && std::string_view(arguments[1]) == "plans") {
    print_plans(sets);
    return 0;
  }
  const inlay::kernel_choice chosen = inlay::dispatch(sets, count > 1 ? arguments[1] : "");
  if (chosen.set == nullptr) {
    print(stderr, "", chosen.complaint.view());
    return 1;
  }
  print(stdout, "chosen: ", chosen.set->name);

  std::array<network::input::value_type, network::input::view::extent> image{};
  std::minstd_rand random;
  for (auto& each : image) {
    each = static_cast<network::input::value_type>(random() % 256);
  }
  const program fast(*chosen.set);
  const program plain(*inlay::find_kernel_set(sets, "reference"));
  program::workspace memory(fast);
  program::workspace other(plain);
  const auto found = fast.infer(image, memory);
  const auto expected = plain.infer(image, other);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (found[i] != expected[i]) {
      std::fprintf(stderr, "element %zu: expected %d, found %d\n", i, expected[i], found[i]);
      return 3;
    }
  }
  return 0;
}
