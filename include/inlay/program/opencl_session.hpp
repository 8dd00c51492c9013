// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Runs an `opencl_program` on a device. It needs OpenCL's C++ bindings and is not a part of
/// inlay/inlay.hpp; link inlay::opencl.

#include <inlay/program/infer_checks.hpp>
#include <inlay/program/opencl/runner.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace inlay {

namespace opencl::detail {

/// Complaints about where an output is to be written.
template <class Expected, class Given>
inline constexpr diagnosis output_found = [] {
  diagnosis found;
  using value = std::remove_reference_t<decltype(*std::data(std::declval<Given&>()))>;
  constexpr std::int64_t elements = inlay::detail::static_extent<Given>();
  found.expect(elements == Expected::shape.elements(), "the output is to be written to ", elements,
               " elements, expected ", Expected::shape, " = ", Expected::shape.elements(),
               " in a std::array, an array, a span of fixed extent or an inlay::tensor_view");
  found.expect(std::is_same_v<value, typename Expected::value_type>,
               "the output's elements are of another type or constant, expected ",
               name_of(Expected::element));
  return found;
}();

/// `Program` without its types.
template <class Program>
program_view view_of() {
  using network = typename Program::network;
  static constexpr auto outputs = []<std::size_t... Index>(std::index_sequence<Index...>) {
    return std::array<arena_place, sizeof...(Index)>{
        arena_place{static_cast<std::size_t>(Program::output_offset(static_cast<int>(Index))),
                    static_cast<std::size_t>(
                        network::template output<static_cast<int>(Index)>::type.bytes())}...};
  }
  (std::make_index_sequence<static_cast<std::size_t>(network::outputs)>{});
  const auto prepare = [](unsigned char* parameters) noexcept {
    using type = typename Program::parameters;
    Program::prepare(*reinterpret_cast<type*>(parameters));
  };
  return {.source = Program::source,
          .launches = Program::launches,
          .arena_bytes = Program::arena_bytes,
          .parameters_bytes = Program::parameters_bytes,
          .input = {static_cast<std::size_t>(Program::input_offset),
                    static_cast<std::size_t>(network::input::type.bytes())},
          .outputs = outputs,
          .hash = Program::hash,
          .prepare = prepare};
}

} // namespace opencl::detail

/// A network on an OpenCL device: kernels, arena and packed constants, made once. Inferences
/// allocate nothing and set no kernel's argument. One thread at a time may use a session; two
/// sessions know nothing of each other.
///
/// Memory is given in one of two ways, call by call. Copied: `infer(image, scores)`. Mapped, which
/// copies nothing where host and device share memory: write to `*input()`, call `infer()`, read
/// `output()`.
/// @tparam Program an inlay::opencl_program
template <class Program>
class opencl_session {
public:
  using program = Program;
  using network = typename Program::network;
  using input_view = typename network::input::view;
  template <int Index = 0>
  using output_view = typename network::template output<Index>::const_view;

  /// Builds the kernels, or takes them from the cache, and packs the constants into the device's
  /// memory.
  /// @param queue in order, of any context; it may have other users
  static opencl::result<opencl_session> make(const cl::CommandQueue& queue,
                                             const opencl::session_options& options = {}) {
    auto made = opencl::runner::make(queue, opencl::detail::view_of<Program>(), options);
    if (!made) {
      return made.failed();
    }
    return opencl_session(std::move(*made));
  }

  /// The same in a context of its own.
  /// @param device a number of opencl::devices(); negative: the first GPU, or else the first device
  static opencl::result<opencl_session> make(int device = -1,
                                             const opencl::session_options& options = {}) {
    const auto found = opencl::choose_device(device);
    if (!found) {
      return found.failed();
    }
    const auto queue = opencl::make_queue(*found);
    if (!queue) {
      return queue.failed();
    }
    return make(*queue, options);
  }

