// SPDX-License-Identifier: Apache-2.0
//
// The forms that the inspector reports of Cortex-M are those that are packed.
#include <inlay/import/tflite.hpp>
#include <inlay/kernels/portable/forms.hpp>
#include <inlay/program/engine.hpp>
#include <inlay/targets/cortex_m.hpp>

#include <models/packing_dead_channels.hpp>

#include <gtest/gtest.h>
#include <vector>

namespace {

using target = inlay::targets::cortex_m<inlay::targets::core::m7>;
using engine = inlay::engine<inlay::tflite::network<models::packing_dead_channels>, target>;

template <auto Step, class Places>
inlay::forms packed_forms(const inlay::layer_constants& layer, const Places& places) {
  using inlay::kernels::portable::channel_constants;
  std::vector<unsigned char> packed(target::packed_bytes<Step>);
  target::pack<Step>({&layer, 1}, packed.data());
  inlay::forms found{0, Step.out.channels};
  for (std::int32_t c = 0; c < found.all; ++c) {
    const auto code = inlay::kernels::portable::packed_channel(places, packed.data(), c).code;
    found.exact += (code & channel_constants::careful) == 0 ? 1 : 0;
  }
  return found;
}

TEST(Forms, OfCortexMAreThoseThatArePacked) {
  int careful = 0;
  const auto check = [&]<int Index>(std::integral_constant<int, Index>) {
    constexpr const auto& what = engine::schedule[Index].what;
    if constexpr (what.template is<inlay::step::convolution>()) {
      constexpr auto step = what.template as<inlay::step::convolution>();
      const inlay::layer_constants& layer = engine::schedule[Index].layers[0];
      const auto places = inlay::kernels::portable::packed_convolution::of(
          inlay::kernels::portable::shape_of<step>);
      const inlay::forms packed = packed_forms<step>(layer, places);
      const inlay::forms found = inlay::kernels::portable::forms_of(what, layer);
      EXPECT_EQ(found.exact, packed.exact);
      EXPECT_EQ(found.all, packed.all);
      careful += found.all - found.exact;
    }
  };
  [&]<int... Index>(std::integer_sequence<int, Index...>) {
    (check(std::integral_constant<int, Index>{}), ...);
  }
  (std::make_integer_sequence<int, engine::schedule.step_count>{});
  EXPECT_GT(careful, 0);
}

} // namespace
