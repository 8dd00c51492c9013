# SPDX-License-Identifier: Apache-2.0
cmake_minimum_required(VERSION 3.22)
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/InlayAddNetwork.cmake")
set(_inlay_pack_folder "${CMAKE_CURRENT_LIST_DIR}")
if(CMAKE_CROSSCOMPILING)
  find_program(INLAY_HOST_CXX NAMES g++ g++-12 g++-13 g++-14 clang++ REQUIRED NO_CMAKE_FIND_ROOT_PATH
               DOC "C++20 compiler for programs of this machine in cross builds")
else()
  set(INLAY_HOST_CXX "${CMAKE_CXX_COMPILER}" CACHE FILEPATH "C++20 compiler for build-time programs")
endif()

# _inlay_add_packer(<function> <target> <template> <header> <engine> <section> <libraries>)
#
# Builds FOLDER/pack_TARGET from a template, runs it, and makes the library <target> of the block and
# the header that it writes. The template sees the caller's variables.
function(_inlay_add_packer who target template header engine section libraries)
  get_filename_component(header "${header}" ABSOLUTE)
  if(NOT EXISTS "${header}")
    message(FATAL_ERROR "${who}: expected a header that declares ${engine}, found no file at\n"
                        "  ${header}")
  endif()
  if(NOT section)
    set(section .inlay_parameters)
  endif()

  set(folder "${CMAKE_CURRENT_BINARY_DIR}/inlay_parameters")
  set(packer "${folder}/pack_${target}")
  configure_file("${_inlay_pack_folder}/${template}" "${packer}.cpp" @ONLY)
  set(options "-I${_inlay_pack_folder}")
  set(headers "")
  foreach(library inlay::inlay ${libraries})
    foreach(option "-I INCLUDE_DIRECTORIES" "-D COMPILE_DEFINITIONS")
      separate_arguments(option)
      list(POP_FRONT option letter property)
      set(given "$<TARGET_PROPERTY:${library},INTERFACE_${property}>")
      list(APPEND options "$<$<BOOL:${given}>:${letter}$<JOIN:${given},;${letter}>>")
    endforeach()
    if(TARGET ${library}_header)
      list(APPEND headers ${library}_header)
    endif()
  endforeach()
  add_custom_command(OUTPUT "${packer}"
    COMMAND "${INLAY_HOST_CXX}" -std=c++20 -O1 "${options}" -MD -MF "${packer}.d" -MT "${packer}"
            "${packer}.cpp" -o "${packer}"
    DEPENDS "${packer}.cpp" ${headers} DEPFILE "${packer}.d"
    COMMENT "Building the packer of ${target}"
    COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_command(
    OUTPUT "${folder}/${target}.cpp" "${folder}/${target}.bin" "${folder}/parameters/${target}.hpp"
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${folder}/parameters"
    COMMAND "${packer}" "${folder}"
    DEPENDS "${packer}"
    COMMENT "Packing ${target}"
    VERBATIM)
  set_source_files_properties("${folder}/${target}.cpp" PROPERTIES
    OBJECT_DEPENDS "${folder}/${target}.bin")

  add_library(${target}_object OBJECT "${folder}/${target}.cpp")
  add_library(${target} INTERFACE)
  add_dependencies(${target} ${target}_object)
  target_sources(${target} INTERFACE $<TARGET_OBJECTS:${target}_object>)
  target_include_directories(${target} INTERFACE "${folder}")
  target_link_libraries(${target} INTERFACE inlay::inlay ${libraries})
endfunction()

# inlay_pack_parameters(<target> HEADER <file> ENGINE <type> [LIBRARIES <target>...]
#                       [NATIVE <target>] [SECTION <name>])
#
# Packs an engine's parameters while building, by a program for this machine made of the same
# headers. HEADER declares the type ENGINE, for the build's target and for this machine alike;
# LIBRARIES are the models that it includes, and may bring definitions. What links to <target> can include
# <parameters/TARGET.hpp>, which includes HEADER and declares
#
#   extern "C" const ENGINE::parameters TARGET;
#
# in flash or where the linker script puts SECTION (.inlay_parameters). The program needs none of the
# instructions that it packs for, nor the compiler flags of what links to <target>; so if ENGINE is
# for inlay::targets::native, NATIVE says which target that is, for example avx2 or dotprod.
#
#   inlay_pack_parameters(packed_reader HEADER reader.hpp ENGINE app::engine LIBRARIES reader)
function(inlay_pack_parameters target)
  set(who "inlay_pack_parameters(${target})")
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER;ENGINE;NATIVE;SECTION" "LIBRARIES")
  if(NOT arg_HEADER OR NOT arg_ENGINE OR DEFINED arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${who}: expected HEADER <file> ENGINE <type> [LIBRARIES <target>...] "
                        "[NATIVE <target>] [SECTION <name>], found: ${ARGN}")
  endif()
  set(native "")
  if(arg_NATIVE)
    _inlay_instruction_set("${who}" "${arg_NATIVE}" unused unused)
    set(native "#define INLAY_PACK_FOR ${arg_NATIVE}\n")
  endif()
  _inlay_add_packer("${who}" ${target} InlayPackParameters.cpp.in "${arg_HEADER}" "${arg_ENGINE}"
                    "${arg_SECTION}" "${arg_LIBRARIES}")
endfunction()
