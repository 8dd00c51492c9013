// SPDX-License-Identifier: Apache-2.0
//
// A microcontroller says which character is on a picture: the one that is linked in, or the RGB
// bytes of the file that is named as an argument. See docs/cortex_m.md.
#include <algorithm>
#include <array>
#include <board/memory.hpp>
#include <board/semihosting.hpp>
#include <board/stack.hpp>
#include <parameters/packed_reader.hpp>
#include <region.hpp>
#include <string_view>

extern "C" const std::array<unsigned char, app::network::input::const_view::size()> linked_picture;

namespace {

using image = app::network::input::const_view;

// Where the linker script puts activations: on-chip memory, fast and scarce.
[[gnu::section(".inlay_arena")]] constinit app::engine::workspace workspace{};
[[gnu::section(".inlay_arena")]] constinit std::array<unsigned char, image::size()> loaded{};

std::int64_t number(std::size_t count) noexcept {
  return static_cast<std::int64_t>(count);
}

} // namespace

int main(int count, char** arguments) {
  const unsigned char* picture = linked_picture.data();
  if (count > 1) {
    if (!board::read_file(arguments[1], loaded)) {
      board::print_line("expected a file of ", number(loaded.size()),
                        " bytes of RGB, found none: ", std::string_view(arguments[1]));
      return 1;
    }
    picture = loaded.data();
  }

  board::paint_stack();
  inlay::emulation::begin_region();
  const auto scores = app::engine::infer(image::from_bytes(picture), packed_reader, workspace);
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
  return 0;
}
