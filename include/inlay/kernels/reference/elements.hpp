// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/element.hpp>
#include <inlay/tensor/bytes.hpp>

namespace inlay::kernels::reference {

/// Element `index` of a quantized tensor.
template <element Type>
constexpr std::int32_t read(const unsigned char* tensor, std::int64_t index) noexcept {
  return load<element_t<Type>>(tensor + index);
}

/// Stores `value`, which must be in the type's range, as element `index` of a quantized tensor.
template <element Type>
constexpr void write(unsigned char* tensor, std::int64_t index, std::int32_t value) noexcept {
  store(tensor + index, static_cast<element_t<Type>>(value));
}

} // namespace inlay::kernels::reference
