// SPDX-License-Identifier: Apache-2.0
#include "semihosting.hpp"

#include <algorithm>
#include <array>

namespace board {
namespace {

enum class operation : std::uint32_t {
  open = 0x01,
  close = 0x02,
  write = 0x05,
  read = 0x06,
  length = 0x0c,
  system = 0x12,
  command_line = 0x15,
  exit_extended = 0x20,
};

std::int32_t call(operation what, const void* parameters) noexcept {
  register std::uint32_t r0 asm("r0") = static_cast<std::uint32_t>(what);
  register const void* r1 asm("r1") = parameters;
  asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return static_cast<std::int32_t>(r0);
}

using words = std::array<std::uintptr_t, 3>;

std::uintptr_t address(const void* of) noexcept {
  return reinterpret_cast<std::uintptr_t>(of);
}

enum class mode : std::uintptr_t { read_binary = 1, write_binary = 5 };
constexpr std::int32_t none = -1;

std::int32_t open(std::string_view name, mode how) noexcept {
  std::array<char, 512> text{}; // a zero at the end
  if (name.size() >= text.size()) {
    return none;
  }
  std::copy(name.begin(), name.end(), text.begin());
  const words given{address(text.data()), static_cast<std::uintptr_t>(how), name.size()};
  return call(operation::open, given.data());
}

/// Of reading or writing: how many bytes were not.
std::int32_t transfer(operation what, std::int32_t file, const void* bytes,
                      std::size_t size) noexcept {
  const words given{static_cast<std::uintptr_t>(file), address(bytes), size};
  return call(what, given.data());
}

std::int32_t of_file(operation what, std::int32_t file) noexcept {
  const words given{static_cast<std::uintptr_t>(file)};
  return call(what, given.data());
}

} // namespace

void print(std::string_view text) noexcept {
  static constinit std::int32_t console = none;
  if (console == none) {
    console = open(":tt", mode::write_binary);
  }
  transfer(operation::write, console, text.data(), text.size());
}

void print(std::int64_t number) noexcept {
  std::array<char, 20> text{};
  std::size_t at = text.size();
  const bool negative = number < 0;
  auto rest = static_cast<std::uint64_t>(negative ? -number : number);
  do {
    text[--at] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (negative) {
    text[--at] = '-';
  }
  print(std::string_view(text.data() + at, text.size() - at));
}

void exit(int status) noexcept {
  constexpr std::uintptr_t application_exit = 0x20026;
  const words given{application_exit, static_cast<std::uintptr_t>(status)};
  for (;;) {
    call(operation::exit_extended, given.data());
  }
}

input_file::input_file(std::string_view name) noexcept : handle(open(name, mode::read_binary)) {}

input_file::~input_file() {
  if (handle != none) {
    of_file(operation::close, handle);
  }
}

std::size_t input_file::size() const noexcept {
  const std::int32_t length = handle == none ? 0 : of_file(operation::length, handle);
  return length < 0 ? 0 : static_cast<std::size_t>(length);
}

bool input_file::read(std::span<unsigned char> to) noexcept {
  return handle != none && transfer(operation::read, handle, to.data(), to.size()) == 0;
}

bool read_file(std::string_view name, std::span<unsigned char> to) noexcept {
  input_file file(name);
  return file.size() == to.size() && file.read(to);
}

bool write_file(std::string_view name, std::span<const unsigned char> from) noexcept {
  const std::int32_t file = open(name, mode::write_binary);
  if (file == none) {
    return false;
  }
  const bool written = transfer(operation::write, file, from.data(), from.size()) == 0;
  return of_file(operation::close, file) == 0 && written;
}

bool run(std::string_view command) noexcept {
  std::array<char, 2048> text{}; // a zero at the end
  if (command.size() >= text.size()) {
    return false;
  }
  std::copy(command.begin(), command.end(), text.begin());
  const words given{address(text.data()), command.size()};
  return call(operation::system, given.data()) == 0;
}

bool command_line(std::span<char> to) noexcept {
  words given{address(to.data()), to.size()};
  return call(operation::command_line, given.data()) == 0;
}

} // namespace board
