// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../model/check.hpp"
#include "../model/model.hpp"
#include "reader_streams.hpp"

#include <vector>

namespace inlay::test::npu_model {

/// A good stream with its memory, on which changed ones are tried.
class trial {
public:
  /// @throws stream_error where the stream is not good.
  trial(program good, check_options options, std::vector<std::byte> constants,
        std::vector<std::byte> arena);

  [[nodiscard]] const program& good() const { return good_; }

  /// Who notices that a stream is not the good one: "checker", "model" (it refuses), "values" (an
  /// operation's output differs), or nobody: "".
  [[nodiscard]] std::string noticed_by(const program& changed) const;
  [[nodiscard]] std::string noticed_by(const program& changed,
                                       const std::vector<std::byte>& constants) const;

private:
  using outputs = std::vector<std::vector<std::byte>>;
  [[nodiscard]] outputs run(const program& what, const std::vector<std::byte>& constants) const;

  program good_;
  check_options options_;
  std::vector<std::byte> constants_;
  std::vector<std::byte> arena_;
  outputs expected_;
};

/// What a captured stream needs to know of its memory; its first operation reads the image from the
/// image's beginning.
[[nodiscard]] check_options options_for(const captured& stream, const program& what);
[[nodiscard]] trial trial_of(const captured& stream);

} // namespace inlay::test::npu_model
