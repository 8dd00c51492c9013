// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "operation.hpp"

namespace inlay::test::npu_model {

/// What commands have set so far.
class register_file {
public:
  /// A command of one word. @returns false where there is none of this number.
  bool set_short(std::uint32_t code, std::uint32_t parameter);

  /// A command of two words.
  bool set_long(std::uint32_t code, std::uint32_t parameter, std::uint32_t payload);

  /// All that an operation takes from registers.
  [[nodiscard]] operation operation_of(kind what, int parameter) const;

private:
  struct reader;
  std::array<std::uint16_t, 0x100> short_{}; ///< 0x100 to 0x1FF
  std::array<std::uint64_t, 0x100> long_{};  ///< parameter << 32 | payload
  std::array<bool, 0x100> short_set_{};
  std::array<bool, 0x100> long_set_{};
};

} // namespace inlay::test::npu_model
