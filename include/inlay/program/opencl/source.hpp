// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/opencl/kernel.hpp>
#include <inlay/kernels/opencl/prelude.hpp>
#include <inlay/program/opencl/launch.hpp>

#include <array>
#include <utility>

namespace inlay::detail {

/// A source without its kernels' bodies, which are most of it, so that each is an evaluation of its
/// own.
template <class Placed, class Target>
class opencl_source {
  static constexpr const auto& schedule = Placed::schedule;
  static constexpr auto& on = Target::device;

  template <int Index>
  static constexpr bool launches_kernel = !schedule[Index].what.template is<step::alias>();
  template <int... Index>
  static constexpr int count_launches(std::integer_sequence<int, Index...>) {
    return (0 + ... + (launches_kernel<Index> ? 1 : 0));
  }
  static constexpr int count = count_launches(Placed::every_step);

  template <int Index>
  static constexpr kernels::opencl::kernel kernel = [] {
    constexpr auto step = Placed::template kernel<Index>;
    constexpr kernels::opencl::device device = on;
    return kernels::opencl::make_kernel(step, device);
  }();

  /// The launches' steps.
  template <int... Index>
  static constexpr auto steps_of(std::integer_sequence<int, Index...>) {
    std::array<int, static_cast<std::size_t>(count)> made{};
    std::size_t next = 0;
    ((launches_kernel<Index> ? void(made[next++] = Index) : void()), ...);
    return made;
  }
  static constexpr auto steps = steps_of(Placed::every_step);

  template <std::size_t... Launch>
  static constexpr auto kernels_of(std::index_sequence<Launch...>) {
    return std::array<const kernels::opencl::kernel*, sizeof...(Launch)>{&kernel<steps[Launch]>...};
  }
  static constexpr auto every_launch = std::make_index_sequence<static_cast<std::size_t>(count)>{};
  static constexpr auto bodies = kernels_of(every_launch);

  /// operator== of std::string_view makes calls for each character, for which compilers take time.
  static constexpr bool is_same(std::string_view one, std::string_view other) {
    if (one.size() != other.size()) {
      return false;
    }
    const char* against = other.data();
    for (const char character : one) {
      if (character != *against++) {
        return false;
      }
    }
    return true;
  }

  /// For each launch, the first launch with the same kernel.
  static constexpr auto owners = [] {
    std::array<std::size_t, bodies.size()> found{};
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      std::size_t k = 0;
      while (k < i && (bodies[k]->size.local != bodies[i]->size.local ||
                       !is_same(bodies[k]->text.view(), bodies[i]->text.view()))) {
        ++k;
      }
      found[i] = k;
    }
    return found;
  }();

  static constexpr auto prelude = [] {
    kernels::opencl::writer<16384> text;
    constexpr kernels::opencl::device device = on;
    write_prelude(text, device);
    text.put(kernels::opencl::softmax_helpers);
    return text;
  }();

  /// What comes before a kernel's parameters: a comment, the size of its groups, its name.
  static constexpr auto head_of(std::size_t launch) {
    kernels::opencl::writer<512> head;
    const kernels::opencl::kernel& own = *bodies[launch];
    head.line();
    head.put("__kernel __attribute__((reqd_work_group_size(", own.size.local[0], ", ",
             own.size.local[1], ", ", own.size.local[2], ")))\nvoid ");
    return head;
  }
  static constexpr auto name_of_launch(std::size_t launch) {
    kernels::opencl::writer<80> name;
    name.put(bodies[launch]->name.view(), "_s", steps[launch]);
    return name;
  }

public:
  static constexpr std::size_t size = [] {
    std::size_t sum = prelude.size();
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      if (owners[i] == i) {
        sum += head_of(i).size() + name_of_launch(i).size() + bodies[i]->text.size();
      }
    }
    return sum;
  }();

private:
  static constexpr bool is_whole() {
    for (const kernels::opencl::kernel* each : bodies) {
      if (!each->text.is_whole() || !each->name.is_whole()) {
        return false;
      }
    }
    return prelude.is_whole();
  }
  static_assert(is_whole(), "inlay: an OpenCL kernel's text is too long, which is a bug in inlay");

  struct joined_source {
    char text[size]{};
    /// Where the name of a launch's kernel is.
    std::array<std::size_t, bodies.size()> name_at{};
    std::array<std::size_t, bodies.size()> name_size{};
    /// FNV-1a over 64 bits.
    std::uint64_t hash = 0xCBF29CE484222325U;
  };

public:
  static constexpr joined_source joined = [] {
    joined_source made;
    std::size_t end = 0;
    const auto put = [&](std::string_view part) {
      for (const char character : part) {
        made.text[end++] = character;
        made.hash = (made.hash ^ static_cast<unsigned char>(character)) * 0x100000001B3U;
      }
    };
    put(prelude.view());
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      const std::size_t owner = owners[i];
      if (owner == i) {
        put(head_of(i).view());
        made.name_at[i] = end;
        const auto name = name_of_launch(i);
        made.name_size[i] = name.size();
        put(name.view());
        put(bodies[i]->text.view());
      }
      made.name_at[i] = made.name_at[owner];
      made.name_size[i] = made.name_size[owner];
    }
    return made;
  }();

private:
  static constexpr std::int32_t offset_of(int tensor) {
    return tensor < 0
               ? 0
               : static_cast<std::int32_t>(Placed::plan.find(schedule.storage_of(tensor))->offset);
  }

  template <std::size_t Launch>
  static constexpr opencl::launch launch() {
    constexpr int index = steps[Launch];
    constexpr auto step = Placed::template kernel<index>;
    const scheduled_step& scheduled = schedule[index];
    const kernels::opencl::arguments_list list = kernels::opencl::arguments_of(
        step, {{offset_of(scheduled.inputs[0]), offset_of(scheduled.inputs[1])},
               offset_of(scheduled.output),
               static_cast<std::int32_t>(Placed::packed_at[static_cast<std::size_t>(index)])});
    opencl::launch made;
    made.kernel = {joined.text + joined.name_at[Launch], joined.name_size[Launch]};
    for (std::size_t i = 0; i < 3; ++i) {
      made.global[i] = static_cast<std::uint32_t>(bodies[Launch]->size.global[i]);
      made.local[i] = static_cast<std::uint32_t>(bodies[Launch]->size.local[i]);
    }
    made.arguments = list.values;
    made.argument_count = list.count;
    made.step = index;
    return made;
  }
  template <std::size_t... Launch>
  static constexpr auto launches_of(std::index_sequence<Launch...>) {
    return std::array<opencl::launch, sizeof...(Launch)>{launch<Launch>()...};
  }

public:
  static constexpr auto launches = launches_of(every_launch);
};

} // namespace inlay::detail
