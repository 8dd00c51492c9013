// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/divide_up.hpp>
#include <inlay/program/engine.hpp>
#include <inlay/program/kernel_set.hpp>

namespace inlay {

namespace detail {

/// An engine's steps as a table.
template <class Engine>
class kernel_set_maker {
  static_assert(require<Engine::placed::weights_found>);
  using target = typename Engine::target;
  using placed = typename Engine::placed;
  static constexpr const auto& schedule = Engine::schedule;

  static constexpr std::int64_t offset_of(int tensor) {
    const allocation* found = Engine::plan.find(schedule.storage_of(tensor));
    return found == nullptr ? -1 : found->offset;
  }

  template <int Index>
  static void pack(unsigned char* parameters) noexcept {
    placed::template pack_step<Index>(parameters);
  }

  template <int Index>
  static void run(const inference_memory& memory, unsigned char* scratch, std::int32_t first,
                  std::int32_t last) noexcept {
    kernels::arguments given =
        Engine::template given_to<Index>(memory.image, memory.parameters, memory.workspace);
    given.scratch = scratch == nullptr ? given.scratch : scratch;
    given.units = {first, last};
    target::template run<placed::template kernel<Index>>(given);
  }

  template <int Index>
  static constexpr kernel_step make_step() {
    const scheduled_step& from = schedule[Index];
    kernel_step made{.node = from.node,
                     .kernel = target::kernel_of(from.what),
                     .output = offset_of(from.output)};
    if constexpr (!schedule[Index].what.template is<step::alias>()) {
      made.units = placed::template units<Index>;
      made.packed_bytes = static_cast<std::size_t>(placed::template packed_bytes<Index>);
      made.scratch_bytes = static_cast<std::size_t>(placed::template scratch_bytes<Index>);
      made.run = run<Index>;
      if constexpr (placed::template packs<Index>) {
        made.pack = pack<Index>;
      }
    }
    return made;
  }

  static constexpr auto steps = []<int... Index>(std::integer_sequence<int, Index...>) {
    return std::array<kernel_step, sizeof...(Index)>{make_step<Index>()...};
  }
  (std::make_integer_sequence<int, schedule.step_count>{});

  static constexpr auto outputs = [] {
    std::array<std::int64_t, static_cast<std::size_t>(Engine::network::outputs)> made{};
    for (std::size_t i = 0; i < made.size(); ++i) {
      made[i] = offset_of(Engine::network::graph.outputs[i]);
    }
    return made;
  }();

  static constexpr std::size_t greatest_scratch() {
    std::size_t bytes = 0;
    for (const kernel_step& each : steps) {
      bytes = each.units > 1 && each.scratch_bytes > bytes ? each.scratch_bytes : bytes;
    }
    return bytes;
  }

public:
  static constexpr kernel_set make() {
    constexpr auto alignment = static_cast<std::size_t>(Engine::alignment);
    // What other threads' scratch memory begins after.
    constexpr std::size_t arena = round_up(std::size_t{Engine::arena_bytes}, alignment);
    return {.name = target::name,
            .alignment = alignment,
            .arena_bytes = arena,
            .parameters_bytes = Engine::parameters_bytes,
            .scratch_bytes = greatest_scratch(),
            .steps = steps,
            .outputs = outputs};
  }
};

} // namespace detail

/// A network as a kernel set, to be compiled with the target's own compiler flags. Whoever links
/// several into one program must keep their inline functions apart, as inlay_add_network does: a
/// linker takes the first of equally named ones, which may need another processor.
/// @tparam Network as for engine; its image is the caller's
template <class Network, class Target, bool KeepEveryTensor = false>
constexpr kernel_set make_kernel_set() {
  return detail::kernel_set_maker<
      engine<Network, Target, engine_options{.keep_every_tensor = KeepEveryTensor}>>::make();
}

} // namespace inlay
