// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/program/infer_checks.hpp>
#include <inlay/program/streamed_schedule.hpp>

namespace inlay::detail {

/// The shape of one row of a node's tensor.
constexpr shape row_shape(const shape& whole, std::int32_t rows) {
  return rows == 1 ? whole : shape{whole.width(), whole.channels()};
}

/// What the caller gives to an inference.
template <class Rows, class Tap>
struct row_context {
  const unsigned char* image = nullptr;
  const unsigned char* packed = nullptr;
  unsigned char* arena = nullptr;
  Rows& rows;
  Tap& tap;
};

/// Runs one segment: the program of row_order. How many rows each node has made is all its state.
template <class Network, class Target, streamed_options Options, int Segment, class Context>
class row_runner {
  using planned = streamed_schedule<Network, Target, Options>;
  static constexpr row_segment segment = planned::cuts[Segment];
  template <int Node>
  static constexpr row_node node = planned::stream[Node];
  template <int Node>
  static constexpr const tensor_type& type_of = planned::graph.at(node<Node>.tensor).type;
  template <int Node>
  static constexpr auto kernel = planned::template kernel<node<Node>.step>;

public:
  constexpr explicit row_runner(const Context& context) : context_(context) {}

  constexpr void run() noexcept {
    run(std::make_integer_sequence<int, segment.end - segment.begin>{});
  }

private:
  template <int... Offset>
  constexpr void run(std::integer_sequence<int, Offset...>) noexcept {
    (run_last<segment.begin + Offset>(), ...);
    (run_rest<segment.begin + Offset>(), ...);
  }
  template <int Node>
  constexpr void run_last() noexcept {
    if constexpr (!row_order<planned::size>(planned::stream, planned::readers, segment)
                       .is_read_inside(Node)) {
      make<Node>(node<Node>.rows - 1);
    }
  }
  template <int Node>
  constexpr void run_rest() noexcept {
    if constexpr (planned::needs[Node].has_rest) {
      make<Node>(node<Node>.rows - 1);
    }
  }

  /// Makes rows up to `until`. Code that is called from one place becomes part of it.
  template <int Node>
  [[gnu::always_inline]] constexpr void make(std::int32_t until) noexcept {
    if constexpr (planned::template callers<Node, Segment> == 1) {
      make_here<Node>(until);
    } else {
      make_apart<Node>(until);
    }
  }
  template <int Node>
  [[gnu::noinline]] constexpr void make_apart(std::int32_t until) noexcept {
    make_here<Node>(until);
  }
  template <int Node>
  [[gnu::always_inline]] constexpr void make_here(std::int32_t until) noexcept {
    std::int32_t& made = made_[Node - segment.begin];
    for (; made <= until; ++made) {
      make_row<Node>(made);
    }
  }

  template <int Node>
  [[gnu::always_inline]] constexpr void make_row(std::int32_t y) noexcept {
    if constexpr (Node == 0) {
      using view =
          tensor_view<element_t<type_of<0>.element>, row_shape(type_of<0>.shape, node<0>.rows)>;
      context_.rows(view::from_bytes(output<0>(y)), int{y});
    } else {
      ask<Node, 0>(y);
      if constexpr (node<Node>.input_count > 1) {
        ask<Node, 1>(y);
      }
      if constexpr (node<Node>.recomputes >= 0) {
        recompute_row<Node>(y);
      } else if constexpr (reads_whole<Node>()) {
        run_whole<Node>();
      } else {
        run_row<Node>(y);
      }
      tap_row<Node>(y);
    }
  }

  /// Has the rows made that row `y` needs of an input.
  template <int Node, int Input>
  [[gnu::always_inline]] constexpr void ask(std::int32_t y) noexcept {
    constexpr row_input input = node<Node>.inputs[Input];
    if constexpr (input.node >= segment.begin) {
      make<input.node>(input.last(y));
    }
  }

  /// Whether a step makes all of its output at once, from whole inputs without gaps between rows.
  template <int Node>
  static constexpr bool reads_whole() {
    bool whole = node<Node>.rows == 1;
    for (int k = 0; k < node<Node>.input_count; ++k) {
      const int from = node<Node>.inputs[static_cast<std::size_t>(k)].node;
      const row_buffer& buffer = planned::plan[from];
      const row_node& maker = planned::stream[from];
      whole = whole && (buffer.bytes == 0 || buffer.ring == maker.rows) &&
              (maker.rows == 1 || maker.row_pitch == maker.row_bytes);
    }
    return whole;
  }

