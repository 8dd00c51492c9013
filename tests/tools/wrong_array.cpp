// SPDX-License-Identifier: Apache-2.0
#include <inlay/graph/network.hpp>
#include <inlay/tensor/xtensor.hpp>

using input = inlay::typed_tensor<inlay::tensor_type{inlay::element::uint8, inlay::shape{4, 6, 3},
                                                     inlay::quantization{1.0F / 128, 128}}>;

#ifdef INLAY_FIXED
using array = xt::xtensor_fixed<unsigned char, xt::xshape<4, 6, 3>>;
#else
using array = xt::xtensor_fixed<unsigned char, xt::xshape<6, 4, 3>>;
#endif

auto view(array& picture) {
  return inlay::as_view<input>(picture);
}
