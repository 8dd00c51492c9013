// SPDX-License-Identifier: Apache-2.0
//
// A microcontroller says which character is on a picture: the one that is linked in, or the RGB
// bytes of the file that is named as an argument. The picture comes row by row, as from a camera,
// and is never in memory as a whole. See docs/cortex_m.md.
#include <algorithm>
#include <array>
#include <board/memory.hpp>
#include <board/semihosting.hpp>
#include <board/stack.hpp>
#include <parameters/packed_reader.hpp>
#include <region.hpp>
#include <string_view>

constexpr std::size_t picture_bytes = app::network::input::const_view::size();
extern "C" const std::array<unsigned char, picture_bytes> linked_picture;

namespace {

// Where the linker script puts activations: on-chip memory, fast and scarce.
[[gnu::section(".inlay_arena")]] constinit app::engine::workspace workspace{};

std::int64_t number(std::size_t count) noexcept {
  return static_cast<std::int64_t>(count);
}

/// `camera` is called as camera(row, y).
template <class Camera>
void read_character(Camera camera) noexcept {
  board::paint_stack();
  inlay::emulation::begin_region();
  const auto scores = app::engine::infer(camera, packed_reader, workspace);
  inlay::emulation::end_region();
  const std::size_t stack = board::stack_used();

  const auto* const best = std::max_element(scores.begin(), scores.end());
  const board::memory_use use = board::linked();
  board::print_line("character   ",
                    models::reader::labels[static_cast<std::size_t>(best - scores.begin())]);
  board::print_line("score       ", std::int64_t{*best}, "/256");
  board::print_line("arena       ", number(app::engine::arena_bytes), " bytes");
  board::print_line("stack       ", number(stack), " of ", number(board::stack_bytes()), " bytes");
  board::print_line("parameters  ", number(use.parameters), " bytes");
  board::print_line("code        ", number(use.code), " bytes");
  board::print_line("constants   ", number(use.constants), " bytes");
  board::print_line("variables   ", number(use.variables), " bytes");
}

} // namespace

int main(int count, char** arguments) {
  if (count == 1) {
    read_character([](auto row, int y) noexcept {
      std::copy_n(linked_picture.data() + static_cast<std::size_t>(y) * row.size(), row.size(),
                  row.bytes());
    });
    return 0;
  }
  board::input_file file(arguments[1]);
  bool complete = file.size() == picture_bytes;
  if (complete) {
    read_character([&](auto row, int /*y*/) noexcept {
      complete = file.read({row.bytes(), row.size()}) && complete;
    });
  }
  if (!complete) {
    board::print_line("expected a file of ", number(picture_bytes),
                      " bytes of RGB, found none: ", std::string_view(arguments[1]));
  }
  return complete ? 0 : 1;
}
