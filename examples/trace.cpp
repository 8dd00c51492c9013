// SPDX-License-Identifier: Apache-2.0
//
// Writes what each operator of the network computes, for comparison with another runtime.

#include "files.hpp"
#include "network.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace {

using app::network;
using engine = inlay::engine<network, inlay::targets::native,
                             inlay::engine_options{.keep_every_tensor = true}>;

constinit engine::workspace memory;

/// Writes one file an operator and remembers what is in it. infer is noexcept, so the first
/// failure is kept until it has returned.
class recorder {
public:
  explicit recorder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  template <class Layer, class View>
  void operator()(Layer, View view) noexcept {
    if (failure_) {
      return;
    }
    try {
      record(Layer::index, Layer::name, Layer::output::type, app::bytes_in(view));
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  void finish() {
    if (failure_) {
      std::rethrow_exception(failure_);
    }
    using handler = nlohmann::ordered_json::error_handler_t;
    const std::string index = operators_.dump(1, ' ', false, handler::replace) + "\n";
    app::write_file(folder_ / "index.json",
                    {reinterpret_cast<const unsigned char*>(index.data()), index.size()});
  }

private:
  void record(int index, std::string_view name, const inlay::tensor_type& type,
              std::span<const unsigned char> bytes) {
    const std::string file = fmt::format("{:03}.bin", index);
    app::write_file(folder_ / file, bytes);
    const auto* extents = type.shape.extents.data();
    operators_.push_back({{"operator", index},
                          {"name", std::string(name)},
                          {"shape", std::vector<int>(extents, extents + type.shape.rank)},
                          {"type", std::string(name_of(type.element))},
                          {"scale", type.quantization.scale},
                          {"zero_point", type.quantization.zero_point},
                          {"file", file}});
  }

  std::filesystem::path folder_;
  nlohmann::ordered_json operators_ = nlohmann::ordered_json::array();
  std::exception_ptr failure_;
};

void trace(const std::string& raw_input, const std::string& folder) {
  static app::image given;
  app::copy_bytes(
      app::read_tensor(raw_input, sizeof(given), "an input of " + app::words(network::input::type)),
      given);
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem || !std::filesystem::is_directory(folder)) {
    throw app::user_error(fmt::format("{}: cannot be made ({}), expected a folder to write to",
                                      folder, problem.message()));
  }
  recorder tap(folder);
  engine::infer(given, memory, tap);
  tap.finish();
  fmt::print("{} tensors and index.json in {}\n", network::layers, folder);
}

} // namespace

int main(int argc, char** argv) {
  std::string raw_input;
  std::string folder;
  CLI::App parser("Writes the output of each operator as NNN.bin, by the operator's index in the "
                  "model file, raw and little-endian, and index.json, which says what is in them.",
                  "trace");
  parser
      .add_option("--raw-input", raw_input,
                  "the input's bytes: " + app::words(network::input::type))
      ->required();
  parser.add_option("--out", folder, "the folder to write to; made if missing")->required();
  parser.footer("Example:\n  trace --raw-input image.bin --out layers");
  try {
    parser.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return parser.exit(problem) == 0 ? 0 : 2;
  }
  try {
    trace(raw_input, folder);
  } catch (const std::exception& problem) {
    fmt::print(stderr, "trace: {}\n", problem.what());
    return 1;
  }
  return 0;
}
