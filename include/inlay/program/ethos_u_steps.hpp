// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/band_cost.hpp>
#include <inlay/kernels/ethos_u/transfer_plan.hpp>
#include <inlay/program/ethos_u_options.hpp>
#include <inlay/program/lowered_schedule.hpp>
#include <inlay/program/streamed_options.hpp>

namespace inlay::detail {

/// Complains about steps that neither an NPU nor the processor can do where they are: the processor
/// works before the NPU's first operation and after its last one.
template <graph_size Size>
constexpr void check_for_npu(const graph<Size>& network, const schedule<Size>& work,
                             diagnosis& found) {
  bool began = false;
  int ended_by = -1;
  for (int i = 0; i < work.step_count; ++i) {
    const scheduled_step& step = work[i];
    if (step.what.template is<step::alias>()) {
      continue;
    }
    found.at(step.node, name_of(network[step.node].what));
    if (!ethos_u::is_for_npu(step.what)) {
      ended_by = began ? i : -1;
      continue;
    }
    if (ended_by >= 0) {
      const int between = work[ended_by].node;
      found.at(between, name_of(network[between].what));
      found.fail("an Ethos-U does not take this operator, and after it come operators of the NPU; "
                 "expected such operators only at the beginning and at the end of a network");
    }
    began = true;
    ethos_u::check_step(step.what, found);
  }
  found.at_model();
  found.expect(began, "no operator is for the NPU");
}

/// A step as an operation of the NPU.
template <graph_size Size>
constexpr ethos_u::step_operation step_operation_of(const graph<Size>& network,
                                                    const scheduled_step& step) {
  const tensor_type& in = network.at(step.inputs[0]).type;
  const tensor_type& out = network.at(step.output).type;
  return {step.what, ethos_u::input_of(step.what, in.shape),
          ethos_u::output_of(step.what, out.shape), out.element};
}

/// How fast the memories around an NPU are, for an engine's options.
constexpr ethos_u::memory_speed ethos_u_memory(const ethos_u::npu& on,
                                               constants_memory constants_in) {
  return constants_in == constants_memory::flash ? ethos_u::flash_beside(on)
                                                 : ethos_u::sram_around(on);
}

/// A step's constants as an NPU reads them that works in blocks of so many channels; of a step
/// without, nothing.
constexpr ethos_u::layer_weights
weights_in_blocks(const ethos_u::npu& on, const scheduled_step& step, std::int32_t block_depth) {
  ethos_u::layer_weights made;
  if (step.what.is<step::convolution>()) {
    const auto& what = step.what.as<step::convolution>();
    made = ethos_u::layer_weights_of(
        what, step.layers[0],
        ethos_u::reads_part_kernel_first(what.in.channels, what.window.kernel)
            ? ethos_u::traversal::part_kernel
            : ethos_u::traversal::depth_first);
  } else if (step.what.is<step::depthwise_convolution>()) {
    made = ethos_u::layer_weights_of(step.what.as<step::depthwise_convolution>(), step.layers[0]);
  }
  made.layout.block_depth = block_depth;
  made.layout.micro_outputs = on.micro_block.depth;
  made.layout.cores = on.cores;
  return made;
}

/// What a step takes in bands of `band` rows: in blocks of one size where its constants lie, or in
/// blocks of another where they were copied to.
constexpr ethos_u::node_cost
node_cost_of(const ethos_u::npu& on, const ethos_u::memory_speed& memory,
             const scheduled_step& step, const ethos_u::step_operation& what, std::int32_t band,
             const ethos_u::block& outside, const ethos_u::block& copied) {
  using ethos_u::constants_place;
  const ethos_u::weight_layout layout = weights_in_blocks(on, step, copied.depth).layout;
  ethos_u::node_cost made;
  made.constants = layout.outputs > 0 ? uncompressed_bytes(layout) : 0;
  const std::int32_t height = what.made().output.height;
  made.bands = (height + band - 1) / band;
  made.outside = cost_of_bands(on, what, band, outside, memory).share(1, made.bands);
  made.copied =
      cost_of_bands(on, what, band, copied, memory, constants_place::arena).share(1, made.bands);
  made.channels =
      made.bands == 1 && layout.order != ethos_u::traversal::depthwise ? layout.outputs : 0;
  return made;
}

/// Which outputs lie in slices of 16 channels: those that nobody but the NPU sees.
template <graph_size Size>
constexpr std::array<bool, Size.operators> blocked_outputs(const graph<Size>& network,
                                                           const schedule<Size>& work) {
  std::array<bool, Size.tensors> seen{};
  const auto see = [&](int tensor) {
    seen[static_cast<std::size_t>(work.storage_of(tensor))] = true;
  };
  for (int i = 0; i < network.output_count; ++i) {
    see(network.outputs[static_cast<std::size_t>(i)]);
  }
  for (int i = 0; i < work.step_count; ++i) {
    const scheduled_step& step = work[i];
    for (int k = 0; k < step.input_count; ++k) {
      const int from = step.inputs[static_cast<std::size_t>(k)];
      // Through a RESHAPE pixels are others, unless there is only one.
      const auto is_pixel = [&](int tensor) {
        const shape& extents = network.at(tensor).type.shape;
        return extents.height() == 1 && extents.width() == 1;
      };
      const int made = work.storage_of(from);
      if (!ethos_u::is_for_npu(step.what) ||
          (from != made && !(is_pixel(from) && is_pixel(made)))) {
        see(from);
      }
    }
  }
  std::array<bool, Size.operators> blocked{};
  for (int i = 0; i < work.step_count; ++i) {
    // Slices that are not full would take more memory than pixels one after the other.
    blocked[static_cast<std::size_t>(i)] =
        ethos_u::is_for_npu(work[i].what) && !seen[static_cast<std::size_t>(work[i].output)] &&
        network.at(work[i].output).type.shape.channels() % 16 == 0;
  }
  return blocked;
}

/// A network's steps, for an NPU and the processor beside it.
template <class Network, class Target, ethos_u_options Options>
struct ethos_u_steps : lowered_schedule<Network, unfused<Target>, false> {
  using lowered = lowered_schedule<Network, unfused<Target>, false>;
  using lowered::graph;
  using lowered::schedule;
  static constexpr graph_size size = lowered::size;
  static constexpr ethos_u::npu npu = Target::npu;

