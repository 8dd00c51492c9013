// SPDX-License-Identifier: Apache-2.0
#error "the umbrella must not include xsimd"
