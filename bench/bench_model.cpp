// SPDX-License-Identifier: Apache-2.0
//
// One model. INLAY_NETWORK_HEADER and INLAY_NETWORK are what inlay_add_network has made,
// INLAY_MODEL_NAME is what people call it.
#include "model.hpp"

#include INLAY_NETWORK_HEADER

namespace {

using network = INLAY_NETWORK;

const bool added = [] {
  bench::models().push_back({.name = INLAY_MODEL_NAME,
                             .file = {network::model::data, network::model::size},
                             .sets = network::kernel_sets()});
  return true;
}();

} // namespace
