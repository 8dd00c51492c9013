# SPDX-License-Identifier: Apache-2.0
#
# What the folders under tests/ are written with.
include(GoogleTest)

# Tests find the real models by the environment, as they do outside of ctest.
set(inlay_test_environment "INLAY_SHARED=${INLAY_SHARED}")

# inlay_add_test(<name> <source>... [LIBRARIES <target>...] [LABELS <label>...])
#
# A GoogleTest program; each of its tests is one of ctest's, called <name>.Suite.Case.
function(inlay_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES;LABELS")
  add_executable(test_${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(test_${name} PRIVATE inlay::own inlay::inlay ${arg_LIBRARIES}
                                             GTest::gtest_main)
  gtest_discover_tests(test_${name} TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST
    PROPERTIES ENVIRONMENT "${inlay_test_environment}" LABELS "${arg_LABELS}")
endfunction()

# inlay_add_skipped_test(<name> <reason>): ctest reports it as skipped; its log says why.
function(inlay_add_skipped_test name reason)
  add_test(NAME "${name}" COMMAND "${CMAKE_COMMAND}" -E echo "skipped: ${reason}")
  set_tests_properties("${name}" PROPERTIES SKIP_REGULAR_EXPRESSION "skipped: ")
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
