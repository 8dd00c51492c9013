// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <type_traits>
#include <vector>

namespace inlay {

/// Threads for inferences of hosted programs: an executor for infer_on. Between two pieces of work
/// they spin for a moment, because the next step of a network follows within microseconds, and then
/// sleep. Only the constructor allocates. One thread at a time may give work.
class thread_pool {
public:
  /// Starts threads - 1 threads; the one that gives the work is the last.
  /// Throws std::system_error where the system has no more threads, std::bad_alloc.
  explicit thread_pool(int threads) {
    workers_.reserve(static_cast<std::size_t>(threads > 1 ? threads - 1 : 0));
    for (int i = 1; i < threads; ++i) {
      workers_.emplace_back([this](const std::stop_token& stop) { serve(stop); });
    }
  }
  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;

  ~thread_pool() {
    for (std::jthread& each : workers_) {
      each.request_stop();
    }
    publish(0);
  }

  [[nodiscard]] int threads() const noexcept { return static_cast<int>(workers_.size()) + 1; }

  /// Calls work(part) once for each part in [0, parts), and returns when all calls have returned.
  /// @param parts at most 65535; more parts than threads are fine
  /// @param work noexcept and callable by several threads at once
  template <class Work>
  void operator()(int parts, Work&& work) noexcept {
    using callable = std::remove_reference_t<Work>;
    call_ = [](void* of, int part) noexcept { (*static_cast<callable*>(of))(part); };
    work_ = const_cast<void*>(static_cast<const void*>(&work));
    unfinished_.store(parts, std::memory_order_relaxed);
    publish(parts);
    while (take_part()) {
    }
    wait_until([this] { return unfinished_.load(std::memory_order_acquire) == 0; });
  }

private:
  /// The part that is next, how many there are, and the number of the piece of work, in one word:
  /// so no thread takes a part of a piece of work that is over.
  using ticket = std::uint64_t;
  static constexpr ticket one_part = 1;
  static constexpr int next_of(ticket from) { return static_cast<int>(from & 0xFFFF); }
  static constexpr int parts_of(ticket from) { return static_cast<int>(from >> 16 & 0xFFFF); }
  static constexpr ticket number_of(ticket from) { return from >> 32; }

  void publish(int parts) noexcept {
    const ticket number = number_of(ticket_.load(std::memory_order_relaxed)) + 1;
    ticket_.store(number << 32 | static_cast<ticket>(parts) << 16, std::memory_order_release);
    ticket_.notify_all();
  }

  /// Does one part; false if none is left.
  bool take_part() noexcept {
    ticket seen = ticket_.load(std::memory_order_acquire);
    do {
      if (next_of(seen) >= parts_of(seen)) {
        return false;
      }
    } while (!ticket_.compare_exchange_weak(seen, seen + one_part, std::memory_order_acquire));
    call_(work_, next_of(seen));
    unfinished_.fetch_sub(1, std::memory_order_release);
    return true;
  }

  void serve(const std::stop_token& stop) noexcept {
    while (!stop.stop_requested()) {
      const ticket seen = ticket_.load(std::memory_order_acquire);
      if (next_of(seen) < parts_of(seen)) {
        take_part();
      } else if (!spin_until([&] { return ticket_.load(std::memory_order_acquire) != seen; })) {
        ticket_.wait(seen, std::memory_order_acquire);
      }
    }
  }

  /// Tries for some tens of microseconds.
  template <class Condition>
  static bool spin_until(const Condition& holds) noexcept {
    for (int i = 0; i < 2000; ++i) {
      if (holds()) {
        return true;
      }
      pause();
    }
    return false;
  }

  template <class Condition>
  static void wait_until(const Condition& holds) noexcept {
    while (!spin_until(holds)) {
      std::this_thread::yield();
    }
  }

  static void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }

  static constexpr std::size_t cache_line = 64;
  // Who takes a part has the ticket's cache line, and with it what to call.
  alignas(cache_line) std::atomic<ticket> ticket_{0};
  void (*call_)(void*, int) noexcept = nullptr;
  void* work_ = nullptr;
  alignas(cache_line) std::atomic<int> unfinished_{0};
  alignas(cache_line) std::vector<std::jthread> workers_;
};

} // namespace inlay
