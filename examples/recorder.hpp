// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/tensor/tensor.hpp>

#include <exception>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

namespace app {

/// Writes tensors to files of a folder, and at the end index.json, which says what is in them.
class recorder {
public:
  /// Makes the folder. Throws user_error.
  explicit recorder(const std::string& folder);
  ~recorder();

  /// Writes NNN.bin for the output of operator `index`. An inference is noexcept, so the first
  /// failure is kept for finish().
  void record(int index, std::string_view name, const inlay::tensor_type& type,
              std::span<const unsigned char> bytes) noexcept;

  /// Writes index.json. Throws what went wrong since the beginning.
  void finish();

private:
  std::filesystem::path folder_;
  std::unique_ptr<nlohmann::ordered_json> index_;
  std::exception_ptr failure_;
};

} // namespace app
