// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace app {

std::optional<classify_options> read_classify_options(int argc, char** argv,
                                                      const std::string& input,
                                                      const std::string& output, int& exit_code) {
  classify_options wishes;
  CLI::App parser("Says what is on pictures (BMP, PNG, JPEG).", "classify");
  parser.add_option("PICTURE", wishes.pictures, "pictures; each is resized as a whole");
  parser.add_option("--top", wishes.top, "how many classes to show")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  parser.add_flag("--json", wishes.json, "print JSON");
  parser.add_option("--repeat", wishes.repeat, "run each inference so often, and show its latency")
      ->check(CLI::PositiveNumber);
  parser.add_option("--isa", wishes.isa,
                    "run the kernels for this instruction set, for example avx2 or reference; "
                    "without it the fastest that the processor can run");
  parser.add_option("--target", wishes.target, "run on the processor or on an OpenCL device")
      ->capture_default_str()
      ->check(CLI::IsMember({"cpu", "opencl"}));
  parser
      .add_option("--device", wishes.device,
                  "which OpenCL device, as --list-devices numbers them; without it the first GPU, "
                  "or else the first device")
      ->check(CLI::NonNegativeNumber);
  parser.add_flag("--list-devices", wishes.list_devices, "list the OpenCL devices and end");
  parser.add_option(
      "--profile", wishes.profile,
      "with --target opencl: show when each kernel ran, and draw it to this SVG file");
  parser.add_option("--raw-input", wishes.raw_input, "take exactly these bytes as input: " + input);
  parser.add_option("--raw-output", wishes.raw_output,
                    "write the bytes of the output to this file: " + output);
  parser.footer("Examples:\n"
                "  classify cat.jpg dog.png\n"
                "  classify --top 3 --repeat 100 cat.jpg\n"
                "  classify --target opencl --profile kernels.svg cat.jpg\n"
                "  classify --json photos/*.jpg | jq '.results[].top[0].label'\n"
                "  classify --raw-input image.bin --raw-output scores.bin");
  try {
    parser.parse(argc, argv);
    const std::size_t inputs = wishes.pictures.size() + (wishes.raw_input.empty() ? 0 : 1);
    if (inputs == 0 && !wishes.list_devices) {
      throw CLI::ValidationError("expected a PICTURE or --raw-input FILE, found neither");
    }
    if (wishes.target == "cpu" && (wishes.device >= 0 || !wishes.profile.empty())) {
      throw CLI::ValidationError("--device and --profile are for --target opencl");
    }
    if (wishes.target == "opencl" && !wishes.isa.empty()) {
      throw CLI::ValidationError("--isa is for the processor, expected it without --target opencl");
    }
    if (inputs > 1 && !wishes.profile.empty()) {
      throw CLI::ValidationError(
          fmt::format("--profile draws one inference, expected one input, found {}", inputs));
    }
    if (inputs > 1 && !wishes.raw_output.empty()) {
      throw CLI::ValidationError(
          fmt::format("--raw-output holds one output, expected one input, found {}", inputs));
    }
  } catch (const CLI::ParseError& problem) {
    exit_code = parser.exit(problem) == 0 ? 0 : 2;
    return std::nullopt;
  }
  return wishes;
}

std::optional<trace_options> read_trace_options(int argc, char** argv, const std::string& input,
                                                int& exit_code) {
  trace_options wishes;
  CLI::App parser("Writes the output of each operator as NNN.bin, by the operator's index in the "
                  "model file, raw and little-endian, and index.json, which says what is in them.",
                  "trace");
  parser.add_option("--raw-input", wishes.raw_input, "the input's bytes: " + input)->required();
  parser.add_option("--out", wishes.folder, "the folder to write to; made if missing")->required();
  parser.footer("Example:\n  trace --raw-input image.bin --out layers");
  try {
    parser.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    exit_code = parser.exit(problem) == 0 ? 0 : 2;
    return std::nullopt;
  }
  return wishes;
}

} // namespace app
