// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"

#include <inlay/program/dispatched.hpp>
#include <inlay/program/thread_pool.hpp>

namespace bench {

/// What a library does in one go: one operator, or several that it fuses.
struct piece {
  /// Operators of the graph.
  int first_node = 0;
  int last_node = 0;
  std::string kernel;
};

/// Something that runs a network: inlay with one kernel set, or another library.
class runner {
public:
  runner() = default;
  runner(const runner&) = delete;
  runner& operator=(const runner&) = delete;
  virtual ~runner() = default;

  [[nodiscard]] virtual std::string name() const = 0;
  /// In the order of execution.
  [[nodiscard]] const std::vector<piece>& pieces() const { return pieces_; }
  virtual void run(std::size_t piece) = 0;
  /// What the last of the network's inner steps writes.
  [[nodiscard]] virtual std::vector<int> output() const = 0;

  void infer() { run_pieces(0, pieces_.size()); }
  void run_pieces(std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      run(i);
    }
  }

protected:
  std::vector<piece> pieces_;
};

/// inlay with one kernel set.
class kernel_set_runner final : public runner {
public:
  kernel_set_runner(const network& what, const inlay::kernel_set& set, int threads);

  [[nodiscard]] std::string name() const override;
  void run(std::size_t piece) override {
    inlay::run_step(set_, set_.steps[piece], memory_, pool_, pool_.threads());
  }
  [[nodiscard]] std::vector<int> output() const override;

  [[nodiscard]] const inlay::kernel_set& set() const { return set_; }
  /// Packs the constants once more.
  void prepare() { inlay::prepare(set_, parameters_.data()); }

  /// The pieces [inner_first, inner_last) lie between quantization and SOFTMAX at the ends.
  std::size_t inner_first = 0;
  std::size_t inner_last = 0;
  void infer_inner() { run_pieces(inner_first, inner_last); }
  /// Runs what comes before the first inner piece; gives the bytes that that one reads, which are
  /// there until it runs.
  std::span<const unsigned char> make_inner_input();

private:
  const network& what_;
  const inlay::kernel_set& set_;
  inlay::aligned_bytes parameters_;
  inlay::aligned_bytes workspace_;
  std::vector<unsigned char> image_;
  inlay::inference_memory memory_;
  inlay::thread_pool pool_;
};

/// The elements of an int8 or uint8 tensor.
std::vector<int> values_of(const inlay::tensor_type& type, const unsigned char* bytes);

/// The kernel set of this name, or the fastest. Throws std::runtime_error, which lists what there
/// is.
const inlay::kernel_set& choose(const model& from, const std::string& name);

} // namespace bench
