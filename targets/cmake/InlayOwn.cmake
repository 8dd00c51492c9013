# SPDX-License-Identifier: Apache-2.0
#
# inlay::own: how this project's own programs are compiled; never installed. inlay::warnings: the
# same without sanitizers, for what only has to compile.
add_library(inlay_warnings INTERFACE)
add_library(inlay::warnings ALIAS inlay_warnings)
target_compile_options(inlay_warnings INTERFACE -Wall -Wextra -Wconversion -Wshadow)
if(INLAY_WERROR)
  target_compile_options(inlay_warnings INTERFACE -Werror)
endif()
add_library(inlay_own INTERFACE)
add_library(inlay::own ALIAS inlay_own)
target_link_libraries(inlay_own INTERFACE inlay::warnings)
if(INLAY_SANITIZE)
  list(JOIN INLAY_SANITIZE "," sanitizers)
  set(sanitizers -fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(inlay_own INTERFACE ${sanitizers})
  target_link_options(inlay_own INTERFACE ${sanitizers})
endif()