  template <int Node>
  constexpr unsigned char* output(std::int32_t y) noexcept {
    constexpr row_buffer buffer = planned::plan[Node];
    const std::int32_t slot = buffer.ring == node<Node>.rows ? y : y % buffer.ring;
    return context_.arena + buffer.offset + slot * buffer.pitch;
  }
  /// Row `y` of what `Node` made.
  template <int Node>
  constexpr const unsigned char* row(std::int32_t y) noexcept {
    if constexpr (planned::plan[Node].bytes == 0) {
      return context_.image + y * node<Node>.row_bytes;
    } else {
      return output<Node>(y);
    }
  }
  /// Row `y` of an input as the step sees it.
  template <int Node, int Input>
  constexpr const unsigned char* input_row(std::int32_t y) noexcept {
    constexpr row_input input = node<Node>.inputs[Input];
    if constexpr (input.whole) {
      return row<input.node>(0) + y * input.row_bytes;
    } else {
      return row<input.node>(y);
    }
  }

  template <int Node, class Arguments>
  constexpr void give_constants(Arguments& given) noexcept {
    planned::template give_constants<node<Node>.step>(context_.packed, given);
    if constexpr (planned::template has_scratch<node<Node>.step>) {
      given.scratch = context_.arena + planned::plan.scratch[Node].offset;
    }
  }

  template <int Node>
  constexpr void recompute_row(std::int32_t y) noexcept {
    constexpr row_node what = node<Node>;
    constexpr int from = what.inputs[0].node;
    kernels::row_arguments made{};
    planned::template give_constants<what.recomputes>(context_.packed, made);
    kernels::row_arguments reader{};
    planned::template give_constants<what.step>(context_.packed, reader);
    planned::template recomputed<what.step, what.recomputes>::run(
        y, made, reader, context_.arena + planned::plan.scratch[Node].offset, output<Node>(y),
        [this](std::int32_t above) { return row<from>(above); });
  }

  template <int Node>
  [[gnu::always_inline]] constexpr void run_whole() noexcept {
    constexpr row_node what = node<Node>;
    kernels::arguments given{.inputs = {row<what.inputs[0].node>(0)},
                             .output = output<Node>(0),
                             .units = {0, planned::template units<what.step>}};
    if constexpr (what.input_count > 1) {
      given.inputs[1] = row<what.inputs[1].node>(0);
    }
    give_constants<Node>(given);
    Target::template run<kernel<Node>>(given);
  }

  template <int Node>
  [[gnu::always_inline]] constexpr void run_row(std::int32_t y) noexcept {
    constexpr auto step = kernel<Node>;
    constexpr element type = type_of<Node>.element;
    if constexpr (requires { step.window; }) {
      std::array<const unsigned char*, static_cast<std::size_t>(step.window.kernel.height)> rows{};
      std::int32_t above = y * step.window.stride.height - step.window.padding_top;
      for (auto& each : rows) {
        each = above >= 0 && above < step.in.height ? input_row<Node, 0>(above) : nullptr;
        above += step.window.dilation.height;
      }
      run_row<Node>(rows.data(), y, 0);
    } else if constexpr (requires { step.border; }) {
      const std::int32_t above = y - step.border.top;
      const unsigned char* from =
          above >= 0 && above < step.in.height ? input_row<Node, 0>(above) : nullptr;
      run_row<Node>(&from, y, 0);
    } else {
      std::array<const unsigned char*, 2> rows{input_row<Node, 0>(y)};
      if constexpr (node<Node>.input_count > 1) {
        rows[1] = input_row<Node, 1>(y);
      }
      run_row<Node>(rows.data(), y, node<Node>.row_bytes / static_cast<int>(size_of(type)));
    }
  }
  template <int Node>
  [[gnu::always_inline]] constexpr void run_row(const unsigned char* const* rows, std::int32_t y,
                                                std::int64_t elements) noexcept {
    kernels::row_arguments given{.rows = rows, .output = output<Node>(y), .elements = elements};
    give_constants<Node>(given);
    Target::template run_row<kernel<Node>>(given);
  }

  template <int Node>
  [[gnu::always_inline]] constexpr void tap_row(std::int32_t y) noexcept {
    if constexpr (!std::is_same_v<std::remove_cvref_t<decltype(context_.tap)>, no_tap>) {
      using layer = typename Network::template layer<planned::schedule[node<Node>.step].node>;
      using view = tensor_view<const element_t<type_of<Node>.element>,
                               row_shape(type_of<Node>.shape, node<Node>.rows)>;
      context_.tap(layer{}, view::from_bytes(output<Node>(y)), int{y});
    }
  }

  const Context& context_;
  std::array<std::int32_t, static_cast<std::size_t>(segment.end - segment.begin)> made_{};
};

} // namespace inlay::detail
