// SPDX-License-Identifier: Apache-2.0
#include "access.hpp"
#include "check.hpp"

#include <algorithm>
#include <deque>

namespace inlay::test::npu_model {
namespace {

bool conflict(const accesses& a, const accesses& b) {
  return meet(a.writes, b.reads) || meet(a.reads, b.writes) || meet(a.writes, b.writes);
}

/// What was started and may still be running. An NPU takes no more than so many: it then waits for
/// the oldest by itself.
class running {
public:
  explicit running(std::size_t most) : most_(most) {}

  void start(const operation& what, const accesses& touched) {
    list_.push_back({what.index, touched});
    wait_for(most_);
  }
  void wait_for(std::size_t left) {
    while (list_.size() > left) {
      list_.pop_front();
    }
  }
  /// The newest one that an operation must not meet, or -1.
  [[nodiscard]] int conflicting(const accesses& touched) const {
    const auto found = std::find_if(list_.rbegin(), list_.rend(), [&](const entry& one) {
      return conflict(one.touched, touched);
    });
    return found == list_.rend() ? -1 : found->index;
  }

private:
  struct entry {
    int index;
    accesses touched;
  };
  std::size_t most_;
  std::deque<entry> list_;
};

} // namespace

std::vector<finding> check_waits(const program& what) {
  std::vector<finding> findings;
  running kernels(2);
  running transfers(static_cast<std::size_t>(what.machine.outstanding_dma));
  for (const operation& one : what.operations) {
    const auto left = static_cast<std::size_t>(one.parameter & 15);
    if (one.kind == kind::kernel_wait) {
      kernels.wait_for(left);
      continue;
    }
    if (one.kind == kind::dma_wait) {
      transfers.wait_for(left);
      continue;
    }
    const bool transfer = one.kind == kind::dma;
    const accesses touched = accesses_of(one, what.machine);
    const int other = (transfer ? kernels : transfers).conflicting(touched);
    if (other >= 0) {
      findings.push_back(
          {one.index, describe(one) + " starts while " +
                          describe(what.operations[static_cast<std::size_t>(other)]) +
                          " may be running, and they meet in memory; a " +
                          (transfer ? "KERNEL_WAIT" : "DMA_WAIT") + " is missing"});
    }
    (transfer ? transfers : kernels).start(one, touched);
  }
  return findings;
}

} // namespace inlay::test::npu_model
