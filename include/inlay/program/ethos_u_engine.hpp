// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/program/engine_checks.hpp>
#include <inlay/program/ethos_u_program.hpp>
#include <inlay/program/infer_checks.hpp>
#include <inlay/targets/ethos_u.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace inlay {

/// Starts an NPU and waits for it: what ethosu_invoke_v3 of the core driver does. `bases` and
/// `sizes` are those of region 0, the constants, and of region 1, the arena. 0 means success.
template <class Driver>
concept ethos_u_driver = requires(Driver& driver, const void* payload, int bytes,
                                  std::uint64_t* bases, const std::size_t* sizes, int regions) {
  { driver.invoke(payload, bytes, bases, sizes, regions) } -> std::convertible_to<int>;
};

/// How an inference ended.
template <class View>
struct ethos_u_result {
  /// What the driver returned; 0: all went well.
  int status = 0;
  /// In the workspace, until the next inference; of no use where the driver failed.
  View output;

  [[nodiscard]] constexpr explicit operator bool() const noexcept { return status == 0; }
};

/// A network as a program for an Ethos-U and the processor beside it: the compiler writes the
/// command stream, and `infer` hands it to the driver. Operators at the ends that the NPU does not
/// take are done by the processor. All numbers are those of `engine`.
/// @tparam Network as for inlay::engine, with one output
/// @tparam Target targets::ethos_u55 or targets::ethos_u65
/// @tparam Options limits, and where the image comes from
/// @tparam Weights how the constants are coded
template <class Network, class Target, ethos_u_options Options = ethos_u_options{},
          class Weights = ethos_u::uncompressed>
class ethos_u_engine {
  static_assert(require<detail::arguments_found<Network, Target, detail::runs_on::npu>>);
  using planned = detail::ethos_u_schedule<Network, Target, Options>;
  static_assert(require<planned::found>);
  static_assert(require<planned::limit_found>);
  using program = detail::ethos_u_program<Network, Target, Options, Weights>;
  static constexpr const auto& graph = Network::graph;
  static_assert(Network::outputs == 1, "inlay: an Ethos-U's network has one output");

public:
  using network = Network;
  using target = Target;
  static constexpr ethos_u_options options = Options;
  static constexpr std::int64_t alignment = ethos_u::address_alignment;

  /// The steps that an inference takes.
  static constexpr const auto& schedule = program::schedule;
  /// The same as makers of bands of rows, how they are cut into segments, and where the rows lie.
  static constexpr const auto& stream = program::stream;
  static constexpr const auto& segments = program::cuts;
  static constexpr const auto& plan = program::placed::plan;
  /// All that an inference does, in order, and which of it the NPU does: [npu_begin, npu_end).
  static constexpr const auto& turns = program::turns;
  static constexpr int npu_begin = program::npu_begin;
  static constexpr int npu_end = program::npu_end;
  /// How many operations the command stream has.
  static constexpr int operations = program::operation_count;
  /// Operation `index` with all its numbers.
  static constexpr ethos_u::operation operation_at(int index) {
    return program::operation_at(index);
  }
  /// The output channels that it makes, where several operations make a tensor's; else none.
  static constexpr ethos_u::channel_range channels_at(int index) {
    const int part = turns[static_cast<std::size_t>(npu_begin + index)].part;
    return part < 0 ? ethos_u::channel_range{} : program::transfers.part(part).channels;
  }
  /// Constants that are copied into the arena ahead of use, by numbers of operations.
  static constexpr const auto& copies = program::copies;
  /// Whether copy `index` is done, and how many operations may still be running when it starts.
  static constexpr bool is_copied(int index) { return program::is_copied(index); }
  static constexpr int operations_beside(int index) { return program::operations_beside(index); }
  /// The operations' constants, as they are to be coded, and where they lie when they are.
  static constexpr const auto& layers = program::layers;
  static constexpr const auto& table = program::table;

  /// Bytes of memory that an inference needs besides constants, stack and an image that the caller
  /// keeps.
  static constexpr std::size_t arena_bytes = static_cast<std::size_t>(program::arena_bytes);
  /// Bytes of weights and scales.
  static constexpr std::size_t constants_bytes = static_cast<std::size_t>(table.bytes);
  /// What the driver is given: a head of 32 bytes and the command stream.
  alignas(ethos_u::address_alignment) static constexpr auto payload =
      program::make_payload(program::every_piece);
  static constexpr std::size_t stream_bytes = program::stream_words * 4;

private:
  static constexpr diagnosis stream_found = [] {
    diagnosis complaints("layer");
    complaints.expect(static_cast<std::int64_t>(stream_bytes) <= Options.stream_limit,
                      "the command stream may have ", Options.stream_limit,
                      " bytes; the one that was made has ", stream_bytes);
    complaints.expect(program::stream_words <= ethos_u::most_stream_words,
                      "the driver takes at most ", ethos_u::most_stream_words,
                      " command words; the stream has ", program::stream_words);
    return complaints;
  }();
  static_assert(require<stream_found>);

public:
  using workspace = engine_workspace<ethos_u_engine>;
  using input_view = typename Network::input::view;
  using output_view = typename Network::template output<0>::const_view;
  using result = ethos_u_result<output_view>;

