// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/support/require.hpp>

#include <cstdint>
#include <string_view>

namespace inlay::detail {

// What template arguments look like. Names of an embedded model: see tflite::network.
template <class Type>
concept network_like = requires {
  Type::graph;
  Type::layers;
  typename Type::input;
};
template <class Type>
concept model_like = requires {
  Type::data;
  Type::size;
};
template <class Type>
concept target_like = requires {
  Type::name;
  Type::alignment;
  Type::lowering;
};

/// What an engine's target must be for.
enum class runs_on : std::uint8_t { processor, npu, opencl };

template <class Network>
constexpr void check_network(diagnosis& found) {
  if constexpr (network_like<Network>) {
    return;
  } else if constexpr (target_like<Network>) {
    found.fail("the network is missing: the first template argument is a target (", Network::name,
               "), expected a network, and the target after it");
  } else if constexpr (model_like<Network>) {
    found.fail("the first template argument is a model file, expected a network: "
               "inlay::tflite::network<models::NAME> with the model's name");
  } else {
    found.fail("the first template argument is no network, expected inlay::tflite::network, "
               "inlay::network or a family such as inlay::mobilenet_v2");
  }
}

template <class Target, runs_on Kind>
constexpr void check_target(diagnosis& found) {
  constexpr std::string_view expected =
      Kind == runs_on::processor ? "a processor's, such as inlay::targets::native"
      : Kind == runs_on::npu     ? "an NPU's: inlay::targets::ethos_u55 or ethos_u65"
                                 : "OpenCL's: inlay::targets::opencl or mali";
  if constexpr (!target_like<Target>) {
    found.fail("the target is missing: the second template argument is ",
               network_like<Target> ? "a network" : "no target", ", expected ", expected);
  } else {
    constexpr bool is_opencl = requires {
      Target::device;
    };
    constexpr bool is_npu = requires {
      Target::npu;
    };
    // An NPU's target has the kernels of the processor beside it.
    found.expect(Kind == runs_on::processor ? !is_opencl
                 : Kind == runs_on::npu     ? is_npu
                                            : is_opencl,
                 "the target ", Target::name, " is for inlay::",
                 is_opencl ? "opencl_program"
                 : is_npu  ? "ethos_u_engine"
                           : "engine and streamed_engine",
                 ", expected ", expected);
  }
}

/// Complaints about the template arguments of an engine.
template <class Network>
inline constexpr diagnosis network_found = [] {
  diagnosis found;
  check_network<Network>(found);
  return found;
}();
template <class Network, class Target, runs_on Kind = runs_on::processor>
inline constexpr diagnosis arguments_found = [] {
  diagnosis found;
  check_network<Network>(found);
  check_target<Target, Kind>(found);
  return found;
}();

} // namespace inlay::detail
