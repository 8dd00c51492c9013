# SPDX-License-Identifier: Apache-2.0
cmake_minimum_required(VERSION 3.22)
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/InlayAddModel.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/InlayDispatch.cmake")

# inlay_add_network(<name> <model> [TARGETS <target>...] [OBSERVED])
#
# Compiles a model once for each of several instruction sets, of which the program takes the best
# at run time. <model> is a .tflite file, or what inlay_add_model has made. Makes the static library
# <name>. What links to it can include <networks/NAME.hpp>, which holds the type networks::NAME:
# `network`, the model's network type, and `kernel_sets()` for inlay::dispatch. Needs xsimd.
#
# TARGETS are names of inlay::targets; without it, all of the processor's family. With OBSERVED there
# is networks::NAME_observed too, in which taps see every operator's output; both share code.
#
#   inlay_add_network(mobilenet mobilenet_v2.tflite TARGETS avx512_vnni avx2 reference)
#   target_link_libraries(app PRIVATE mobilenet)
function(inlay_add_network name model)
  set(who "inlay_add_network(${name})")
  cmake_parse_arguments(PARSE_ARGV 2 arg "OBSERVED" "" "TARGETS")
  if(DEFINED arg_UNPARSED_ARGUMENTS OR DEFINED arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR
      "${who}: expected <name> <model> [TARGETS <target>...] [OBSERVED], found too much or "
      "too little: ${arg_UNPARSED_ARGUMENTS} ${arg_KEYWORDS_MISSING_VALUES}\n"
      "Example: inlay_add_network(mobilenet mobilenet_v2.tflite TARGETS avx2 reference)")
  endif()
  if(NOT CMAKE_OBJCOPY OR NOT CMAKE_NM)
    message(FATAL_ERROR "${who}: expected nm and objcopy, which keep the kernel sets apart, found "
                        "none. Install binutils, or set CMAKE_NM and CMAKE_OBJCOPY.")
  endif()
  _inlay_check_identifier("${who}" "${name}")
  if(TARGET ${name})
    message(FATAL_ERROR "${who}: expected a new target name, found that the target ${name} "
                        "exists already. Give the network another name.")
  endif()
  _inlay_need_dispatch("${who}")
  if(NOT TARGET ${model})
    inlay_add_model(${name}_model "${model}")
    set(model ${name}_model)
  endif()
  get_target_property(type ${model} INLAY_MODEL_TYPE)
  if(NOT type)
    message(FATAL_ERROR "${who}: expected a .tflite file or a target that inlay_add_model has "
                        "made, found the target ${model}.")
  endif()
  if(NOT arg_TARGETS)
    _inlay_default_instruction_sets(arg_TARGETS)
  endif()
  list(REMOVE_DUPLICATES arg_TARGETS)

  # The model's bytes are in all of the objects; those keep their name, so that the linker keeps one.
  string(REPLACE "::" ";" parts "${type}")
  set(bytes "_ZN")
  foreach(part IN LISTS parts)
    string(LENGTH "${part}" length)
    string(APPEND bytes "${length}${part}")
  endforeach()
  string(APPEND bytes "4dataE")

  set(include "${CMAKE_CURRENT_BINARY_DIR}/inlay_networks")
  get_target_property(header ${model} INLAY_MODEL_HEADER)
  set(kinds ${name})
  set(keeps_every_tensor_in_${name} false)
  if(arg_OBSERVED)
    list(APPEND kinds ${name}_observed)
    set(keeps_every_tensor_in_${name}_observed true)
  endif()
  set(objects "")
  set(declarations "")
  set(list "")
  foreach(set IN LISTS arg_TARGETS)
    _inlay_instruction_set("${who}" "${set}" target_header flags)
    string(APPEND declarations "extern const inlay::kernel_set ${set};\n")
    string(APPEND list "&${set}, ")
    set(source "${include}/${name}_${set}.cpp")
    set(made "")
    foreach(kind IN LISTS kinds)
      set(keep ${keeps_every_tensor_in_${kind}})
      string(CONFIGURE [[

namespace networks::kernel_sets_of_@kind@ {
extern const inlay::kernel_set @set@;
constinit const inlay::kernel_set @set@ =
    inlay::make_kernel_set<inlay::tflite::network<@type@>, inlay::targets::@set@, @keep@>();
} // namespace networks::kernel_sets_of_@kind@
]] one @ONLY)
      string(APPEND made "${one}")
    endforeach()
    file(CONFIGURE OUTPUT "${source}" @ONLY CONTENT [[
// Made by inlay_add_network.
#include <inlay/import/tflite.hpp>
#include <inlay/program/make_kernel_set.hpp>
#include <@target_header@>
#include <@header@>
@made@]])
    add_library(${name}_${set} OBJECT "${source}")
    target_link_libraries(${name}_${set} PRIVATE ${model})
    target_compile_options(${name}_${set} PRIVATE ${flags} -fno-lto -fno-exceptions -fno-rtti)
    set(object "${include}/${name}_${set}${CMAKE_CXX_OUTPUT_EXTENSION}")
    set(script "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/InlayKeepApart.cmake")
    add_custom_command(
      OUTPUT "${object}"
      COMMAND "${CMAKE_COMMAND}" "-DNM=${CMAKE_NM}" "-DOBJCOPY=${CMAKE_OBJCOPY}"
              "-DOBJECT=$<TARGET_OBJECTS:${name}_${set}>" "-DSUFFIX=${set}" "-DSHARED=${bytes}"
              "-DOUTPUT=${object}" -P "${script}"
      DEPENDS ${name}_${set} "$<TARGET_OBJECTS:${name}_${set}>" "${script}"
      COMMENT "Keeping ${name} for ${set} apart"
      VERBATIM)
    list(APPEND objects "${object}")
  endforeach()

  set(types "")
  set(definitions "")
  foreach(kind IN LISTS kinds)
    string(CONFIGURE [[

/// One network and the kernel sets that it is compiled for.
struct @kind@ {
  using model = @type@;
  using network = inlay::tflite::network<model>;
  static inlay::kernel_sets kernel_sets() noexcept;
};
]] one @ONLY)
    string(APPEND types "${one}")
    string(CONFIGURE [[

namespace networks {
namespace kernel_sets_of_@kind@ {
@declarations@
constexpr const inlay::kernel_set* all[] = {@list@};
} // namespace kernel_sets_of_@kind@

inlay::kernel_sets @kind@::kernel_sets() noexcept {
  return kernel_sets_of_@kind@::all;
}
} // namespace networks
]] one @ONLY)
    string(APPEND definitions "${one}")
  endforeach()
  file(CONFIGURE OUTPUT "${include}/networks/${name}.hpp" @ONLY CONTENT [[
// Made by inlay_add_network.
#pragma once

#include <inlay/import/tflite.hpp>
#include <inlay/program/dispatch.hpp>
#include <@header@>

namespace networks {
@types@
} // namespace networks
]])
  file(CONFIGURE OUTPUT "${include}/${name}_sets.cpp" @ONLY CONTENT [[
// Made by inlay_add_network.
#include <networks/@name@.hpp>
@definitions@]])
  add_library(${name} STATIC "${include}/${name}_sets.cpp" ${objects})
  target_link_libraries(${name} PUBLIC ${model} inlay_dispatch)
  target_include_directories(${name} SYSTEM PUBLIC "${include}")
