// SPDX-License-Identifier: Apache-2.0
#include "recorder.hpp"

#include "files.hpp"

#include <nlohmann/json.hpp>
#include <vector>

namespace app {

recorder::recorder(const std::string& folder)
    : folder_(folder),
      index_(std::make_unique<nlohmann::ordered_json>(nlohmann::ordered_json::array())) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem || !std::filesystem::is_directory(folder)) {
    throw user_error(fmt::format("{}: cannot be made ({}), expected a folder to write to", folder,
                                 problem ? problem.message() : "it is a file"));
  }
}

recorder::~recorder() = default;

void recorder::record(int index, std::string_view name, const inlay::tensor_type& type,
                      std::span<const unsigned char> bytes) noexcept {
  if (failure_) {
    return;
  }
  try {
    const std::string file = fmt::format("{:03}.bin", index);
    write_file(folder_ / file, bytes);
    const auto* extents = type.shape.extents.data();
    index_->push_back({{"operator", index},
                       {"name", name},
                       {"shape", std::vector<int>(extents, extents + type.shape.rank)},
                       {"type", name_of(type.element)},
                       {"scale", type.quantization.scale},
                       {"zero_point", type.quantization.zero_point},
                       {"file", file}});
  } catch (...) {
    failure_ = std::current_exception();
  }
}

void recorder::finish() {
  if (failure_) {
    std::rethrow_exception(failure_);
  }
  const std::string text = index_->dump(1) + "\n";
  write_file(folder_ / "index.json",
             {reinterpret_cast<const unsigned char*>(text.data()), text.size()});
}

} // namespace app
