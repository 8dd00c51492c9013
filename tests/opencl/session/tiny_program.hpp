// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/inlay.hpp>
#include <inlay/program/opencl_session.hpp>

namespace inlay::test {

/// A program written by hand, for a network of one operator, which two launches compute: bytes
/// become signed by a bit of theirs.
struct tiny_program {
  using network =
      inlay::network<inlay::input<shape{4, 4, 2}, element::uint8, quantization{0.5F, 128}>,
                     quantize<element::int8, quantization{0.5F, 0}>>;
  static constexpr std::string_view source = R"(
kernel void move(global uchar* arena, global const uchar* parameters, int from, int to) {
  arena[to + get_global_id(0)] = arena[from + get_global_id(0)];
}
kernel __attribute__((reqd_work_group_size(8, 1, 1)))
void flip(global uchar* arena, global const uchar* parameters, int from, int to) {
  arena[to + get_global_id(0)] = arena[from + get_global_id(0)] ^ parameters[5];
}
)";
  static constexpr std::array<opencl::launch, 2> launches{
      opencl::launch{"move", {32, 1, 1}, {0, 0, 0}, {0, 64}, 2, 0},
      opencl::launch{"flip", {32, 1, 1}, {8, 1, 1}, {64, 16}, 2, 0}};
  static constexpr std::size_t arena_bytes = 96;
  static constexpr std::size_t parameters_bytes = 6;
  static constexpr std::int64_t input_offset = 0;
  /// It begins in the input.
  static constexpr std::int64_t output_offset(int /*index*/) { return 16; }
  static constexpr std::uint64_t hash = 7;
  struct parameters {
    unsigned char packed[6];
  };
  static void prepare(parameters& packed) noexcept { packed.packed[5] = 0x80; }
};

using tiny_session = opencl_session<tiny_program>;
using tiny_image = std::array<std::uint8_t, 32>;
using tiny_scores = std::array<std::int8_t, 32>;

inline tiny_image image_of(int seed) {
  tiny_image image{};
  for (std::size_t i = 0; i < image.size(); ++i) {
    image[i] = static_cast<std::uint8_t>(static_cast<int>(i) * 37 + seed);
  }
  return image;
}

/// What the reference computes.
inline tiny_scores expected_of(const tiny_image& image) {
  using engine = inlay::engine<tiny_program::network, targets::reference>;
  engine::workspace memory;
  tiny_scores scores{};
  const auto view = engine::infer(image, memory);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    scores[i] = view[i];
  }
  return scores;
}

/// Without a cache.
inline opencl::session_options no_cache() {
  opencl::session_options options;
  options.cache_folder.clear();
  return options;
}

} // namespace inlay::test
