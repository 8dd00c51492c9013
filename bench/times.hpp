// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runner.hpp"

#include <algorithm>
#include <chrono>

namespace bench {

using clock = std::chrono::steady_clock;

/// Sorted times in µs.
class times {
public:
  void add(double microseconds) {
    sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), microseconds), microseconds);
  }
  [[nodiscard]] std::size_t count() const { return sorted_.size(); }
  /// The time that `percent` of all are not above.
  [[nodiscard]] double percentile(std::size_t percent) const {
    return sorted_[(sorted_.size() - 1) * percent / 100];
  }
  [[nodiscard]] double min() const { return percentile(0); }
  [[nodiscard]] double median() const { return percentile(50); }

private:
  std::vector<double> sorted_;
};

/// How long `work` takes once, in µs.
template <class Work>
double time_of(Work&& work) {
  asm volatile("" : : : "memory");
  const auto start = clock::now();
  work();
  asm volatile("" : : : "memory");
  return std::chrono::duration<double, std::micro>(clock::now() - start).count();
}

/// How often to do what took so long, if nobody said: for two seconds.
inline int affordable(double microseconds) {
  return std::clamp(static_cast<int>(2e6 / microseconds), 5, 2000);
}

/// The time of each piece as part of whole inferences.
inline std::vector<times> time_pieces(runner& what, int repeat) {
  std::vector<times> all(what.pieces().size());
  for (int i = 0; i < repeat; ++i) {
    for (std::size_t piece = 0; piece < all.size(); ++piece) {
      all[piece].add(time_of([&] { what.run(piece); }));
    }
  }
  return all;
}

/// The time of each piece [first, last) alone, one run after the other, so that what it reads is
/// in the cache that it fits.
inline std::vector<times> time_pieces_alone(runner& what, std::size_t first, std::size_t last,
                                            int repeat) {
  std::vector<times> all(last - first);
  for (std::size_t piece = first; piece < last; ++piece) {
    what.run(piece);
    for (int i = 0; i < repeat; ++i) {
      all[piece - first].add(time_of([&] { what.run(piece); }));
    }
  }
  return all;
}

} // namespace bench