  /// Weights and scales in the NPU's order.
  struct constants {
    alignas(alignment) unsigned char bytes[constants_bytes > 0 ? constants_bytes : 1];
  };

  /// Writes constants that no program has packed, once.
  /// @return false if an operation's constants are not for an NPU: a multiplier or a bias out of
  ///   range, or a weight of -128
  [[nodiscard]] static constexpr bool prepare(constants& packed) noexcept
      requires(requires { Weights::template write<layers>(packed.bytes); }) {
    static_assert(require<program::weights_found>);
    return Weights::template write<layers>(packed.bytes);
  }

  /// The input's place in the arena, for engines whose options put it there.
  [[nodiscard]] static constexpr input_view input(workspace& memory) noexcept
      requires(Options.input == placement::arena) {
    return input_view::from_bytes(memory.arena + plan[0].offset);
  }

  /// Runs the network.
  /// @param driver see ethos_u_driver
  /// @param packed weights and scales, where the NPU can read them
  /// @param memory overwritten; the result lies in it
  /// @param image the input, as for inlay::engine. Left out where it lies in the arena, at
  ///   input(memory)
  /// @param tap as for inlay::engine, of the operators that the processor does
  template <ethos_u_driver Driver, class Image, class Tap = detail::no_tap>
    requires(Options.input == placement::caller)
  static result infer(Driver&& driver, const constants& packed, workspace& memory,
                      const Image& image, Tap&& tap = {}) noexcept {
    static_assert(require<detail::input_found<typename Network::input, Image>>);
    const unsigned char* bytes = detail::view_of_input<typename Network::input>(image).bytes();
    if constexpr (planned::image == image_source::arena) {
      for (std::size_t i = 0; i < Network::input::const_view::size(); ++i) {
        memory.arena[plan[0].offset + static_cast<std::int64_t>(i)] = bytes[i];
      }
    }
    return run(driver, packed, memory, bytes, tap);
  }
  template <ethos_u_driver Driver>
    requires(Options.input == placement::arena)
  static result infer(Driver&& driver, const constants& packed, workspace& memory) noexcept {
    const detail::no_tap none;
    return run(driver, packed, memory, nullptr, none);
  }

private:
  template <class Driver, class Tap>
  static result run(Driver& driver, const constants& packed, workspace& memory,
                    const unsigned char* image, Tap& tap) noexcept {
    static_assert(program::placed::are_segments_proved(program::placed::every_segment),
                  "inlay: rows overwrite each other, which is a bug in inlay");
    static_assert(is_sound(program::transfers, plan, arena_bytes),
                  "inlay: copied constants overwrite something, which is a bug in inlay");
    static_assert(only_npu_inside(),
                  "inlay: the processor is needed between operations, which is a bug in inlay");
    run_processor<0>(image, memory.arena, tap, std::make_integer_sequence<int, npu_begin>{});
    std::array<std::uint64_t, 2> bases{reinterpret_cast<std::uintptr_t>(packed.bytes),
                                       reinterpret_cast<std::uintptr_t>(memory.arena)};
    constexpr std::array<std::size_t, 2> sizes{constants_bytes, arena_bytes};
    const int status = static_cast<int>(driver.invoke(
        payload.data(), static_cast<int>(sizeof payload), bases.data(), sizes.data(), 2));
    if (status == 0) {
      run_processor<npu_end>(
          image, memory.arena, tap,
          std::make_integer_sequence<int, static_cast<int>(turns.size()) - npu_end>{});
    }
    return {status, output_view::from_bytes(place<output_node>(image, memory.arena))};
  }

  static constexpr bool only_npu_inside() {
    bool only = true;
    for (int i = npu_begin; i < npu_end; ++i) {
      only = only && planned::is_on_npu(turns[static_cast<std::size_t>(i)].node);
    }
    return only;
  }

  static constexpr int output_node = [] {
    int node = 0;
    while (stream[node].tensor != schedule.storage_of(graph.outputs[0])) {
      ++node;
    }
    return node;
  }();

  template <int Node>
  static constexpr const unsigned char* place(const unsigned char* image,
                                              const unsigned char* arena) noexcept {
    return plan[Node].bytes == 0 ? image : arena + plan[Node].offset;
  }

  template <int First, class Tap, int... Index>
  static constexpr void
  run_processor([[maybe_unused]] const unsigned char* image, [[maybe_unused]] unsigned char* arena,
                [[maybe_unused]] Tap& tap, std::integer_sequence<int, Index...>) noexcept {
    (run_step<turns[static_cast<std::size_t>(First + Index)].node>(image, arena, tap), ...);
  }
  template <int Node, class Tap>
  static constexpr void run_step(const unsigned char* image, unsigned char* arena,
                                 Tap& tap) noexcept {
    constexpr row_node what = stream[Node];
    const kernels::arguments given{.inputs = {place<what.inputs[0].node>(image, arena)},
                                   .output = arena + plan[Node].offset,
                                   .units = {0, program::template units<what.step>}};
    Target::template run<program::template kernel<what.step>>(given);
    if constexpr (!std::is_same_v<std::remove_cvref_t<Tap>, detail::no_tap>) {
      using layer = typename Network::template layer<schedule[what.step].node>;
      tap(layer{}, layer::output::const_view::from_bytes(given.output));
    }
  }
};

} // namespace inlay
