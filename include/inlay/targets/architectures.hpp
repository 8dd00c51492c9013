// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/targets/dispatch_arm.hpp>
#include <inlay/targets/dispatch_x86.hpp>

#if !defined(__x86_64__) && !defined(__i386__) && !defined(__aarch64__) && !defined(__arm__)
namespace inlay::targets::tag {
using architectures = xsimd::arch_list<reference>;
} // namespace inlay::targets::tag
#endif
