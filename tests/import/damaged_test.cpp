// SPDX-License-Identifier: Apache-2.0
#include "../fuzz/pipeline.hpp"
#include "../support/files.hpp"
#include "../support/random.hpp"

#include <cstring>
#include <gtest/gtest.h>

// Files that are cut or changed at random end in a message or in a sound plan. Each copy lies in
// a heap block of exactly its size, so that AddressSanitizer sees a read beyond it.

namespace {

using inlay::test::random_source;
using bytes = std::vector<unsigned char>;
using pipeline = inlay::test::pipeline<inlay::graph_size{192, 80}>;

const std::filesystem::path folder = INLAY_TEST_MODELS;

bool accepts(pipeline& reader, const bytes& file) {
  const auto copy = std::make_unique<unsigned char[]>(file.size());
  std::copy(file.begin(), file.end(), copy.get());
  const bool accepted = reader.run(copy.get(), file.size());
  EXPECT_EQ(accepted, reader.found().ok());
  return accepted;
}

TEST(damaged, every_prefix_of_a_small_model_is_read_within_its_bytes) {
  const auto reader = std::make_unique<pipeline>();
  for (const char* name : {"conv_same", "reshape_squeeze", "pad_then_valid"}) {
    const bytes file = inlay::test::read_file(folder / (std::string(name) + ".tflite"));
    ASSERT_TRUE(accepts(*reader, file)) << reader->found().message().view();
    int accepted = 0;
    for (std::size_t size = 0; size < file.size(); ++size) {
      accepted += accepts(*reader, bytes(file.begin(), file.begin() + static_cast<long>(size)));
    }
    // The last few bytes may be padding that nothing refers to.
    EXPECT_LE(accepted, 8) << name;
  }
}

/// Overwrites a few bytes or words, mostly where the tables are: weights are of no interest here.
void spoil(bytes& file, random_source& random) {
  const auto last = static_cast<std::int64_t>(file.size()) - 4;
  for (std::int64_t changes = random.between(1, 4); changes > 0; --changes) {
    std::int64_t at = random.between(0, last);
    if (random.one_in(2)) {
      at = random.one_in(2) ? random.between(0, std::min<std::int64_t>(last, 4096))
                            : random.between(std::max<std::int64_t>(0, last - 65536), last);
    }
    auto word = static_cast<std::uint32_t>(random.any_int32());
    const std::size_t size = random.one_in(2) ? 1 : 4;
    std::memcpy(file.data() + (size == 4 ? at / 4 * 4 : at), &word, size);
  }
}

void expect_messages(const std::filesystem::path& path, int count, std::uint64_t seed) {
  const auto reader = std::make_unique<pipeline>();
  const bytes file = inlay::test::read_file(path);
  random_source random(seed);
  int refused = 0;
  for (int i = 0; i < count; ++i) {
    bytes changed = file;
    spoil(changed, random);
    if (!accepts(*reader, changed)) {
      ++refused;
      EXPECT_GT(reader->found().message().size(), 0U);
    }
  }
  EXPECT_GT(refused, 0) << "nothing was damaged in " << path;
}

TEST(damaged, small_models_changed_at_random_end_in_a_message_or_a_sound_plan) {
  std::uint64_t seed = 1;
  for (const std::string& name : inlay::test::models_in(folder)) {
    expect_messages(folder / (name + ".tflite"), 300, seed++);
  }
}

TEST(damaged, real_models_changed_at_random_end_in_a_message_or_a_sound_plan) {
  const std::filesystem::path shared = inlay::test::shared_folder();
  if (shared.empty()) {
    GTEST_SKIP() << "INLAY_SHARED names no folder with models/";
  }
  std::uint64_t seed = 1000;
  for (const std::string& name : inlay::test::models_in(shared / "models")) {
    expect_messages(shared / "models" / (name + ".tflite"), 340, seed++);
  }
}

} // namespace
