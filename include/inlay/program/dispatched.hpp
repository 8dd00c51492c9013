// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/graph/network.hpp>
#include <inlay/program/dispatch.hpp>
#include <inlay/program/engine_checks.hpp>
#include <inlay/program/engine_options.hpp>
#include <inlay/program/infer_checks.hpp>

#include <memory>
#include <new>
#include <type_traits>

namespace inlay {

/// Zeroed memory of its own alignment from the heap, for parameters and workspaces.
class aligned_bytes {
public:
  /// Throws std::bad_alloc.
  aligned_bytes(std::size_t size, std::size_t alignment)
      : bytes_(static_cast<unsigned char*>(::operator new (size, std::align_val_t{alignment})),
               deleter{std::align_val_t{alignment}}) {
    std::fill_n(bytes_.get(), size, static_cast<unsigned char>(0));
  }
  [[nodiscard]] unsigned char* data() const noexcept { return bytes_.get(); }

private:
  struct deleter {
    std::align_val_t alignment;
    void operator()(unsigned char* bytes) const noexcept { ::operator delete(bytes, alignment); }
  };
  std::unique_ptr<unsigned char, deleter> bytes_;
};

/// A network with a kernel set chosen at run time and its packed constants, for hosted programs:
/// memory comes from the heap, before inferences, whose size only the chosen set knows. Any number
/// of threads may call infer at once, each with a workspace of its own.
/// @tparam Network a network's type, which gives shapes and element types
template <class Network>
class dispatched {
  static_assert(require<detail::network_found<Network>>);

public:
  using network = Network;

  /// Memory for one inference at a time.
  class workspace {
  public:
    /// @param threads on how many threads the inferences run at most
    /// Throws std::bad_alloc.
    explicit workspace(const dispatched& program, int threads = 1)
        : memory_(program.set().workspace_bytes(threads), program.set().alignment),
          threads_(threads) {}

  private:
    friend dispatched;
    aligned_bytes memory_;
    int threads_;
  };

  /// Packs the network's constants, unless that was done for this set while building.
  /// @param set of this network; what dispatch() gives
  /// @param packed parameters of engines of this network, each for one target, as
  ///   inlay_pack_parameters makes them; they must outlive this
  /// Throws std::bad_alloc.
  template <class... Engines>
  explicit dispatched(const kernel_set& set, const engine_parameters<Engines>&... packed)
      : set_(&set), given_(nullptr), own_(0, set.alignment) {
    static_assert((std::is_same_v<typename Engines::network, Network> && ...),
                  "inlay: the packed parameters belong to another network");
    static_cast<void>((take(packed) || ...));
    if (given_ == nullptr) {
      own_ = aligned_bytes(set.parameters_bytes, set.alignment);
      prepare(set, own_.data());
    }
  }

  [[nodiscard]] const kernel_set& set() const noexcept { return *set_; }
  /// Whether nothing had to be packed.
  [[nodiscard]] bool was_packed() const noexcept { return given_ != nullptr; }

  /// Runs the network on this thread; image and result are as those of engine::infer.
  template <class Image>
  auto infer(const Image& image, workspace& memory) const noexcept {
    const inference_memory all = around(image, memory);
    inlay::infer(*set_, all);
    return results(all, std::make_index_sequence<outputs>{});
  }

  /// Runs it on an executor, on as many threads as the workspace is for.
  /// @param executor as inlay::infer_on's, for example an inlay::thread_pool
  /// @param tap as inlay::infer_on's; leave it out and nothing is called
  template <class Executor, class Image, class Tap = ignore_tap>
  auto infer_on(Executor&& executor, const Image& image, workspace& memory,
                Tap&& tap = {}) const noexcept {
    const inference_memory all = around(image, memory);
    inlay::infer_on(*set_, all, executor, memory.threads_, tap);
    return results(all, std::make_index_sequence<outputs>{});
  }

private:
  static constexpr auto outputs = static_cast<std::size_t>(Network::outputs);

  template <class Image>
  inference_memory around(const Image& image, workspace& memory) const noexcept {
    static_assert(require<detail::input_found<typename Network::input, Image>>);
    return {detail::view_of_input<typename Network::input>(image).bytes(),
            was_packed() ? given_ : own_.data(), memory.memory_.data()};
  }

  template <std::size_t... Index>
  auto results(const inference_memory& memory, std::index_sequence<Index...>) const noexcept {
    if constexpr (outputs == 1) {
      return result<0>(memory);
    } else {
      return std::tuple(result<Index>(memory)...);
    }
  }
  template <std::size_t Index>
  auto result(const inference_memory& memory) const noexcept {
    return Network::template output<static_cast<int>(Index)>::const_view::from_bytes(
        place_of(set_->outputs[Index], memory));
  }

  /// Takes parameters if they are those of the set: of its target, and of its steps.
  template <class Engine>
  bool take(const engine_parameters<Engine>& packed) noexcept {
    if (Engine::target::name != set_->name || Engine::parameters_bytes != set_->parameters_bytes ||
        static_cast<std::size_t>(Engine::schedule.step_count) != set_->steps.size()) {
      return false;
    }
    given_ = packed.packed;
    return true;
  }

  const kernel_set* set_;
  const unsigned char* given_;
  aligned_bytes own_;
};

} // namespace inlay
