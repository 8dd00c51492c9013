# SPDX-License-Identifier: Apache-2.0
#
# The small models, whole and broken, are made while configuring, because inlay_add_model looks at
# its file then; again when their scripts change, or by building the target test_models.
# Includers find them in INLAY_TEST_MODELS and INLAY_BROKEN_TEST_MODELS.

include("${CMAKE_CURRENT_LIST_DIR}/InlayFindPython.cmake")
set(reference "${PROJECT_SOURCE_DIR}/tests/reference")
set(INLAY_TEST_MODELS "${PROJECT_BINARY_DIR}/tests/models")
set(INLAY_BROKEN_TEST_MODELS "${PROJECT_BINARY_DIR}/tests/broken_models")
inlay_find_python("numpy, flatbuffers")
file(GLOB reference_scripts CONFIGURE_DEPENDS "${reference}/*.py")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${reference_scripts})
if(Python3_EXECUTABLE)
  set(make_models "${Python3_EXECUTABLE}" -B "${reference}/make_models.py")
  add_custom_target(test_models
    COMMAND ${make_models} "${INLAY_TEST_MODELS}"
    COMMAND ${make_models} --broken "${INLAY_BROKEN_TEST_MODELS}")
  set(made "${PROJECT_BINARY_DIR}/tests/test_models.made")
  set(outdated OFF)
  foreach(script IN LISTS reference_scripts)
    if("${script}" IS_NEWER_THAN "${made}")
      set(outdated ON)
    endif()
  endforeach()
  if(outdated)
    message(STATUS "Making the test models")
    file(REMOVE_RECURSE "${INLAY_TEST_MODELS}" "${INLAY_BROKEN_TEST_MODELS}")
    execute_process(COMMAND ${make_models} "${INLAY_TEST_MODELS}"
                    COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
    execute_process(COMMAND ${make_models} --broken "${INLAY_BROKEN_TEST_MODELS}"
                    COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
    file(TOUCH "${made}")
  endif()
endif()