  static constexpr diagnosis found = [] {
    diagnosis complaints("layer");
    check_for_npu(graph, schedule, complaints);
    return complaints;
  }();

  /// The first step but RESHAPEs.
  static constexpr int first_step = [] {
    int i = 0;
    while (i < schedule.step_count && schedule[i].what.template is<step::alias>()) {
      ++i;
    }
    return i;
  }();
  /// The NPU sees the arena only; where the processor comes first, it reads the image wherever it
  /// is.
  static constexpr image_source image =
      Options.input == placement::arena || ethos_u::is_for_npu(schedule[first_step].what)
          ? image_source::arena
          : image_source::caller;
  static constexpr std::int64_t row_alignment = ethos_u::address_alignment;
  /// Rows lie one after the other, as the processor sees them; blocked ones are aligned anyway.
  static constexpr std::int64_t row_granule = 1;

  static constexpr auto blocked = blocked_outputs(graph, schedule);

  /// All steps made whole.
  static constexpr row_division<size> undivided = [] {
    row_division<size> whole;
    whole.blocked = blocked;
    for (int i = 0; i < schedule.step_count; ++i) {
      whole.bands[static_cast<std::size_t>(i)] = graph.at(schedule[i].output).type.shape.height();
    }
    return whole;
  }();
  static constexpr scratch_sizes<size> scratch_of_nodes{};
};

} // namespace inlay::detail
