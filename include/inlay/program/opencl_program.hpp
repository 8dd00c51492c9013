// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/opencl/prelude.hpp>
#include <inlay/program/engine_checks.hpp>
#include <inlay/program/opencl/build_options.hpp>
#include <inlay/program/opencl/launch.hpp>
#include <inlay/program/opencl/source.hpp>
#include <inlay/program/placed_schedule.hpp>
#include <inlay/targets/opencl.hpp>

namespace inlay {

/// A network as one OpenCL program: its source, its launches, its packed constants and its memory
/// are constants; opencl_session runs it.
/// @tparam Network inlay::tflite::network, inlay::network or a family such as mobilenet_v2
/// @tparam Target targets::mali<gpu> or targets::opencl
/// @tparam Options keep_every_tensor counts; the input always lies in the arena
template <class Network, class Target = targets::opencl, engine_options Options = engine_options{}>
class opencl_program {
  static_assert(require<detail::arguments_found<Network, Target, detail::runs_on::opencl>>);
  static constexpr engine_options placement_options{
      .input = placement::arena, .keep_every_tensor = Options.keep_every_tensor, .threads = 1};
  using placed = detail::placed_schedule<Network, Target, placement_options>;
  using written = detail::opencl_source<placed, Target>;
  static constexpr const auto& graph = Network::graph;

  static constexpr std::int64_t offset_of(int tensor) {
    return placed::plan.find(placed::schedule.storage_of(tensor))->offset;
  }

public:
  using network = Network;
  using target = Target;
  static constexpr engine_options options = placement_options;
  static constexpr std::int64_t alignment = Target::alignment;

  /// The steps that an inference takes, and where each tensor lies in the arena.
  static constexpr const auto& schedule = placed::schedule;
  static constexpr const auto& plan = placed::plan;

  /// OpenCL C 1.2, to be built with opencl::build_options.
  static constexpr std::string_view source{written::joined.text, written::size};
  /// In the order of execution, each reading what those before have written.
  static constexpr const auto& launches = written::launches;
  /// Of the source.
  static constexpr std::uint64_t hash = written::joined.hash;

  /// Bytes of the buffer for tensors.
  static constexpr std::size_t arena_bytes = placed::arena_bytes;
  /// Bytes of the buffer for constants; at least one, because a buffer cannot have none.
  static constexpr std::size_t parameters_bytes =
      placed::parameters_bytes > 0 ? placed::parameters_bytes : 1;

  /// Where input and outputs lie in the arena, in bytes.
  static constexpr std::int64_t input_offset = offset_of(graph.input);
  static constexpr std::int64_t output_offset(int index = 0) {
    return offset_of(graph.outputs[static_cast<std::size_t>(index)]);
  }

  using parameters = engine_parameters<opencl_program>;

  /// Packs the network's constants. Constant expressions may call it for small networks.
  /// @param packed overwritten; what the parameters' buffer must hold
  static constexpr void prepare(parameters& packed) noexcept {
    static_assert(require<placed::weights_found>);
    placed::pack(packed.packed);
  }
};

} // namespace inlay
