// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command_report.hpp"
#include "json_report.hpp"

namespace inspect {

inline json json_of(const npu_command& command) {
  json out{{"word", command.at}, {"name", command.name}, {"parameter", command.parameter}};
  if (command.has_value) {
    out["value"] = command.value;
  }
  if (!command.is_operation()) {
    out["text"] = value_of(command);
  }
  return out;
}

inline json json_of(const npu_operation& operation) {
  return {{"word", operation.at},
          {"name", operation.name},
          {"input", operation.input},
          {"output", operation.output},
          {"kernel", operation.window},
          {"block", operation.block},
          {"macs", operation.macs},
          {"weights_bytes", operation.weights},
          {"scales_bytes", operation.scales},
          {"commands", json::array()}};
}

/// Prints a payload as one JSON object: its head, and its operations, each with the commands that
/// lead to it. Commands behind the last operation have a list of their own.
inline void print_payload_json(const std::string& path, const npu_payload& payload) {
  json operations = json::array();
  json rest = json::array();
  std::int64_t macs = 0;
  std::size_t told = 0;
  each_operation(
      payload,
      [&](int, const npu_operation& each) {
        operations.push_back(json_of(each));
        macs += each.macs;
      },
      [&](const npu_command& each) {
        const bool belongs = told < operations.size();
        (belongs ? operations.back()["commands"] : rest).push_back(json_of(each));
        // An operation's own command is the last one that leads to it.
        told += belongs && each.at == operations.back()["word"].get<std::size_t>() ? 1 : 0;
      });
  const json out{{"file", path},
                 {"npu", npu_of(payload)},
                 {"config", payload.config},
                 {"architecture", architecture_of(payload)},
                 {"stream_bytes", payload.words * 4},
                 {"macs", macs},
                 {"operations", operations},
                 {"last_commands", rest}};
  print_line(out);
}

} // namespace inspect
