# SPDX-License-Identifier: Apache-2.0
#
# Looks for what inlay::hosted needs beside inlay::inlay: the targets xtensor and xsimd. Where one
# is not there, inlay_hosted_missing says which and what to do. Used by this project's own build
# and by find_package(inlay).
set(inlay_hosted_missing "")
foreach(needed "xsimd 8.1.0" "xtensor 0.24.0")
  separate_arguments(needed)
  list(POP_FRONT needed name oldest)
  find_package(${name} QUIET)
  if(NOT ${name}_FOUND)
    list(APPEND inlay_hosted_missing "${name} >= ${oldest} (found none)")
  elseif(${name}_VERSION VERSION_LESS oldest)
    list(APPEND inlay_hosted_missing "${name} >= ${oldest} (found ${${name}_VERSION})")
  endif()
endforeach()
if(inlay_hosted_missing)
  list(JOIN inlay_hosted_missing " and " inlay_hosted_missing)
  set(inlay_hosted_missing "inlay::hosted needs ${inlay_hosted_missing}. Install it (Debian 12 and \
newer: apt-get install libxsimd-dev libxtensor-dev)")
endif()
