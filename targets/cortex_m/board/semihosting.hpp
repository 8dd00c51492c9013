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

/// A file that is read from the beginning.
class input_file {
public:
  explicit input_file(std::string_view name) noexcept;
  ~input_file();
  input_file(const input_file&) = delete;
  input_file& operator=(const input_file&) = delete;

  /// 0 if the file is not there.
  [[nodiscard]] std::size_t size() const noexcept;
  /// Fills `to` with what comes next; false if less than that is left.
  [[nodiscard]] bool read(std::span<unsigned char> to) noexcept;

private:
  std::int32_t handle;
};

/// Fills `to` from the file; false if it is not there, or is not of that size.
[[nodiscard]] bool read_file(std::string_view name, std::span<unsigned char> to) noexcept;
/// Writes the file anew; false if it cannot be written.
[[nodiscard]] bool write_file(std::string_view name, std::span<const unsigned char> from) noexcept;

/// Runs a command line on that machine; false if it cannot be run or ends with another status than
/// 0.
[[nodiscard]] bool run(std::string_view command) noexcept;

/// The program's name and arguments, separated by spaces, as text that ends in a zero.
[[nodiscard]] bool command_line(std::span<char> to) noexcept;

} // namespace board
