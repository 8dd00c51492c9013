// SPDX-License-Identifier: Apache-2.0
#include "reader_streams.hpp"

#include "../../stream/run_streamed.hpp"

#include <inlay/program/ethos_u_engine.hpp>

#include <models/ethos_u_checked.hpp>

#include <array>
#include <memory>
#include <stdexcept>

namespace inlay::test::npu_model {
namespace {

using reader = tflite::network<models::ethos_u_checked>;

/// A driver that keeps what it is given and computes nothing.
class capturing_driver {
public:
  explicit capturing_driver(captured& into) : into_(into) {}

  int invoke(const void* payload, int size, std::uint64_t* bases, const std::size_t* sizes,
             int) noexcept {
    const auto keep = [](const void* from, std::size_t bytes) {
      const auto* first = static_cast<const std::byte*>(from);
      return std::vector<std::byte>(first, first + bytes);
    };
    into_.payload = keep(payload, static_cast<std::size_t>(size));
    into_.constants = keep(reinterpret_cast<const void*>(bases[0]), sizes[0]);
    into_.arena = keep(reinterpret_cast<const void*>(bases[1]), sizes[1]);
    return 1; // nothing was computed, so that nothing is made of it
  }

private:
  captured& into_;
};

constexpr ethos_u_options uncopied{.constants_in = constants_memory::sram};

template <class Target, ethos_u_options Options = uncopied>
captured capture() {
  using engine = ethos_u_engine<reader, Target, Options>;
  captured result;
  capturing_driver driver(result);
  const auto memory = filled_workspace<engine>(0x55);
  const auto constants = std::make_unique<typename engine::constants>();
  if (!engine::prepare(*constants)) {
    throw std::runtime_error("the constants are not for an NPU");
  }
  result.image_bytes = static_cast<std::int64_t>(reader::input::const_view::size());
  const bytes image = random_image(reader::input::const_view::size(), 1);
  (void)engine::infer(driver, *constants, *memory,
                      reader::input::const_view::from_bytes(image.data()));
  return result;
}

} // namespace

const captured& reader_stream(std::size_t npu) {
  static const std::array<captured, machines.size()> all{
      capture<targets::ethos_u55<32>>(),  capture<targets::ethos_u55<64>>(),
      capture<targets::ethos_u55<128>>(), capture<targets::ethos_u55<256>>(),
      capture<targets::ethos_u65<256>>(), capture<targets::ethos_u65<512>>()};
  return all.at(npu);
}

const captured& cascaded_reader_stream() {
  static const captured stream =
      capture<targets::ethos_u55<128>,
              ethos_u_options{.cascades = true, .constants_in = constants_memory::sram}>();
  return stream;
}

const std::vector<captured>& copying_reader_streams() {
  constexpr ethos_u_options copied{.constants_in = constants_memory::flash};
  constexpr ethos_u_options cascaded{.cascades = true, .constants_in = constants_memory::flash};
  static const std::vector<captured> all{capture<targets::ethos_u55<128>, copied>(),
                                         capture<targets::ethos_u65<256>, copied>(),
                                         capture<targets::ethos_u55<128>, cascaded>()};
  return all;
}

} // namespace inlay::test::npu_model
