// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "npu_plan.hpp"

#include <inlay/program/ethos_u_bands.hpp>

namespace inspect {

/// A network for an NPU, and how its operations are made.
struct npu_network {
  using division = inlay::row_division<capacity>;
  using block_chooser = inlay::ethos_u::block_choice (*)(const inlay::ethos_u::npu&,
                                                         const inlay::ethos_u::block_request&,
                                                         const inlay::ethos_u::memory_speed&,
                                                         inlay::ethos_u::constants_place);

  /// @param steps outlive this
  npu_network(const inspect::graph& network, const inspect::schedule& steps,
              const inlay::ethos_u::npu& npu, const inlay::ethos_u_options& wishes)
      : graph(network), work(steps), on(npu), options(wishes),
        memory(inlay::detail::ethos_u_memory(npu, wishes.constants_in)) {
    undivided.blocked = inlay::detail::blocked_outputs(graph, work);
    for (int i = 0; i < work.step_count; ++i) {
      undivided.bands[at(i)] = graph.at(work[i].output).type.shape.height();
    }
    whole = divide(undivided);
  }

  static std::size_t at(int index) { return static_cast<std::size_t>(index); }

  [[nodiscard]] std::unique_ptr<inlay::row_stream<capacity>> divide(const division& bands) const {
    return std::make_unique<inlay::row_stream<capacity>>(
        inlay::divided_stream(graph, work, bands, 1));
  }

  /// The NPU sees the arena only; where the processor comes first, it reads the caller's image.
  [[nodiscard]] inlay::image_source image() const {
    return is_on_npu(1) ? inlay::image_source::arena : inlay::image_source::caller;
  }
  [[nodiscard]] bool is_on_npu(int node) const {
    return node > 0 && inlay::ethos_u::is_for_npu(work[(*whole)[node].step].what);
  }
  [[nodiscard]] bool is_copying() const {
    return options.constants_in == inlay::constants_memory::flash;
  }
  /// Bytes that tensors and copies may have together, where tensors have so many.
  [[nodiscard]] std::int64_t arena_for_copies(std::int64_t tensors) const {
    const bool is_within =
        options.arena_limit < inlay::cascade_wishes::no_limit && tensors <= options.arena_limit;
    return is_within ? options.arena_limit : tensors;
  }

  [[nodiscard]] inlay::ethos_u::step_operation operation_of(int node) const {
    return inlay::detail::step_operation_of(graph, work[(*whole)[node].step]);
  }
  /// Rows of an operation's bands. A FULLY_CONNECTED is a column of pixels for the NPU, and one row
  /// for the stream.
  [[nodiscard]] std::int32_t band_rows(const npu_plan& made, int node) const {
    return made.stream[node].rows > 1 ? made.stream[node].band
                                      : operation_of(node).made().output.height;
  }

  /// The blocks of an operation that makes some of a node's output channels.
  [[nodiscard]] inlay::ethos_u::block blocks_of_part(const npu_plan& made,
                                                     const inlay::ethos_u::node_part& part) const {
    using inlay::ethos_u::constants_place;
    inlay::ethos_u::block_request some =
        operation_of(part.node).request(band_rows(made, part.node));
    some.output.depth = part.channels.count;
    return choose_blocks(on, some, memory,
                         part.transfer < 0 ? constants_place::outside : constants_place::arena)
        .output;
  }

  /// Bytes of constants of such an operation.
  [[nodiscard]] std::int64_t constants_of_part(const inlay::ethos_u::node_part& part,
                                               const inlay::ethos_u::block& made) const {
    const auto all =
        inlay::detail::weights_in_blocks(on, work[(*whole)[part.node].step], made.depth);
    return uncompressed_bytes(weights_of(all, part.channels).layout);
  }

  /// The blocks of a node's operations, and what these take.
  struct choice {
    inlay::ethos_u::block outside{};
    inlay::ethos_u::block copied{};
    inlay::ethos_u::node_cost cost{};
  };
  [[nodiscard]] choice choose(const npu_plan& made, int node, block_chooser blocks) const {
    using inlay::ethos_u::constants_place;
    const inlay::ethos_u::step_operation what = operation_of(node);
    const std::int32_t band = band_rows(made, node);
    const auto block_in = [&](constants_place constants) {
      return blocks(on, what.request(band), memory, constants).output;
    };
    choice found;
    found.outside = block_in(constants_place::outside);
    found.copied = is_copying() ? block_in(constants_place::arena) : found.outside;
    found.cost = inlay::detail::node_cost_of(on, memory, work[made.stream[node].step], what, band,
                                             found.outside, found.copied);
    return found;
  }

  const inspect::graph& graph;
  const inspect::schedule& work;
  inlay::ethos_u::npu on;
  inlay::ethos_u_options options;
  inlay::ethos_u::memory_speed memory;
  division undivided{};
  std::unique_ptr<inlay::row_stream<capacity>> whole;
};

} // namespace inspect
