// SPDX-License-Identifier: Apache-2.0
#include "arguments.hpp"
#include "check.hpp"
#include "model.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>

// ethos_u_run: runs a payload of any compiler on the functional model.

namespace {

using namespace inlay::test::npu_model;

constexpr const char* help =
    R"(Runs the command stream of an Ethos-U55 or U65 on a functional model of the NPU.

ethos_u_run --payload FILE --weights FILE --arena BYTES [option]...

  --payload FILE        what the driver is given: a header ("COP1") and commands
  --weights FILE        region 0, constants
  --arena BYTES         the size of region 1; it begins as zeros
  --fast BYTES          the size of region 2; left out, there is none
  --input FILE@OFFSET   copies a file into the arena first; may be repeated
  --output OFFSET:BYTES what of the arena is written at the end
  --to FILE             where to; left out, the standard output
  --trace               prints each operation on the standard error output
  --check               looks first for what the model does not see: SHRAM, alignment, waits, rings
  --help                this text

Example, a network whose input lies at the arena's beginning and whose 10 scores lie at 4096:

  ethos_u_run --payload net.bin --weights weights.bin --arena 16384 \
              --input image.bin@0 --output 4096:10 --to scores.bin

The exit status is 0, or 1 with a message where the stream or an argument is wrong.
)";

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

int run(const arguments& given) {
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
  return 0;
}

} // namespace

int main(int count, char** values) {
  try {
    const arguments given = parse(count, values);
    if (given.help) {
      std::fputs(help, stdout);
      return 0;
    }
    return run(given);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ethos_u_run: %s\n", error.what());
    return 1;
  }
}