  /// Runs the network and waits.
  /// @param image the input, as engine::infer takes it
  /// @param outputs where each output is written to: a std::array, an array, a span of fixed extent
  ///   or an inlay::tensor_view
  template <class Image, class... Outputs>
  opencl::error infer(const Image& image, Outputs&&... outputs) noexcept {
    opencl::error failed = enqueue(image, outputs...);
    return failed ? std::move(failed) : wait();
  }

  /// Enqueues an inference and returns at once: no call in it blocks.
  /// @param image, outputs as infer's; both must live until the inference has ended
  template <class Image, class... Outputs>
  opencl::error enqueue(const Image& image, Outputs&&... outputs) noexcept {
    return enqueue_from(nullptr, image, outputs...);
  }

  /// The same, after these events.
  template <class Image, class... Outputs>
  opencl::error enqueue_after(const opencl::runner::events& events, const Image& image,
                              Outputs&&... outputs) noexcept {
    return enqueue_from(&events, image, outputs...);
  }

  /// The input's place in the device's memory. It may be written to until the next inference, and
  /// ends the outputs' views, since an arena may have both in one place.
  opencl::result<input_view> input() {
    const auto mapped = runner_->map_input();
    if (!mapped) {
      return mapped.failed();
    }
    return input_view::from_bytes(*mapped);
  }

  /// Runs the network on what was written to input(), and waits; read output() then.
  opencl::error infer() noexcept {
    opencl::error failed = enqueue();
    return failed ? std::move(failed) : wait();
  }
  opencl::error enqueue() noexcept { return runner_->enqueue(nullptr, nullptr); }
  opencl::error enqueue_after(const opencl::runner::events& events) noexcept {
    return runner_->enqueue(nullptr, nullptr, &events);
  }

  /// Output `Index` in the device's memory, after infer() or after enqueue() and wait(), until the
  /// next call of input(), infer or enqueue.
  template <int Index = 0>
  [[nodiscard]] output_view<Index> output() const noexcept {
    return output_view<Index>::from_bytes(runner_->mapped_output(Index));
  }

  /// Blocks until the last inference has ended.
  opencl::error wait() noexcept { return runner_->wait(); }

  /// The end of the last inference that was enqueued, for other queues to wait for.
  [[nodiscard]] const cl::Event& done() const noexcept { return runner_->done(); }

  /// The device, where the kernels came from, and what looks into an inference.
  [[nodiscard]] opencl::runner& runner() noexcept { return *runner_; }
  [[nodiscard]] const opencl::runner& runner() const noexcept { return *runner_; }

private:
  explicit opencl_session(std::unique_ptr<opencl::runner> made) : runner_(std::move(made)) {}

  template <class Image, class... Outputs>
  opencl::error enqueue_from(const opencl::runner::events* after, const Image& image,
                             Outputs&... outputs) noexcept {
    static_assert(sizeof...(Outputs) == static_cast<std::size_t>(network::outputs),
                  "inlay: expected a place for each output of the network, after the image");
    static_assert(require<inlay::detail::input_found<typename network::input, Image>>);
    unsigned char* const places[] = {place_of<Outputs>(outputs)...};
    expect_places<Outputs...>(std::make_index_sequence<sizeof...(Outputs)>{});
    return runner_->enqueue(inlay::detail::view_of_input<typename network::input>(image).bytes(),
                            places, after);
  }

  template <class Output>
  static unsigned char* place_of(Output& output) noexcept {
    if constexpr (requires { output.bytes(); }) {
      return output.bytes();
    } else {
      return reinterpret_cast<unsigned char*>(std::data(output));
    }
  }
  template <class... Outputs, std::size_t... Index>
  static void expect_places(std::index_sequence<Index...>) {
    static_assert((require<opencl::detail::output_found<
                       typename network::template output<static_cast<int>(Index)>, Outputs>> &&
                   ...));
  }

  std::unique_ptr<opencl::runner> runner_;
};

} // namespace inlay
