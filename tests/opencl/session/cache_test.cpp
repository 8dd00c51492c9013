// SPDX-License-Identifier: Apache-2.0
#include "../../support/files.hpp"
#include "calls.hpp"
#include "tiny_program.hpp"

#include <gtest/gtest.h>

// A binary is taken from the cache only where it is whole and made for this very program and
// device.

namespace {

using namespace inlay;
using opencl::binary_cache;
using test::tiny_session;

class cache : public testing::Test {
protected:
  std::filesystem::path folder = std::filesystem::temp_directory_path() /
                                 ("inlay_cache_test_" + std::to_string(std::random_device{}()));
  std::filesystem::path file{};

  ~cache() override { std::filesystem::remove_all(folder); }

  /// Makes a session, which has to give the right numbers, and says where its kernels come from.
  template <class Program = test::tiny_program>
  opencl::origin use_session(opencl::dot dot = opencl::dot::plain) {
    opencl::session_options options;
    options.cache_folder = folder;
    options.leave_to_driver = false;
    options.dot = dot;
    auto session = opencl_session<Program>::make(-1, options);
    if (!session) {
      ADD_FAILURE() << session.failed().message();
      return {};
    }
    const test::tiny_image image = test::image_of(6);
    test::tiny_scores scores{};
    EXPECT_FALSE(session->infer(image, scores));
    EXPECT_EQ(scores, test::expected_of(image));
    file = session->runner().origin().file;
    return session->runner().origin();
  }

  void change_file(std::size_t offset, char by) const {
    std::vector<unsigned char> all = test::read_file(file);
    ASSERT_LT(offset, all.size());
    all[offset] = static_cast<unsigned char>(all[offset] ^ by);
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(all.data()), static_cast<std::streamsize>(all.size()));
  }
};

struct other_hash : test::tiny_program {
  static constexpr std::uint64_t hash = 8;
};

TEST_F(cache, is_used_the_second_time) {
  const opencl::origin first = use_session();
  EXPECT_FALSE(first.from_cache);
  EXPECT_EQ(first.cache, binary_cache::state::missing);
  EXPECT_EQ(first.note, "");
  const opencl::origin second = use_session();
  EXPECT_TRUE(second.from_cache);
  EXPECT_EQ(second.note, "");
  EXPECT_EQ(first.file, second.file);
}

TEST_F(cache, is_left_to_a_driver_that_has_one) {
  opencl::session_options options;
  options.cache_folder = folder;
  const auto session = tiny_session::make(-1, options);
  ASSERT_TRUE(session) << session.failed().message();
  EXPECT_EQ(std::filesystem::exists(folder), !session->runner().device().keeps_kernels);
}

TEST_F(cache, is_another_for_another_program_or_option) {
  const std::string first = use_session().file;
  EXPECT_NE(first, use_session<other_hash>().file);
  EXPECT_NE(first, use_session(opencl::dot::arm).file);
  EXPECT_TRUE(use_session().from_cache);
}

TEST_F(cache, is_rebuilt_where_it_is_damaged) {
  use_session();
  const auto size = std::filesystem::file_size(file);
  for (const std::size_t offset : {std::size_t{0}, std::size_t{9}, std::size_t{17}, std::size_t{25},
                                   std::size_t{40}, static_cast<std::size_t>(size - 1)}) {
    SCOPED_TRACE(offset);
    change_file(offset, 1);
    const opencl::origin found = use_session();
    EXPECT_FALSE(found.from_cache);
    EXPECT_EQ(found.cache, binary_cache::state::damaged);
    EXPECT_TRUE(use_session().from_cache);
  }
  for (const std::uintmax_t length : {std::uintmax_t{0}, std::uintmax_t{20}, size / 2, size - 1}) {
    SCOPED_TRACE(length);
    std::filesystem::resize_file(file, length);
    EXPECT_EQ(use_session().cache, binary_cache::state::damaged);
    EXPECT_TRUE(use_session().from_cache);
  }
}

TEST_F(cache, is_rebuilt_where_it_is_foreign) {
  const std::string mine = use_session().file;
  const std::string other = use_session<other_hash>().file;
  std::filesystem::copy_file(other, mine, std::filesystem::copy_options::overwrite_existing);
  const opencl::origin found = use_session();
  EXPECT_FALSE(found.from_cache);
  EXPECT_EQ(found.cache, binary_cache::state::foreign);
  EXPECT_TRUE(use_session().from_cache);
}

TEST_F(cache, is_rebuilt_where_the_driver_refuses_it) {
  use_session();
  test::opencl_calls::fail("clCreateProgramWithBinary", CL_INVALID_BINARY);
  const opencl::origin found = use_session();
  EXPECT_TRUE(test::opencl_calls::stop_failing());
  EXPECT_FALSE(found.from_cache);
  EXPECT_EQ(found.cache, binary_cache::state::found);
  EXPECT_NE(found.note.find("CL_INVALID_BINARY"), std::string::npos) << found.note;
}

TEST_F(cache, is_made_after_the_kernels) {
  test::opencl_calls::watch();
  use_session();
  bool kernel = false;
  for (const test::opencl_calls::call& each : test::opencl_calls::seen()) {
    kernel = kernel || each.name == "clCreateKernel";
    EXPECT_TRUE(each.name != "clGetProgramInfo" || kernel);
  }
  EXPECT_TRUE(kernel);
}

TEST_F(cache, that_cannot_be_written_is_no_error) {
  std::ofstream(folder) << "a file";
  const opencl::origin found = use_session();
  EXPECT_FALSE(found.from_cache);
  EXPECT_NE(found.note.find("cannot be written"), std::string::npos) << found.note;
}

} // namespace
