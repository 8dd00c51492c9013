# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What examples/run and tests/run share: the tools and libraries they need, and how to get them.

# Prints each argument as a line for people.
say() { printf '%s\n' "$@" >&2; }

# A wrong call: says so and exits with 2.
refuse() {
  say "$@"
  exit 2
}

# Lines of PACKAGE KIND WHAT: the Debian and Ubuntu package that brings it, and how to look for it.
# A header may be here or there, by version; one of a cross compiler comes after its name.
build_requirements='
g++                    gcc        12
cmake                  command    cmake
ninja-build            command    ninja
libxsimd-dev           header     xsimd/xsimd.hpp
libxtensor-dev         header     xtensor/xtensor_config.hpp xtensor/core/xtensor_config.hpp
libcli11-dev           header     CLI/CLI.hpp
libfmt-dev             header     fmt/core.h
nlohmann-json3-dev     header     nlohmann/json.hpp
libstb-dev             header     stb/stb_image.h'
# shellcheck disable=SC2034 # used by tests/run
test_requirements="$build_requirements
libgtest-dev           header     gtest/gtest.h
libbenchmark-dev       header     benchmark/benchmark.h
clang                  command    clang++
libclang-rt-dev        sanitizers clang++
clang-format           command    clang-format
clang-tidy             command    clang-tidy
shellcheck             command    shellcheck
python3                command    python3
python3-numpy          python     numpy
python3-flatbuffers    python     flatbuffers"
# shellcheck disable=SC2034 # used by tests/run
cortex_m_requirements='
g++                              gcc      12
cmake                            command  cmake
ninja-build                      command  ninja
gcc-arm-none-eabi                command  arm-none-eabi-g++
libnewlib-arm-none-eabi          cross    arm-none-eabi-g++ string.h
libstdc++-arm-none-eabi-newlib   cross    arm-none-eabi-g++ array
qemu-system-arm                  command  qemu-system-arm
python3                          command  python3
python3-numpy                    python   numpy
python3-flatbuffers              python   flatbuffers'
# shellcheck disable=SC2034 # used by tests/run
cortex_a_requirements='
g++                              gcc      12
cmake                            command  cmake
ninja-build                      command  ninja
libxsimd-dev                     header   xsimd/xsimd.hpp
g++-aarch64-linux-gnu            command  aarch64-linux-gnu-g++
g++-arm-linux-gnueabihf          command  arm-linux-gnueabihf-g++
libc6-dev-arm64-cross            cross    aarch64-linux-gnu-g++ string.h
libc6-dev-armhf-cross            cross    arm-linux-gnueabihf-g++ string.h
qemu-user                        command  qemu-aarch64
python3                          command  python3
python3-numpy                    python   numpy
python3-flatbuffers              python   flatbuffers'
# shellcheck disable=SC2034 # used by tests/run
opencl_requirements='
ocl-icd-opencl-dev               header   CL/cl.h
opencl-clhpp-headers             header   CL/opencl.hpp'
# shellcheck disable=SC2034 # used by tests/run
mali_requirements="$opencl_requirements
clinfo                           command  clinfo
pocl-opencl-icd                  opencl   driver
clang-15                         command  clang-15
llvm-spirv-15                    command  llvm-spirv-15
oclgrind                         command  oclgrind"

# The g++ to build with: $CXX, or the first that is version 12 or newer; empty where there is none.
find_gcc() {
  local each version
  for each in "${CXX:-}" g++ g++-12 g++-13 g++-14 g++-15; do
    if [[ -n $each ]] && version=$("$each" -dumpversion 2>/dev/null) && ((${version%%.*} >= 12)); then
      printf '%s\n' "$each"
      return
    fi
  done
}

# Exit status 0 if the requirement of this KIND is met.
is_there() {
  case $1 in
    command) command -v "$2" ;;
    gcc) [[ -n $(find_gcc) ]] ;;
    header)
      # shellcheck disable=SC2086 # words
      printf '#if __has_include(<%s>)\nfound\n#endif\n' $2 | "$(find_gcc)" -E -x c++ - |
        grep found
      ;;
    cross) printf '#include <%s>\n' "${2#* }" | "${2% *}" -E -x c++ - ;;
    opencl) clinfo -l | grep 'Device #' ;;
    python) python3 -c "import $2" || /usr/bin/python3 -c "import $2" ;;
    sanitizers)
      printf 'int main() {}\n' | "$2" -fsanitize=address,undefined -x c++ -o /dev/null -
      ;;
  esac &>/dev/null
}

# The packages of unmet requirements, as the system calls them.
missing_packages() {
  local package kind what version
  while read -r package kind what; do
    if [[ -n $package ]] && ! is_there "$kind" "$what"; then
      case $package in
        g++) ! command -v g++ >/dev/null || package=g++-12 ;; # there, and too old
        libclang-rt-dev)
          version=$(clang++ -dumpversion 2>/dev/null) || continue # the next round knows
          package=libclang-rt-${version%%.*}-dev
          ;;
      esac
      printf '%s\n' "$package"
    fi
  done <<<"$1"
}

# Installs what is missing of these requirements through apt. Where that is not possible, says what
# is missing and goes on: CMake says which of it cannot be done without.
require() {
  local missing sudo=()
  for _ in first second; do # some packages can only be named once others are there
    mapfile -t missing < <(missing_packages "$1")
    if ((${#missing[@]} == 0)); then
      return
    fi
    if ((EUID != 0)); then
      sudo=(sudo)
    fi
    if ! command -v apt-get "${sudo[@]}" >/dev/null; then
      break
    fi
    say "Installing through apt: ${missing[*]}"
    "${sudo[@]}" apt-get update -qq >&2 || true
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 || break
  done
  mapfile -t missing < <(missing_packages "$1")
  if ((${#missing[@]} > 0)); then
    say "Missing, and not installed by apt; named as in Debian: ${missing[*]}" \
      "Install these, or what they are called on your system. Going on without."
  fi
}
