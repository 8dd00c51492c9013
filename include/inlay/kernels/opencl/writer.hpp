// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace inlay::kernels::opencl {

/// Source text that grows in a constant expression. What does not fit is counted and not kept, so
/// that whoever joins texts can refuse one that is cut.
template <std::size_t Capacity>
class writer {
public:
  /// Writes the parts, one after the other.
  template <class... Parts>
  constexpr writer& put(const Parts&... parts) {
    (put_part(parts), ...);
    return *this;
  }
  /// The same as a line of its own, indented by two spaces a level.
  template <class... Parts>
  constexpr writer& line(const Parts&... parts) {
    indent();
    put(parts...);
    put_character('\n');
    return *this;
  }
  /// The beginning of a line.
  constexpr writer& indent() {
    for (int i = 0; i < 2 * depth_; ++i) {
      put_character(' ');
    }
    return *this;
  }
  /// A line that begins a block, and one that ends it.
  template <class... Parts>
  constexpr writer& open(const Parts&... parts) {
    line(parts..., " {");
    ++depth_;
    return *this;
  }
  constexpr writer& begin() {
    line("{");
    ++depth_;
    return *this;
  }
  constexpr writer& close() {
    --depth_;
    return line("}");
  }

  [[nodiscard]] constexpr std::string_view view() const {
    return {data_, size_ < Capacity ? size_ : Capacity};
  }
  [[nodiscard]] constexpr std::size_t size() const { return size_; }
  [[nodiscard]] constexpr bool is_whole() const { return size_ <= Capacity; }

private:
  constexpr void put_character(char character) {
    if (size_ < Capacity) {
      data_[size_] = character;
    }
    ++size_;
  }
  constexpr void put_part(std::string_view characters) {
    put_characters(characters.data(), characters.size());
  }
  template <std::size_t Size>
  constexpr void put_part(const char (&literal)[Size]) {
    put_characters(literal, Size - 1);
  }
  // Compilers take their time for each call in a constant expression: none is made for a character,
  // nor for the length of a literal.
  constexpr void put_characters(const char* from, std::size_t count) {
    const std::size_t before = size_;
    const std::size_t space = before < Capacity ? Capacity - before : 0;
    const std::size_t kept = count < space ? count : space;
    for (std::size_t i = 0; i < kept; ++i) {
      data_[before + i] = from[i];
    }
    size_ = before + count;
  }
  template <std::integral Integer>
  constexpr void put_part(Integer value) {
    char digits[20]{};
    int count = 0;
    std::uint64_t rest = static_cast<std::uint64_t>(value);
    if (value < 0) {
      put_character('-');
      rest = std::uint64_t{0} - rest;
    }
    do {
      digits[count++] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    while (count > 0) {
      put_character(digits[--count]);
    }
  }

  std::size_t size_ = 0;
  int depth_ = 0;
  char data_[Capacity]{};
};

} // namespace inlay::kernels::opencl
