// SPDX-License-Identifier: Apache-2.0
#include "../golden/run_model.hpp"

#include <inlay/models/mobilenet_v2.hpp>

#include <models/reader_model.hpp>

namespace {

using network = inlay::tflite::network<models::reader_model>;
using family = inlay::mobilenet_v2<0.35, 96, 35>;

static_assert(network::input::shape == inlay::shape{96, 96, 3});
static_assert(network::input::element == inlay::element::uint8);
static_assert(network::output<>::shape == inlay::shape{35});
static_assert(models::reader_model::labels.size() == 35);
static_assert(network::counts == family::counts, "the reader is MobileNetV2 of width 0.35");

} // namespace

int main(int count, char** arguments) {
  return inlay::test::write_layers<models::reader_model>(count, arguments);
}
