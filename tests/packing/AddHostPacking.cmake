# SPDX-License-Identifier: Apache-2.0
#
# add_host_packing(<set>): the program packing_<set>, which is compiled for an instruction set and
# compares the reader's block, packed for it while building, with what it packs itself.
set(packing_folder "${CMAKE_CURRENT_LIST_DIR}")
inlay_add_model(packing_reader "${PROJECT_SOURCE_DIR}/examples/reader/reader.tflite")

function(add_host_packing set)
  inlay_pack_parameters(packed_reader_${set} HEADER "${packing_folder}/reader.hpp"
                        ENGINE packing::reader NATIVE ${set} LIBRARIES packing_reader)
  _inlay_instruction_set("packing tests" ${set} header flags)
  add_executable(packing_${set} "${packing_folder}/host_main.cpp")
  target_compile_options(packing_${set} PRIVATE ${flags})
  target_compile_definitions(packing_${set} PRIVATE HEADER=<parameters/packed_reader_${set}.hpp>
                                                    PACKED=packed_reader_${set})
  target_link_libraries(packing_${set} PRIVATE inlay::own packed_reader_${set})
endfunction()
