// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// Console, files and exit of the machine that the board is connected to (Arm's semihosting,
/// https://github.com/ARM-software/abi-aa/blob/main/semihosting/semihosting.rst).
namespace board {

/// Writes text to the console.
void print(std::string_view text) noexcept;
/// Writes a number to the console.
void print(std::int64_t number) noexcept;
/// Writes several, one after the other.
template <class... Part>
void print_line(const Part&... parts) noexcept {
  (print(parts), ...);
  print(std::string_view("\n"));
}

/// Ends the program with an exit status of 0 to 255.
[[noreturn]] void exit(int status) noexcept;

/// Fills `to` from the file; false if it is not there, or is not of that size.
[[nodiscard]] bool read_file(std::string_view name, std::span<unsigned char> to) noexcept;
/// Writes the file anew; false if it cannot be written.
[[nodiscard]] bool write_file(std::string_view name, std::span<const unsigned char> from) noexcept;

/// The program's name and arguments, separated by spaces, as text that ends in a zero.
[[nodiscard]] bool command_line(std::span<char> to) noexcept;

} // namespace board
