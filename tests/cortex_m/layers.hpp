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

/// The two engines of a model, and the memory that they take turns in.
template <class Model, class Target>
struct layer_writer {
  using network = tflite::network<Model>;
  using observed = engine<network, Target, engine_options{.keep_every_tensor = true}>;
  using deployed = engine<network, Target>;
  using image = typename network::input::const_view;

  unsigned char input[image::size()]{};
  union {
    typename observed::workspace all{};
    typename deployed::workspace few;
  };

  /// For each pair of arguments INPUT FOLDER: runs the network on the bytes of INPUT and writes
  /// every operator's output as FOLDER/NNN.bin, and as FOLDER/output.bin what the engine that one
  /// would deploy gives. Returns the program's exit status.
  int write(int count, char** arguments) noexcept;
};

template <class Model, class Target>
int layer_writer<Model, Target>::write(int count, char** arguments) noexcept {
  bool written = true;
  for (int i = 1; i + 1 < count; i += 2) {
    if (!board::read_file(arguments[i], input)) {
      board::print_line("expected ", static_cast<std::int64_t>(image::size()), " bytes in ",
                        std::string_view(arguments[i]), ", found another size or no file");
      return 1;
    }
    const std::string_view folder = arguments[i + 1];
    auto* const memory = new (&all) typename observed::workspace;
    observed::infer(image::from_bytes(input), *memory, [&](auto layer, auto view) {
      written = written &&
                board::write_file(layer_file(folder, layer.index), {view.bytes(), view.size()});
    });
    auto* const less = new (&few) typename deployed::workspace;
    const auto scores = deployed::infer(image::from_bytes(input), *less);
    written =
        written && board::write_file(path(folder, "output.bin"), {scores.bytes(), scores.size()});
    if (!written) {
      board::print_line("cannot write to ", folder);
      return 1;
    }
  }
  return 0;
}

} // namespace inlay::test
