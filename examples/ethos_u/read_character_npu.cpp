// SPDX-License-Identifier: Apache-2.0
//
// A microcontroller with an Ethos-U55 says which character is on a picture: the one that is linked
// in, or the RGB bytes of the file that is named as an argument. See docs/ethos_u.md.
#include <inlay/program/ethos_u_driver.hpp>

#include <algorithm>
#include <array>
#include <board/memory.hpp>
#include <board/semihosting.hpp>
#include <board/stack.hpp>
#include <parameters/packed_reader_npu.hpp>
#include <string_view>

namespace {

using engine = packed_reader_npu_engine;
using picture = std::array<unsigned char, engine::network::input::const_view::size()>;

// Where the linker script puts activations: on-chip memory that the NPU can read and write.
[[gnu::section(".inlay_arena")]] constinit engine::workspace workspace{};
[[gnu::section(".inlay_arena")]] constinit picture from_file{};

std::int64_t number(std::size_t count) noexcept {
  return static_cast<std::int64_t>(count);
}

/// @return the exit status
int read_character(const picture& image) noexcept {
  board::paint_stack();
  const auto result =
      engine::infer(inlay::ethos_u::core_driver(), packed_reader_npu, workspace, image);
  const std::size_t stack = board::stack_used();
  if (!result) {
    board::print_line("the inference failed: ", name_of(inlay::ethos_u::status_of(result.status)));
    return 1;
  }
  const auto scores = result.output;
  const auto* const best = std::max_element(scores.begin(), scores.end());
  board::print_line("character   ",
                    models::reader::labels[static_cast<std::size_t>(best - scores.begin())]);
  board::print_line("score       ", std::int64_t{*best}, "/256");
  board::print_line("operations  ", std::int64_t{engine::operations}, " of the NPU");
  board::print_line("commands    ", number(engine::stream_bytes), " bytes");
  board::print_line("weights     ", number(engine::constants_bytes), " bytes, with scales");
  board::print_line("arena       ", number(engine::arena_bytes), " bytes");
  board::print_line("stack       ", number(stack), " of ", number(board::stack_bytes()), " bytes");
  board::print_line("code        ", number(board::linked().code), " bytes");
  return 0;
}

} // namespace

extern "C" const picture linked_picture;

int main(int count, char** arguments) {
  if (count == 1) {
    return read_character(linked_picture);
  }
  if (!board::read_file(arguments[1], from_file)) {
    board::print_line("expected a file of ", number(from_file.size()),
                      " bytes of RGB, found none: ", std::string_view(arguments[1]));
    return 1;
  }
  return read_character(from_file);
}
