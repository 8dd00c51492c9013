# SPDX-License-Identifier: Apache-2.0
#
# Of the model, and of the program that runs payloads on it; examples/ethos_u builds it as well.
set(ethos_u_model_sources
    access.cpp activation.cpp check_block_dependencies.cpp check_data.cpp check_registers.cpp
    check_shram.cpp check_waits.cpp combination.cpp convolution.cpp decode.cpp feature_maps.cpp
    memory.cpp model.cpp pooling.cpp register_file.cpp weight_order.cpp weights.cpp)
set(ethos_u_run_sources arguments.cpp run_main.cpp)
