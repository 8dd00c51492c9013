# SPDX-License-Identifier: Apache-2.0
#
# What the folders under tests/ are written with.
include(GoogleTest)

# Tests find the real models by the environment, as they do outside of ctest.
set(inlay_test_environment "INLAY_SHARED=${INLAY_SHARED}")

# GoogleTest is half of what a small test compiles. A compiler cache does better than a precompiled
# header, and does not know what to do with one; with one g++ 12 warns of its own library.
if(NOT CMAKE_CXX_COMPILER_LAUNCHER AND NOT CMAKE_CROSSCOMPILING AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  find_package(GTest REQUIRED)
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/tests/precompiled.cpp" CONTENT "")
  add_library(test_precompiled OBJECT "${PROJECT_BINARY_DIR}/tests/precompiled.cpp")
  target_link_libraries(test_precompiled PRIVATE inlay::own inlay::inlay GTest::gtest)
  target_precompile_headers(test_precompiled PRIVATE <gtest/gtest.h>)
endif()

# inlay_add_test(<name> <source>... [LIBRARIES <target>...] [LABELS <label>...])
#
# A GoogleTest program; each of its tests is one of ctest's, called <name>.Suite.Case.
function(inlay_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES;LABELS")
  add_executable(test_${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(test_${name} PRIVATE inlay::own inlay::inlay ${arg_LIBRARIES}
                                             GTest::gtest_main)
  if(TARGET test_precompiled)
    target_precompile_headers(test_${name} REUSE_FROM test_precompiled)
  endif()
  gtest_discover_tests(test_${name} TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST
    PROPERTIES ENVIRONMENT "${inlay_test_environment}" LABELS "${arg_LABELS}")
endfunction()

# inlay_compile_quickly(<target>...): without optimization. For programs with large libraries, for words or
# drivers, that run for a moment.
function(inlay_compile_quickly)
  foreach(target IN LISTS ARGN)
    target_compile_options(${target} PRIVATE -O0)
    # The precompiled header is an optimized one.
    set_target_properties(${target} PROPERTIES DISABLE_PRECOMPILE_HEADERS ON)
  endforeach()
endfunction()

# inlay_instrument_quickly(<target>...): with sanitizers, which make optimizing slow, without it. For
# programs of many kernels that run for a moment. Functions that kernels inline at any level stay
# functions: each copy of one would be instrumented for itself.
function(inlay_instrument_quickly)
  if(INLAY_SANITIZE)
    inlay_compile_quickly(${ARGN})
    foreach(target IN LISTS ARGN)
      target_compile_definitions(${target} PRIVATE always_inline=unused)
    endforeach()
  endif()
endfunction()

# inlay_add_skipped_test(<name> <reason>): ctest reports it as skipped; its log says why.
function(inlay_add_skipped_test name reason)
  add_test(NAME "${name}" COMMAND "${CMAKE_COMMAND}" -E echo "skipped: ${reason}")
  set_tests_properties("${name}" PROPERTIES SKIP_REGULAR_EXPRESSION "skipped: ")
endfunction()

# inlay_add_corpus_test(<name> <template> [MODELS <model>...] [LIBRARIES <target>...])
#
# A GoogleTest program over small models, by default over all of them: the template is configured for
# each @name@, whose bytes are models::corpus_NAME; a few models share a source file. The includer of
# the template may use INLAY_TEST_MODELS, the models' folder.
function(inlay_add_corpus_test name template)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "MODELS;LIBRARIES")
  if(NOT arg_MODELS)
    file(GLOB files CONFIGURE_DEPENDS "${INLAY_TEST_MODELS}/*.tflite")
    foreach(file IN LISTS files)
      get_filename_component(model "${file}" NAME_WE)
      list(APPEND arg_MODELS "${model}")
    endforeach()
  endif()
  file(READ "${template}" template)
  set(test ${name})
  set(sources "")
  set(text "")
  set(count 0)
  list(GET arg_MODELS -1 last)
  foreach(name IN LISTS arg_MODELS)
    if(NOT TARGET corpus_${name})
      inlay_add_model(corpus_${name} "${INLAY_TEST_MODELS}/${name}.tflite")
    endif()
    list(APPEND arg_LIBRARIES corpus_${name})
    string(CONFIGURE "${template}" one @ONLY)
    string(APPEND text "${one}")
    math(EXPR count "${count} + 1")
    math(EXPR in_this_file "${count} % 8")
    if(in_this_file EQUAL 0 OR name STREQUAL last)
      set(source "${CMAKE_CURRENT_BINARY_DIR}/${test}_${count}.cpp")
      file(CONFIGURE OUTPUT "${source}" CONTENT "${text}" @ONLY)
      list(APPEND sources "${source}")
      set(text "")
    endif()
  endforeach()
  inlay_add_test(${test} ${sources} LIBRARIES ${arg_LIBRARIES})
  target_include_directories(test_${test} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
  target_compile_definitions(test_${test} PRIVATE "INLAY_TEST_MODELS=\"${INLAY_TEST_MODELS}\"")
  inlay_instrument_quickly(test_${test})
endfunction()

# inlay_find_runnable_sets(<runnable> <others>): which instruction sets of inlay_add_network this
# machine's processor can run, and which it cannot. What cannot run is compiled once, by
# tests/dispatch. -DINLAY_RUNNABLE_SETS=NAME;NAME overrules what the processor says.
function(inlay_find_runnable_sets out_runnable out_others)
  _inlay_default_instruction_sets(all)
  if(NOT INLAY_RUNNABLE_SETS)
    _inlay_need_dispatch(tests)
    set(include "${PROJECT_SOURCE_DIR}/include" "${INLAY_XSIMD_INCLUDE}")
    foreach(target inlay_hosted xsimd)
      if(TARGET ${target})
        get_target_property(folders ${target} INTERFACE_INCLUDE_DIRECTORIES)
        list(APPEND include ${folders})
      endif()
    endforeach()
    list(FILTER include EXCLUDE REGEX "NOTFOUND|^$")
    file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/runnable_sets.cpp" @ONLY CONTENT [[
#include "@_inlay_dispatch_source@"
#include <cstdio>
int main() {
  for (const inlay::targets::instruction_set& each : inlay::instruction_sets()) {
    if (each.supported()) {
      std::printf("%s;", each.name.data());
    }
  }
}
]])
    set(CMAKE_TRY_COMPILE_CONFIGURATION Release)
    try_run(INLAY_RUNNABLE_SETS_STATUS INLAY_RUNNABLE_SETS_COMPILE
            "${PROJECT_BINARY_DIR}/runnable_sets" "${PROJECT_BINARY_DIR}/runnable_sets.cpp"
            CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${include}" -DCMAKE_CXX_STANDARD=20
            COMPILE_OUTPUT_VARIABLE said RUN_OUTPUT_VARIABLE found)
    if(NOT INLAY_RUNNABLE_SETS_COMPILE OR NOT INLAY_RUNNABLE_SETS_STATUS EQUAL 0)
      message(FATAL_ERROR "expected a program that names the processor's instruction sets, found "
                          "that it does not compile or run:\n${said}${found}")
    endif()
    string(REGEX REPLACE ";$" "" found "${found}")
    set(INLAY_RUNNABLE_SETS "${found}" CACHE STRING "Instruction sets that tests are built for")
  endif()
  set(others ${all})
  list(REMOVE_ITEM others ${INLAY_RUNNABLE_SETS})
  list(REMOVE_ITEM all ${others} "")
  set(${out_runnable} "${all}" PARENT_SCOPE)
  set(${out_others} "${others}" PARENT_SCOPE)
endfunction()

# Without excerpts of the source, which could match by themselves, and without cutting.
set(inlay_plain_messages -fdiagnostics-color=never -fmessage-length=0 -ftemplate-backtrace-limit=0)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND inlay_plain_messages -fno-diagnostics-show-caret)
else()
  list(APPEND inlay_plain_messages -fno-caret-diagnostics)
