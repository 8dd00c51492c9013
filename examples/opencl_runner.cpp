// SPDX-License-Identifier: Apache-2.0
#include "network_runner.hpp"

#include <inlay/program/opencl_program.hpp>
#include <inlay/program/opencl_session.hpp>

namespace app {

namespace {

using program = inlay::opencl_program<network>;
using session = inlay::opencl_session<program>;

/// A value, or its error as an exception.
template <class T>
T value_of(inlay::opencl::result<T> made) {
  if (!made) {
    throw user_error(made.failed().message());
  }
  return std::move(*made);
}

class opencl_runner : public network_runner {
public:
  explicit opencl_runner(const classify_options& wishes)
      : session_(open(wishes.device, !wishes.profile.empty())) {
    const inlay::opencl::origin& from = session_.runner().origin();
    if (!from.note.empty()) {
      fmt::print(stderr, "classify: warning: {}\n", from.note);
    }
  }

  scores infer(const image& given) override {
    const auto input = value_of(session_.input());
    std::copy(given.begin(), given.end(), input.data());
    if (const inlay::opencl::error failed = session_.infer()) {
      throw user_error(failed.message());
    }
    return session_.output();
  }

  std::vector<kernel_span> profile(const image& given) override {
    const auto bytes = reinterpret_cast<const unsigned char*>(given.data());
    value_of(session_.runner().profile(bytes)); // what is loaded late is loaded now
    std::vector<kernel_span> spans;
    for (const inlay::opencl::kernel_time& each : value_of(session_.runner().profile(bytes))) {
      spans.push_back({std::string(each.kernel), words(each.step), each.begin, each.end});
    }
    return spans;
  }

  [[nodiscard]] std::string name() const override { return session_.runner().device().name; }

private:
  static session open(int device, bool profiling) {
    const auto chosen = value_of(inlay::opencl::choose_device(device));
    return value_of(session::make(value_of(inlay::opencl::make_queue(chosen, profiling))));
  }

  /// "CONV_2D 112x112x32": the operator whose output a step stores.
  static std::string words(int step) {
    const auto& node = network::graph[program::schedule[step].node];
    inlay::text out;
    out << inlay::name_of(node.what) << " " << network::graph.at(node.output).type.shape;
    return std::string(out.view());
  }

  session session_;
};

} // namespace

std::unique_ptr<network_runner> open_opencl(const classify_options& wishes) {
  return std::make_unique<opencl_runner>(wishes);
}

void list_opencl_devices() {
  int number = 0;
  for (const inlay::opencl::device& each : value_of(inlay::opencl::devices())) {
    fmt::print("{}  {} ({}, driver {}, {}; {} compute units, {} MiB{})\n", number++, each.name,
               each.platform, each.driver, each.version, each.compute_units,
               each.memory_bytes >> 20, each.shares_memory ? ", shares the host's memory" : "");
  }
}

} // namespace app
