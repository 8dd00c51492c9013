// SPDX-License-Identifier: Apache-2.0
#include <inlay/program/dispatch.hpp>
#include <inlay/targets/architectures.hpp>

#include <gtest/gtest.h>

namespace {

using namespace inlay::targets;

TEST(tags, what_dispatch_knows_is_the_list_of_tags_from_the_best_on) {
  const auto sets = inlay::instruction_sets();
  std::size_t at = 0;
  unsigned version = ~0U;
  tag::architectures::for_each([&](auto arch) {
    using each = decltype(arch);
    ASSERT_LT(at, sets.size());
    EXPECT_EQ(sets[at].name, each::name());
    EXPECT_EQ(sets[at].supported(), each::available());
    EXPECT_LT(each::version(), version) << each::name();
    version = each::version();
    ++at;
  });
  EXPECT_EQ(at, sets.size());
  EXPECT_TRUE(tag::reference::available());
}

// A processor with these, if Present, for has_instructions().
template <bool Present, class Base, class List>
struct invented : tag::derived<invented<Present, Base, List>, Base, List> {
  static bool has_instructions() noexcept { return Present; }
};

/// An architecture that xsimd's dispatch never takes, unless it is the last of a list: its version
/// is above all (8.1), and nobody has it (14).
#if defined(__x86_64__)
struct missing : xsimd::avx512bw {
  static constexpr unsigned version() noexcept { return ~0U; }
};

TEST(tags, both_xsimd_and_the_tag_are_asked) {
  using found = xsimd::arch_list<xsimd::sse2, tag::reference>;
  // Every x86-64 processor has SSE2; xsimd 8.1 takes a bit of its neighbor for it.
  const bool has = tag::detail::is_found<xsimd::sse2, found>();
  EXPECT_EQ((invented<true, xsimd::sse2, found>::available()), has);
  EXPECT_FALSE((invented<false, xsimd::sse2, found>::available()));
#if XSIMD_VERSION_MAJOR < 14
  using not_found = xsimd::arch_list<missing, tag::reference>;
  EXPECT_FALSE((invented<true, missing, not_found>::available()));
#endif
}

TEST(tags, derive_from_the_architectures_of_xsimd) {
  EXPECT_TRUE((std::is_base_of_v<xsimd::avx512bw, tag::avx512_vnni>));
  EXPECT_TRUE((std::is_base_of_v<xsimd::fma3<xsimd::avx2>, tag::avx_vnni>));
  EXPECT_TRUE((std::is_base_of_v<xsimd::fma3<xsimd::avx2>, tag::avx2>));
  EXPECT_TRUE((std::is_base_of_v<xsimd::sse4_1, tag::sse41>));
  EXPECT_EQ(tag::avx512_vnni::alignment(), 64U);
}
#endif

} // namespace
