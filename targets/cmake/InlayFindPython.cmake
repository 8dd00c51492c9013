# SPDX-License-Identifier: Apache-2.0

# Sets Python3_EXECUTABLE to a python3 that has the modules; leaves it empty where there is none.
function(inlay_find_python modules)
  if(NOT Python3_EXECUTABLE)
    foreach(python python3 /usr/bin/python3)
      execute_process(COMMAND "${python}" -c "import ${modules}" RESULT_VARIABLE result
                      OUTPUT_QUIET ERROR_QUIET)
      if(result EQUAL 0)
        set(Python3_EXECUTABLE "${python}" CACHE FILEPATH "Python 3 with ${modules}" FORCE)
        return()
      endif()
    endforeach()
  endif()
endfunction()
