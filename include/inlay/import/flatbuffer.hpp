// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/tensor/bytes.hpp>

#include <cstddef>
#include <cstdint>

// Reads FlatBuffers (https://flatbuffers.dev/internals) that nobody has verified, in constant
// expressions too. No read leaves the buffer: what lies outside is recorded in `intact` and read
// as the field's default, so that a caller may check once after a group of reads.

namespace inlay::flatbuffer {

/// A whole FlatBuffer.
struct buffer {
  const unsigned char* data = nullptr;
  std::size_t size = 0;
  /// False once an offset, a length or a table has pointed out of the buffer.
  bool intact = true;

  [[nodiscard]] constexpr bool holds(std::size_t at, std::size_t bytes) const {
    return at <= size && bytes <= size - at;
  }
  template <class T>
  constexpr T read(std::size_t at, T otherwise = {}) {
    if (!holds(at, sizeof(T))) {
      intact = false;
      return otherwise;
    }
    return load<T>(data + at);
  }
  /// Follows the offset that is stored at `at`; 0 where it leads out of the buffer.
  constexpr std::size_t follow(std::size_t at) {
    const auto offset = read<std::uint32_t>(at);
    if (offset == 0 || !holds(at, offset) || at + offset >= size) {
      intact = false;
      return 0;
    }
    return at + offset;
  }
};

/// A vector or a string: `count` elements from `first` on. Absent vectors have no elements.
struct vector {
  std::size_t first = 0;
  std::size_t count = 0;
  bool present = false;
};

/// A table; position 0 stands for an absent one, all of whose fields have their defaults.
class table {
public:
  constexpr table() = default;
  constexpr table(buffer& in, std::size_t at) : at_(at) {
    if (at_ == 0) {
      return;
    }
    const auto to_vtable = in.read<std::int32_t>(at_);
    const auto vtable = static_cast<std::int64_t>(at_) - to_vtable;
    if (vtable < 0 || !in.holds(static_cast<std::size_t>(vtable), 4)) {
      in.intact = false;
      at_ = 0;
      return;
    }
    vtable_ = static_cast<std::size_t>(vtable);
    vtable_size_ = in.read<std::uint16_t>(vtable_);
    if (!in.holds(vtable_, vtable_size_)) {
      in.intact = false;
      at_ = 0;
    }
  }

  [[nodiscard]] constexpr bool present() const { return at_ != 0; }

  template <class T>
  constexpr T scalar(buffer& in, int field, T otherwise = {}) const {
    const std::size_t at = position(in, field);
    return at == 0 ? otherwise : in.read<T>(at, otherwise);
  }
  [[nodiscard]] constexpr table child(buffer& in, int field) const {
    const std::size_t at = position(in, field);
    return at == 0 ? table{} : table{in, in.follow(at)};
  }
  /// A vector whose elements take `element_size` bytes each.
  constexpr vector elements(buffer& in, int field, std::size_t element_size) const {
    const std::size_t at = position(in, field);
    const std::size_t start = at == 0 ? 0 : in.follow(at);
    if (start == 0) {
      return {};
    }
    const std::size_t count = in.read<std::uint32_t>(start);
    if (!in.holds(start, 4) || count > (in.size - start - 4) / element_size) {
      in.intact = false;
      return {};
    }
    return {start + 4, count, true};
  }

private:
  /// Where a field lies; 0 if it is absent.
  [[nodiscard]] constexpr std::size_t position(buffer& in, int field) const {
    const std::size_t entry = 4 + 2 * static_cast<std::size_t>(field);
    if (at_ == 0 || entry + 2 > vtable_size_) {
      return 0;
    }
    const std::size_t offset = in.read<std::uint16_t>(vtable_ + entry);
    return offset == 0 ? 0 : at_ + offset;
  }

  std::size_t at_ = 0;
  std::size_t vtable_ = 0;
  std::size_t vtable_size_ = 0;
};

/// Element `index` of a vector of tables.
constexpr table table_at(buffer& in, const vector& tables, std::size_t index) {
  return {in, index < tables.count ? in.follow(tables.first + 4 * index) : 0};
}

/// Element `index` of a vector of numbers.
template <class T>
constexpr T number_at(buffer& in, const vector& numbers, std::size_t index) {
  return index < numbers.count ? in.read<T>(numbers.first + sizeof(T) * index) : T{};
}

} // namespace inlay::flatbuffer
