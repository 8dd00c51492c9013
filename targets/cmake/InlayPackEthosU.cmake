# SPDX-License-Identifier: Apache-2.0
cmake_minimum_required(VERSION 3.22)
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/InlayPackParameters.cmake")

# inlay_pack_ethos_u(<target> HEADER <file> ENGINE <type> [LIBRARIES <target>...]
#                    [CODING smallest|uncompressed] [SECTION <name>])
#
# Packs the weights and scales of an engine for an Ethos-U while building, by a program for this
# machine made of the same headers. HEADER declares ENGINE, an inlay::ethos_u_engine without weights;
# LIBRARIES are the models that it includes, and may bring definitions. CODING is smallest: each
# stream of weights is compressed as far as that makes it smaller. What links to <target> can
# include <parameters/TARGET.hpp>, which includes HEADER and declares
#
#   using TARGET_engine = ...;                          // ENGINE, with commands for these weights
#   extern "C" const TARGET_engine::constants TARGET;
#
# aligned to 16 bytes, in flash or where the linker script puts SECTION (.inlay_parameters), which
# must be memory that the NPU can read.
#
#   inlay_pack_ethos_u(packed_reader HEADER reader.hpp ENGINE app::engine LIBRARIES reader)
function(inlay_pack_ethos_u target)
  set(who "inlay_pack_ethos_u(${target})")
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER;ENGINE;CODING;SECTION" "LIBRARIES")
  if(NOT arg_HEADER OR NOT arg_ENGINE OR DEFINED arg_UNPARSED_ARGUMENTS)
    list(JOIN ARGN " " given)
    message(FATAL_ERROR "${who}: expected HEADER <file> ENGINE <type> [LIBRARIES <target>...] "
                        "[CODING smallest|uncompressed] [SECTION <name>], found: ${given}")
  endif()
  if(NOT DEFINED arg_CODING)
    set(arg_CODING smallest)
  endif()
  if(NOT arg_CODING MATCHES "^(smallest|uncompressed)$")
    message(FATAL_ERROR "${who}: expected CODING smallest or uncompressed, found: ${arg_CODING}")
  endif()
  set(coding "${arg_CODING}")
  _inlay_add_packer("${who}" ${target} InlayPackEthosU.cpp.in "${arg_HEADER}" "${arg_ENGINE}"
                    "${arg_SECTION}" "${arg_LIBRARIES}")
endfunction()
