// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../runner.hpp"

namespace bench {

/// Another library that runs a network. Each function throws std::runtime_error with the first
/// thing that the library cannot do.
/// @param input the bytes of the tensor that the first inner step reads
/// @param isa limits the library's instructions, by its own name for them; empty: no limit
using make_peer = std::unique_ptr<runner> (*)(const network& what,
                                              std::span<const unsigned char> input,
                                              const std::string& isa, int threads);

/// What is built in.
struct peer {
  std::string_view name;
  /// Which build, for reports.
  std::string (*version)() = nullptr;
  make_peer make = nullptr;
};

inline std::vector<peer>& peers() {
  static std::vector<peer> all;
  return all;
}

/// The name of an inner step that a peer has no counterpart for.
[[noreturn]] inline void refuse(std::string_view library, const network& what, int step) {
  const int node = what.schedule[step].node;
  throw std::runtime_error(
      std::string(library) + ": no counterpart of operator " + std::to_string(node) + " (" +
      std::string(inlay::name_of(what.graph[node].what)) + ") with these types and this window");
}

} // namespace bench
