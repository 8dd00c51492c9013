// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace inlay::test::npu_model {

/// A payload, command or weight stream that the model cannot take; the text says where and why.
class stream_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// @throws stream_error of a text that begins with the number of a command word.
[[noreturn]] inline void fail_at(std::size_t word, const std::string& text) {
  throw stream_error("word " + std::to_string(word) + ": " + text);
}

} // namespace inlay::test::npu_model
