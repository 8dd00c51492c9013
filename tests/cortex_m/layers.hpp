// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/import/tflite.hpp>
#include <inlay/program/engine.hpp>

#include <algorithm>
#include <array>
#include <board/semihosting.hpp>
#include <new>
#include <string_view>

namespace inlay::test {

/// FOLDER/NAME as the text that a file is opened by.
class path {
public:
  path(std::string_view folder, std::string_view name) noexcept {
    append(folder);
    append("/");
    append(name);
  }
  operator std::string_view() const noexcept { return {text.data(), size}; }

private:
  void append(std::string_view part) noexcept {
    const std::size_t fits = std::min(part.size(), text.size() - size);
    std::copy_n(part.begin(), fits, text.begin() + size);
    size += fits;
  }

  std::array<char, 512> text{};
  std::size_t size = 0;
};

/// "007.bin"
inline path layer_file(std::string_view folder, int index) noexcept {
  std::array<char, 7> name{'0', '0', '0', '.', 'b', 'i', 'n'};
  for (std::size_t digit = 3; digit-- > 0; index /= 10) {
    name[digit] = static_cast<char>('0' + index % 10);
  }
  return {folder, {name.data(), name.size()}};
}

/// Runs a model on a board, and the memory that it needs.
template <class Engine>
class layer_writer {
  using network = typename Engine::network;
  using observed =
      engine<network, typename Engine::target, engine_options{.keep_every_tensor = true}>;
  using image = typename network::input::const_view;
  static_assert(observed::parameters_bytes == Engine::parameters_bytes,
                "inlay: expected a model whose steps are the same when every tensor is kept");

public:
  /// For each pair of arguments INPUT FOLDER: runs the network on the bytes of INPUT and writes
  /// every operator's output as FOLDER/NNN.bin, and as FOLDER/output.bin what `Engine` gives.
  /// Returns the program's exit status.
  int write(int count, char** arguments, const typename Engine::parameters& packed) noexcept {
    for (int i = 1; i + 1 < count; i += 2) {
      if (!board::read_file(arguments[i], input)) {
        board::print_line("expected ", static_cast<std::int64_t>(image::size()), " bytes in ",
                          std::string_view(arguments[i]), ", found another size or no file");
        return 1;
      }
      if (!write_layers(arguments[i + 1], packed) || !write_output(arguments[i + 1], packed)) {
        board::print_line("cannot write to ", std::string_view(arguments[i + 1]));
        return 1;
      }
    }
    return 0;
  }

private:
  bool write_layers(std::string_view folder, const typename Engine::parameters& packed) noexcept {
    auto* const own = new (&memory.all) typename observed::workspace;
    const auto& same = reinterpret_cast<const typename observed::parameters&>(packed);
    bool written = true;
    observed::infer(image::from_bytes(input), same, *own, [&](auto layer, auto view) {
      written = written &&
                board::write_file(layer_file(folder, layer.index), {view.bytes(), view.size()});
    });
    return written;
  }

  bool write_output(std::string_view folder, const typename Engine::parameters& packed) noexcept {
    auto* const own = new (&memory.few) typename Engine::workspace;
    const auto scores = Engine::infer(image::from_bytes(input), packed, *own);
    return board::write_file(path(folder, "output.bin"), {scores.bytes(), scores.size()});
  }

  unsigned char input[image::size()]{};
  union in_turn {
    constexpr in_turn() : all{} {}
    typename observed::workspace all;
    typename Engine::workspace few;
  };
  in_turn memory;
};

} // namespace inlay::test
