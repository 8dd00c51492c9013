# SPDX-License-Identifier: Apache-2.0
cmake_minimum_required(VERSION 3.22)
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/InlayModelHeader.cmake")

# inlay_add_model(<target> <file.tflite> [LABELS <file>] [NAMESPACE <namespace>])
#
# Makes the interface library <target>. What links to it can include <models/TARGET.hpp>, which
# holds the file as the type models::TARGET (or NAMESPACE::TARGET): its `name`, `size`, `data` and
# `labels` (one a line in the file, in class order; empty without LABELS). The header is written
# anew by the build when the file or the labels change.
#
#   inlay_add_model(mobilenet_v2 mobilenet_v2.tflite LABELS imagenet_labels.txt)
#   target_link_libraries(app PRIVATE mobilenet_v2)
function(inlay_add_model target model)
  set(who "inlay_add_model(${target})")
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "LABELS;NAMESPACE" "")
  if(DEFINED arg_UNPARSED_ARGUMENTS OR DEFINED arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR
      "${who}: expected <target> <file.tflite> [LABELS <file>] [NAMESPACE <namespace>], found "
      "too much or too little: ${arg_UNPARSED_ARGUMENTS} ${arg_KEYWORDS_MISSING_VALUES}\n"
      "Example: inlay_add_model(mobilenet_v2 mobilenet_v2.tflite LABELS imagenet_labels.txt)")
  endif()
  if(NOT DEFINED arg_NAMESPACE)
    set(arg_NAMESPACE models)
  endif()

  _inlay_check_identifier("${who}" "${target}")
  string(REPLACE "::" ";" parts "${arg_NAMESPACE}")
  if(target MATCHES "^(name|size|labels|data)$")
    message(FATAL_ERROR "${who}: expected a name that is free for a type, found \"${target}\", which "
                        "is a member of that type. Use another, for example ${target}_net.")
  endif()
  foreach(part IN LISTS parts)
    _inlay_check_identifier("${who}: NAMESPACE ${arg_NAMESPACE}" "${part}")
  endforeach()
  if(TARGET ${target})
    message(FATAL_ERROR "${who}: expected a new target name, found that the target ${target} "
                        "exists already. Give the model another name.")
  endif()

  get_filename_component(model "${model}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
  inlay_check_model("${who}" "${model}")
  if(arg_LABELS)
    get_filename_component(arg_LABELS "${arg_LABELS}" ABSOLUTE
                           BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
    inlay_read_labels("${who}" "${arg_LABELS}" unused)
  endif()

  set(include "${CMAKE_CURRENT_BINARY_DIR}/inlay_models")
  set(header "${include}/models/${target}.hpp")
  set(script "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/InlayModelHeader.cmake")
  add_custom_command(
    OUTPUT "${header}"
    COMMAND "${CMAKE_COMMAND}" "-DNAME=${target}" "-DNAMESPACE=${arg_NAMESPACE}"
            "-DMODEL=${model}" "-DLABELS=${arg_LABELS}" "-DOUTPUT=${header}" -P "${script}"
    DEPENDS "${model}" ${arg_LABELS} "${script}"
    COMMENT "Writing <models/${target}.hpp>"
    VERBATIM)
  add_custom_target(${target}_header DEPENDS "${header}")

  add_library(${target} INTERFACE)
  add_dependencies(${target} ${target}_header)
  target_link_libraries(${target} INTERFACE inlay::inlay)
  target_include_directories(${target} SYSTEM INTERFACE "${include}")
  set_target_properties(${target} PROPERTIES INLAY_MODEL_TYPE "${arg_NAMESPACE}::${target}"
                                             INLAY_MODEL_HEADER "models/${target}.hpp")
endfunction()

function(_inlay_check_identifier who name)
  set(keywords
    alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t
    char8_t class co_await co_return co_yield compl concept const const_cast consteval constexpr
    constinit continue decltype default delete do double dynamic_cast else enum explicit export
    extern false float for friend goto if inline int long mutable namespace new noexcept not not_eq
    nullptr operator or or_eq private protected public register reinterpret_cast requires return
    short signed sizeof static static_assert static_cast struct switch template this thread_local
    throw true try typedef typeid typename union unsigned using virtual void volatile wchar_t while
    xor xor_eq)
  if(NOT name MATCHES "^[A-Za-z_][A-Za-z0-9_]*$" OR name IN_LIST keywords)
    string(MAKE_C_IDENTIFIER "${name}_net" suggestion)
    message(FATAL_ERROR "${who}: expected a C++ identifier, found \"${name}\". It becomes the name "
                        "of a type: use letters, digits and underscores, for example "
                        "${suggestion}.")
  endif()
endfunction()
