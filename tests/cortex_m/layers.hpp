// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/import/tflite.hpp>
#include <inlay/program/engine.hpp>
#include <inlay/program/streamed_engine.hpp>

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

/// Runs a model on a board in three ways, and the memory that they take turns in: with every tensor
/// kept, streamed from an image in the arena, and streamed from a camera with rows recomputed.
template <class Engine>
class layer_writer {
  using network = typename Engine::network;
  using target = typename Engine::target;
  using observed = engine<network, target, engine_options{.keep_every_tensor = true}>;
  using from_arena =
      streamed_engine<network, target, streamed_options{.image = image_source::arena}>;
  using from_camera =
      streamed_engine<network, target,
                      streamed_options{.image = image_source::rows, .recomputation = 15}>;
  using image = typename network::input::const_view;
  using packed = typename Engine::parameters;

public:
  /// For each pair of arguments INPUT FOLDER: runs the network on the bytes of INPUT and writes
  /// every operator's output as FOLDER/NNN.bin, and the streamed engines' as FOLDER/output.bin.
  /// Without arguments prints the arenas. Returns the program's exit status.
  int write(int count, char** arguments, const packed& parameters) noexcept {
    if (count == 1) {
      print_arena<Engine>("stored");
      print_arena<from_arena>("streamed");
      print_arena<from_camera>("rows");
    }
    for (int i = 1; i + 1 < count; i += 2) {
      if (!board::read_file(arguments[i], input)) {
        board::print_line("expected ", static_cast<std::int64_t>(image::size()), " bytes in ",
                          std::string_view(arguments[i]), ", found another size or no file");
        return 1;
      }
      const std::string_view folder = arguments[i + 1];
      if (!write_layers(folder, parameters) ||
          !board::write_file(path(folder, "output.bin"), streamed_output(parameters))) {
        board::print_line("cannot write to ", folder);
        return 1;
      }
      if (!camera_agrees(parameters)) {
        board::print_line("the image by rows gives another output");
        return 1;
      }
    }
    return 0;
  }

private:
  template <class Which>
  static void print_arena(std::string_view name) noexcept {
    board::print_line(name, " ", static_cast<std::int64_t>(Which::arena_bytes));
  }

  /// What was packed for one of a network's engines on this target fits all of them.
  template <class Which>
  static const typename Which::parameters& as(const packed& parameters) noexcept {
    static_assert(Which::parameters_bytes == Engine::parameters_bytes);
    return reinterpret_cast<const typename Which::parameters&>(parameters);
  }

  template <class Which>
  typename Which::workspace& clear() noexcept {
    return *new (memory) typename Which::workspace;
  }

  bool write_layers(std::string_view folder, const packed& parameters) noexcept {
    bool written = true;
    observed::infer(image::from_bytes(input), as<observed>(parameters), clear<observed>(),
                    [&](auto layer, auto view) {
                      written = written && board::write_file(layer_file(folder, layer.index),
                                                             {view.bytes(), view.size()});
                    });
    return written;
  }

  std::span<const unsigned char> streamed_output(const packed& parameters) noexcept {
    auto& own = clear<from_arena>();
    std::copy_n(input, sizeof input, from_arena::input(own).bytes());
    const auto scores = from_arena::infer(as<from_arena>(parameters), own);
    std::copy_n(scores.bytes(), scores.size(), output);
    return output;
  }

  bool camera_agrees(const packed& parameters) noexcept {
    const auto camera = [this](auto row, int y) noexcept {
      const std::size_t bytes = row.size();
      std::copy_n(input + static_cast<std::size_t>(y) * bytes, bytes, row.bytes());
    };
    const auto scores =
        from_camera::infer(camera, as<from_camera>(parameters), clear<from_camera>());
    return std::equal(output, output + sizeof output, scores.bytes());
  }

  static constexpr std::size_t most =
      std::max({sizeof(typename observed::workspace), sizeof(typename from_arena::workspace),
                sizeof(typename from_camera::workspace)});
  unsigned char input[image::size()]{};
  unsigned char output[network::template output<>::const_view::size()]{};
  alignas(64) unsigned char memory[most]{};
};

} // namespace inlay::test
