# SPDX-License-Identifier: Apache-2.0
#
# Configures, builds and runs the project in SOURCE against an inlay installed in PREFIX; what it
# writes must be the file OUTPUT.
cmake_minimum_required(VERSION 3.22)
file(REMOVE_RECURSE "${BUILD}")
execute_process(COMMAND "${CMAKE_COMMAND}" -S "${SOURCE}" -B "${BUILD}" -G "${GENERATOR}"
                        "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_PREFIX_PATH=${PREFIX}"
                        "-DMODEL=${MODEL}" -DCMAKE_BUILD_TYPE=Release
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${CMAKE_COMMAND}" --build "${BUILD}" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${BUILD}/app" "${INPUT}" OUTPUT_FILE "${BUILD}/output.bin"
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${CMAKE_COMMAND}" -E compare_files "${BUILD}/output.bin" "${OUTPUT}"
                COMMAND_ERROR_IS_FATAL ANY)
