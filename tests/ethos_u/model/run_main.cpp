// SPDX-License-Identifier: Apache-2.0
#include "arguments.hpp"
#include "check.hpp"
#include "files.hpp"
#include "model.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>

// ethos_u_run: runs a payload of any compiler on the functional model.

namespace {

using namespace inlay::test::npu_model;

void trace(const operation& what) {
  if (!what.is_kernel()) {
    std::fprintf(stderr, "%s\n", describe(what).c_str());
    return;
  }
  const auto shape = [](const feature_map& map) {
    return std::to_string(map.height) + "x" + std::to_string(map.width) + "x" +
           std::to_string(map.depth) + " in region " + std::to_string(map.region) + " at " +
           std::to_string(map.base[0]);
  };
  std::fprintf(stderr, "%s: %s to %s\n", describe(what).c_str(), shape(what.ifm).c_str(),
               shape(what.ofm).c_str());
}

/// @throws stream_error of all findings.
void check_stream(const program& stream, const arguments& given, std::size_t weights_bytes,
                  const std::vector<given_area>& areas) {
  check_options options;
  options.region_bytes = {static_cast<std::int64_t>(weights_bytes),
                          static_cast<std::int64_t>(given.arena_bytes),
                          static_cast<std::int64_t>(given.fast_bytes)};
  options.given = areas;
  options.all_is_read = false; // a kernel may be smaller than its stride
  const std::vector<finding> findings = check(stream, options);
  if (!findings.empty()) {
    throw stream_error("--check found\n" + text_of(findings));
  }
}

void run(const arguments& given) {
  const std::vector<std::byte> payload = read_file(given.payload);
  const std::vector<std::byte> weights = read_file(given.weights);
  std::vector<std::byte> arena(given.arena_bytes);
  std::vector<std::byte> fast(given.fast_bytes);
  std::vector<given_area> areas;
  for (const file_at& input : given.inputs) {
    const std::vector<std::byte> bytes = read_file(input.path);
    if (input.offset > arena.size() || bytes.size() > arena.size() - input.offset) {
      throw stream_error("--input: " + input.path + " has " + std::to_string(bytes.size()) +
                         " bytes and does not fit into the arena at " +
                         std::to_string(input.offset));
    }
    std::copy(bytes.begin(), bytes.end(),
              arena.begin() + static_cast<std::ptrdiff_t>(input.offset));
    areas.push_back(
        {1, static_cast<std::int64_t>(input.offset), static_cast<std::int64_t>(bytes.size())});
  }
  if (given.output_offset > arena.size() ||
      given.output_bytes > arena.size() - given.output_offset) {
    throw stream_error("--output: the arena has " + std::to_string(arena.size()) + " bytes");
  }
  const std::vector<region> regions{std::span<const std::byte>(weights),
                                    std::span<std::byte>(arena), std::span<std::byte>(fast)};
  const program stream = decode(payload);
  if (given.check) {
    check_stream(stream, given, weights.size(), areas);
  }
  ethos_u_model model;
  model.run(stream, regions, [&](const operation& what, std::span<const region>) {
    if (given.trace) {
      trace(what);
    }
  });
  write_file(given.to, std::span(arena).subspan(given.output_offset, given.output_bytes));
}

} // namespace

int main(int count, char** values) {
  try {
    int exit_code = 0;
    if (const auto given = read_arguments(count, values, exit_code)) {
      run(*given);
    }
    return exit_code;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ethos_u_run: %s\n", error.what());
    return 1;
  }
}