endif()

# inlay_add_must_not_compile(<name> <source> <regex>... [LIBRARIES <target>...])
#
# The source must not compile, and what the compiler says, spelled as text (see check.cmake), must
# match each regex; compiled with -DINLAY_FIXED, the same source must compile. LIBRARIES give
# include folders, so models can be among them.
function(inlay_add_must_not_compile name source)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "LIBRARIES")
  if(NOT arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "inlay_add_must_not_compile(${name}): expected a regex that the "
                        "compiler's message must match, found none.")
  endif()
  get_filename_component(source "${source}" ABSOLUTE)
  set(compile "${CMAKE_CXX_COMPILER}" -std=c++20 -fsyntax-only ${inlay_plain_messages})
  foreach(library inlay::inlay ${arg_LIBRARIES})
    string(APPEND compile
           ";-I$<JOIN:$<TARGET_PROPERTY:${library},INTERFACE_INCLUDE_DIRECTORIES>,;-I>")
  endforeach()
  add_test(NAME "must_not_compile.${name}"
    COMMAND "${CMAKE_COMMAND}" "-DCOMPILE=${compile}" "-DSOURCE=${source}"
            -P "${PROJECT_SOURCE_DIR}/tests/must_not_compile/check.cmake"
            -- ${arg_UNPARSED_ARGUMENTS})
  if(arg_LIBRARIES)
    add_custom_target(must_not_compile_${name} ALL)
    add_dependencies(must_not_compile_${name} ${arg_LIBRARIES})
  endif()
endfunction()