endfunction()

# The header and the compiler flags of a target of inlay::targets.
function(_inlay_instruction_set who name out_header out_flags)
  set(avx2 -mavx2 -mfma)
  set(x86 avx512_vnni avx_vnni avx2 sse41)
  set(flags_of_avx512_vnni ${avx2} -mavx512f -mavx512cd -mavx512bw -mavx512dq -mavx512vl -mavx512vnni)
  set(flags_of_avx_vnni ${avx2} -mavxvnni)
  set(flags_of_avx2 ${avx2})
  set(flags_of_sse41 -msse4.1)
  set(arm i8mm dotprod neon armv7)
  set(flags_of_i8mm -march=armv8.2-a+dotprod+i8mm)
  set(flags_of_dotprod -march=armv8.2-a+dotprod)
  set(flags_of_neon -march=armv8-a)
  set(flags_of_armv7 -march=armv7-a -mfpu=neon)
  if(name STREQUAL "reference")
    set(${out_header} inlay/targets/reference.hpp PARENT_SCOPE)
  elseif(name IN_LIST arm)
    set(${out_header} inlay/targets/arm.hpp PARENT_SCOPE)
  elseif(name IN_LIST x86)
    set(${out_header} inlay/targets/x86.hpp PARENT_SCOPE)
  else()
    message(FATAL_ERROR "${who}: expected one of the targets ${x86} ${arm} reference, found \"${name}\".")
  endif()
  set(${out_flags} "${flags_of_${name}}" PARENT_SCOPE)
endfunction()

# All targets of the processor's family, the fastest first.
function(_inlay_default_instruction_sets out)
  set(sets reference)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
    set(sets avx512_vnni avx_vnni avx2 sse41 reference)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64|ARM64)$")
    set(sets i8mm dotprod neon reference)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^armv(7|8)")
    set(sets armv7 reference)
  endif()
  set(${out} "${sets}" PARENT_SCOPE)
endfunction()

# cmake -DISA=avx2 -P InlayAddNetwork.cmake: prints the compiler flags; without ISA, all names.
if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  cmake_host_system_information(RESULT CMAKE_SYSTEM_PROCESSOR QUERY OS_PLATFORM)
  if(ISA)
    _inlay_instruction_set("ISA" "${ISA}" unused printed)
  else()
    _inlay_default_instruction_sets(printed)
  endif()
  list(JOIN printed " " printed)
  execute_process(COMMAND "${CMAKE_COMMAND}" -E echo "${printed}")
endif()
