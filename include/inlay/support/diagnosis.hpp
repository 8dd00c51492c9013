// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/support/text.hpp>

namespace inlay {

/// Collects the first complaint about a model. The same checks fill it in the compiler, where
/// `require` turns it into an error, and at run time, where a tool prints it.
class diagnosis {
public:
  /// `noun` is what one step of the model is called: "operator" in a file, "layer" by hand.
  constexpr explicit diagnosis(std::string_view noun = "operator") : noun_(noun) {}

  [[nodiscard]] constexpr bool ok() const { return message_.size() == 0; }
  [[nodiscard]] constexpr const text& message() const { return message_; }

  /// From now on complaints begin with "operator INDEX (KIND)".
  constexpr void at(int index, std::string_view kind) {
    index_ = index;
    kind_ = kind;
  }
  /// From now on complaints are about the model as a whole.
  constexpr void at_model() { index_ = -1; }

  /// Records a complaint put together from `parts` unless there is one already; false always,
  /// so that a check can end with `return found.fail(...)`.
  template <class... Parts>
  constexpr bool fail(const Parts&... parts) {
    if (ok()) {
      if (index_ >= 0) {
        message_ << noun_ << " " << index_ << " (" << kind_ << "): ";
      }
      (message_ << ... << parts);
    }
    return false;
  }

  /// Records a complaint unless `holds`, and returns whether the model is without one.
  template <class... Parts>
  constexpr bool expect(bool holds, const Parts&... parts) {
    return (holds || fail(parts...)) && ok();
  }

private:
  std::string_view noun_;
  text message_{};
  int index_ = -1;
  std::string_view kind_{};
};

} // namespace inlay
