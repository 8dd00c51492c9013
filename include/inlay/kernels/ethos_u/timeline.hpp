// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/estimate.hpp>

// What operations and transfers take together. docs/ethos_u.md explains the formula.

namespace inlay::ethos_u {

/// The words of one transfer and of its waits in a command stream, about so many bytes.
inline constexpr std::int64_t bytes_of_transfer_commands = 40;

/// Operations one after the other, and beside them transfers of constants into the arena, which get
/// what the operations leave of the constants' memory.
class timeline {
public:
  constexpr timeline(const npu& on, const memory_speed& memory)
      : memory_(memory), most_(on.most_transfers()) {}

  /// Starts a transfer, after those that leave no room for it.
  /// @param at_once whether it does not wait for the operation before: commands are read while that
  ///   one runs
  constexpr void start(std::int64_t bytes, bool at_once) {
    wait(most_ - 1);
    cycles_ += detail::divided_up(bytes_of_transfer_commands, memory_.constants);
    const std::int64_t done = !at_once ? 0 : idle_ < bytes ? idle_ : bytes;
    idle_ -= done;
    if (done < bytes) {
      left_[static_cast<std::size_t>(running_++)] = bytes - done;
    }
  }
  /// Waits until at most `left` transfers are running.
  constexpr void wait(int left) {
    while (running_ > left) {
      cycles_ += detail::divided_up(left_[0], memory_.constants);
      finish_oldest();
    }
  }
  constexpr void run(const operation_cost& what) {
    std::int64_t spare = what.cycles * memory_.constants - what.outside_bytes;
    std::int64_t moved = 0;
    while (running_ > 0 && spare > 0) {
      const std::int64_t some = spare < left_[0] ? spare : left_[0];
      moved += some;
      spare -= some;
      left_[0] -= some;
      if (left_[0] > 0) {
        break;
      }
      finish_oldest();
    }
    idle_ = spare > 0 ? spare : 0;
    // What is transferred goes through the arena's port as well.
    const std::int64_t arena = detail::divided_up(what.arena_bytes + moved, memory_.arena) +
                               detail::divided_up(bytes_of_commands, memory_.constants);
    cycles_ += arena > what.cycles ? arena : what.cycles;
  }

  [[nodiscard]] constexpr std::int64_t cycles() const { return cycles_; }

private:
  constexpr void finish_oldest() {
    left_[0] = left_[1];
    --running_;
  }

  memory_speed memory_;
  int most_;
  /// Bytes still to come, of the oldest transfer first.
  std::array<std::int64_t, most_transfers_of_all + 1> left_{};
  int running_ = 0;
  /// What could have been transferred in the last operation and was not.
  std::int64_t idle_ = 0;
  std::int64_t cycles_ = 0;
};

} // namespace inlay::ethos_u
