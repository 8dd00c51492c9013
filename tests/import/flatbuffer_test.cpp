// SPDX-License-Identifier: Apache-2.0
#include "../support/random.hpp"

#include <inlay/import/flatbuffer.hpp>

#include <gtest/gtest.h>
#include <memory>

namespace {

using inlay::flatbuffer::buffer;
using inlay::flatbuffer::table;
using inlay::flatbuffer::vector;

/// A buffer with one table: field 0 an int32 of 7, field 1 absent, field 2 a vector {1, 2, 3} of
/// bytes.
constexpr unsigned char one_table[] = {
    14, 0, 0,  0,         // root: the table at 14
    10, 0, 12, 0,         // vtable at 4: its size, the table's size
    4,  0, 0,  0, 8, 0,   // fields 0, 1, 2
    10, 0, 0,  0,         // table at 14: vtable is 10 before
    7,  0, 0,  0,         // field 0
    4,  0, 0,  0,         // field 2: the vector 4 further on
    3,  0, 0,  0, 1, 2, 3 // its length and elements
};
constexpr std::size_t size = sizeof one_table;

constexpr bool reads_everything() {
  buffer in{one_table, size};
  const table root{in, in.follow(0)};
  const vector elements = root.elements(in, 2, 1);
  return root.present() && root.scalar<std::int32_t>(in, 0, -1) == 7 &&
         root.scalar<std::int32_t>(in, 1, -1) == -1 && root.scalar<std::int32_t>(in, 9, -1) == -1 &&
         elements.present && elements.count == 3 &&
         inlay::flatbuffer::number_at<std::uint8_t>(in, elements, 2) == 3 &&
         inlay::flatbuffer::number_at<std::uint8_t>(in, elements, 3) == 0 && in.intact;
}
static_assert(reads_everything());

/// Reads all there is of `bytes` bytes in a block of their own.
bool intact(const unsigned char* from, std::size_t bytes) {
  const auto copy = std::make_unique<unsigned char[]>(bytes);
  std::copy(from, from + bytes, copy.get());
  buffer in{copy.get(), bytes};
  const table root{in, in.follow(0)};
  for (int field = 0; field < 4; ++field) {
    static_cast<void>(root.scalar<std::int64_t>(in, field));
    static_cast<void>(root.child(in, field).scalar<std::int32_t>(in, 0));
    const vector elements = root.elements(in, field, 4);
    static_cast<void>(inlay::flatbuffer::table_at(in, elements, 0));
  }
  buffer again{copy.get(), bytes};
  const table second{again, again.follow(0)};
  static_cast<void>(second.scalar<std::int32_t>(again, 0));
  const vector elements = second.elements(again, 2, 1);
  for (std::size_t i = 0; i < elements.count; ++i) {
    static_cast<void>(inlay::flatbuffer::number_at<std::uint8_t>(again, elements, i));
  }
  return again.intact;
}

TEST(flatbuffer, notices_every_truncation) {
  EXPECT_TRUE(intact(one_table, size));
  for (std::size_t bytes = 0; bytes < size; ++bytes) {
    EXPECT_FALSE(intact(one_table, bytes)) << bytes;
  }
}

TEST(flatbuffer, never_reads_outside_whatever_the_bytes_are) {
  inlay::test::random_source random(1);
  for (int i = 0; i < 200000; ++i) {
    unsigned char bytes[size];
    std::copy(one_table, one_table + size, bytes);
    for (auto changes = random.between(1, 3); changes > 0; --changes) {
      bytes[random.between(0, size - 1)] = static_cast<unsigned char>(random.bits());
    }
    static_cast<void>(intact(bytes, size));
  }
}

TEST(flatbuffer, refuses_a_length_whose_bytes_overflow) {
  unsigned char bytes[size];
  std::copy(one_table, one_table + size, bytes);
  std::fill(bytes + 26, bytes + 30, static_cast<unsigned char>(0xFF));
  buffer in{bytes, size};
  const table root{in, in.follow(0)};
  EXPECT_EQ(root.elements(in, 2, 8).count, 0U);
  EXPECT_FALSE(in.intact);
}

} // namespace
