// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace app {

/// What the user of classify asks for.
struct classify_options {
  std::vector<std::string> pictures;
  std::string raw_input;
  std::string raw_output;
  /// The kernel set to run; empty: the fastest that the processor can run.
  std::string isa;
  /// "cpu" or "opencl".
  std::string target = "cpu";
  /// An OpenCL device's number; negative: the first GPU, or else the first device.
  int device = -1;
  bool list_devices = false;
  /// The file to draw the kernels' times to; empty: they are not measured.
  std::string profile;
  std::size_t top = 5;
  /// 0: once, without showing how long it took.
  int repeat = 0;
  bool json = false;
};

/// What the user of trace asks for.
struct trace_options {
  std::string raw_input;
  std::string folder;
};

/// Reads a command line.
/// @param input, output the network's, in words, for the help
/// @param exit_code set if there is nothing to do after all: 0 after --help, 2 after a mistake,
///   which has been explained
std::optional<classify_options> read_classify_options(int argc, char** argv,
                                                      const std::string& input,
                                                      const std::string& output, int& exit_code);
std::optional<trace_options> read_trace_options(int argc, char** argv, const std::string& input,
                                                int& exit_code);

} // namespace app
