# SPDX-License-Identifier: Apache-2.0
#
# Of the model, and of reading and writing files for it; examples/ethos_u builds them as well.
set(ethos_u_model_sources
    access.cpp activation.cpp check_block_dependencies.cpp check_data.cpp check_registers.cpp
    check_shram.cpp check_waits.cpp combination.cpp convolution.cpp decode.cpp feature_maps.cpp files.cpp
    memory.cpp model.cpp pooling.cpp register_file.cpp weight_order.cpp weights.cpp)
