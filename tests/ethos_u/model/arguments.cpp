// SPDX-License-Identifier: Apache-2.0
#include "arguments.hpp"

#include <CLI/CLI.hpp>
#include <string_view>

namespace inlay::test::npu_model {
namespace {

/// At most 4 GiB, so that a slip of the finger is no attempt to allocate a petabyte.
constexpr std::size_t most_bytes = 0xFFFFFFFF;

/// @throws CLI::ValidationError unless the text is a number of bytes.
std::size_t bytes_of(const std::string& option, const std::string& text) {
  std::size_t value = 0;
  if (!CLI::detail::lexical_cast(text, value) || value > most_bytes) {
    throw CLI::ValidationError(option,
                               "expected a number of bytes below 4 GiB, found \"" + text + "\"");
  }
  return value;
}

/// The two parts around the last separator.
/// @throws CLI::ValidationError where there is none.
std::pair<std::string, std::string> parts(const std::string& option, const std::string& text,
                                          char separator, const std::string& form) {
  const std::size_t at = text.rfind(separator);
  if (at == std::string::npos) {
    throw CLI::ValidationError(option, "expected " + form + ", found \"" + text + "\"");
  }
  return {text.substr(0, at), text.substr(at + 1)};
}

constexpr const char* examples =
    "The exit status is 0, 1 with a message where the stream is wrong, or 2 where an argument "
    "is.\n\n"
    "Example, a network whose input lies at the arena's beginning and whose 10 scores lie at "
    "4096:\n"
    "  ethos_u_run --payload net.bin --weights weights.bin --arena 16384 --input image.bin@0 \\\n"
    "              --output 4096:10 --to scores.bin";

} // namespace

std::optional<arguments> read_arguments(int count, char** values, int& exit_code) {
  arguments wishes;
  std::vector<std::string> inputs;
  std::string arena;
  std::string fast = "0";
  std::string output;
  CLI::App parser(
      "Runs the command stream of an Ethos-U55 or U65, of any compiler, on a functional "
      "model of the NPU.",
      "ethos_u_run");
  parser
      .add_option("--payload", wishes.payload,
                  "what the driver is given: a header (\"COP1\") and commands")
      ->required()
      ->type_name("FILE");
  parser.add_option("--weights", wishes.weights, "region 0, constants")
      ->required()
      ->type_name("FILE");
  parser.add_option("--arena", arena, "the size of region 1; it begins as zeros")
      ->required()
      ->type_name("BYTES");
  parser.add_option("--fast", fast, "the size of region 2; left out, there is none")
      ->type_name("BYTES");
  parser.add_option("--input", inputs, "copies a file into the arena first; may be repeated")
      ->allow_extra_args(false)
      ->type_name("FILE@OFFSET");
  parser.add_option("--output", output, "what of the arena is written at the end")
      ->required()
      ->type_name("OFFSET:BYTES");
  parser.add_option("--to", wishes.to, "where to; left out, the standard output")
      ->type_name("FILE");
  parser.add_flag("--trace", wishes.trace, "prints each operation on the standard error output");
  parser.add_flag("--check", wishes.check,
                  "looks first for what the model does not see: SHRAM, alignment, waits, rings");
  parser.footer(examples);
  try {
    parser.parse(count, values);
    wishes.arena_bytes = bytes_of("--arena", arena);
    wishes.fast_bytes = bytes_of("--fast", fast);
    for (const std::string& input : inputs) {
      const auto [path, offset] = parts("--input", input, '@', "FILE@OFFSET");
      wishes.inputs.push_back({path, bytes_of("--input", offset)});
    }
    const auto [offset, bytes] = parts("--output", output, ':', "OFFSET:BYTES");
    wishes.output_offset = bytes_of("--output", offset);
    wishes.output_bytes = bytes_of("--output", bytes);
  } catch (const CLI::ParseError& problem) {
    exit_code = parser.exit(problem) == 0 ? 0 : 2;
    return std::nullopt;
  }
  return wishes;
}

} // namespace inlay::test::npu_model
