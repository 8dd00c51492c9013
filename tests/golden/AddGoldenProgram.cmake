# SPDX-License-Identifier: Apache-2.0
include_guard()
find_package(Threads REQUIRED)

# The kernel sets that golden tests run, unless the includer has said so. Sanitizers look at the
# vector kernels in tests/simd; here they would take minutes to compile.
if(NOT inlay_golden_sets)
  inlay_find_runnable_sets(inlay_golden_sets inlay_golden_sets_left_out)
  if(INLAY_SANITIZE)
    set(inlay_golden_sets reference)
    set(inlay_golden_sets_left_out "")
  endif()
endif()

# inlay_add_golden_program(<name> <model>)
#
# A program that writes every operator's output of a model that inlay_add_model has made, with each
# of inlay_golden_sets (see golden_main.cpp).
function(inlay_add_golden_program name model)
  inlay_add_network(${name}_deployed ${model} TARGETS ${inlay_golden_sets} OBSERVED)
  set(include "${CMAKE_CURRENT_BINARY_DIR}/${name}_networks")
  file(CONFIGURE OUTPUT "${include}/networks/golden.hpp" @ONLY CONTENT [[
#include <networks/@name@_deployed.hpp>
namespace networks {
using deployed = @name@_deployed;
using observed = @name@_deployed_observed;
}
]])
  add_executable(${name} "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/golden_main.cpp")
  target_include_directories(${name} PRIVATE "${include}")
  target_link_libraries(${name} PRIVATE inlay::own ${name}_deployed Threads::Threads)
endfunction()
