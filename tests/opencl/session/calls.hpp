// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/program/opencl/binding.hpp>

#include <string_view>
#include <vector>

namespace inlay::test {

/// OpenCL's functions, as this program calls them: calls.cpp stands between it and the library.
struct opencl_calls {
  struct call {
    std::string_view name;
    bool blocks = false;
  };

  /// Calls since watch().
  static const std::vector<call>& seen();
  static void watch();

  /// The call number `nth`, from 0, of a function from now on does nothing but fail.
  static void fail(std::string_view name, cl_int code, int nth = 0);
  /// Whether that call was reached; all works again.
  static bool stop_failing();

  /// Devices say that they have this extension; empty: what they have.
  static void pretend(std::string_view extension);

  /// Whether this thread is in OpenCL's library.
  static bool inside() noexcept;
};

} // namespace inlay::test
