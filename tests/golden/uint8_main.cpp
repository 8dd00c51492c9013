// SPDX-License-Identifier: Apache-2.0
#include "run_model.hpp"

#include <models/golden_uint8.hpp>

int main(int count, char** arguments) {
  return inlay::test::write_layers<models::golden_uint8>(count, arguments);
}
