// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "network.hpp"
#include "options.hpp"
#include "profile.hpp"

#include <memory>

namespace app {

/// What runs the network: the processor or another device.
class network_runner {
public:
  using scores = network::output<>::const_view;

  network_runner() = default;
  network_runner(const network_runner&) = delete;
  network_runner& operator=(const network_runner&) = delete;
  virtual ~network_runner() = default;

  /// One inference; what it gives is valid until the next. Throws user_error.
  virtual scores infer(const image& given) = 0;
  /// When each kernel of one inference ran. Throws user_error where that cannot be known.
  virtual std::vector<kernel_span> profile(const image& given) = 0;
  /// Where it runs, for people.
  [[nodiscard]] virtual std::string name() const = 0;
};

/// On the device that is asked for. Throws user_error, also where this program is built without
/// OpenCL.
std::unique_ptr<network_runner> open_opencl(const classify_options& wishes);

/// A line for each OpenCL device, as --device numbers them. Throws user_error.
void list_opencl_devices();

} // namespace app
