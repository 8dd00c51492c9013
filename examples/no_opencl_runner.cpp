// SPDX-License-Identifier: Apache-2.0
#include "network_runner.hpp"

namespace app {

namespace {

constexpr const char* complaint =
    "this program was built without OpenCL; configure with -DINLAY_OPENCL=ON, which needs OpenCL's "
    "C++ bindings (Debian: apt-get install ocl-icd-opencl-dev opencl-clhpp-headers)";

} // namespace

std::unique_ptr<network_runner> open_opencl(const classify_options& /*wishes*/) {
  throw user_error(complaint);
}

void list_opencl_devices() {
  throw user_error(complaint);
}

} // namespace app
