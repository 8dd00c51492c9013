// SPDX-License-Identifier: Apache-2.0
//
// A plugin of QEMU that counts executed instructions:
//
//   qemu-aarch64 -plugin libcount_instructions.so -d plugin -D counts.txt program
//
// For each region between the marker instructions of region.hpp, and at the end for the whole run,
// a line "region NUMBER INSTRUCTIONS" or "all INSTRUCTIONS". Markers themselves are not counted.
// Works for programs with one processor, under qemu-aarch64, qemu-arm and qemu-system-arm.
//
// QEMU's packages bring no header for plugins, so what is used of version 1 of its interface is
// declared here.

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstring>

extern "C" {
struct qemu_plugin_tb;
struct qemu_plugin_insn;
using qemu_plugin_id_t = std::uint64_t;

std::size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb* block);
qemu_plugin_insn* qemu_plugin_tb_get_insn(const qemu_plugin_tb* block, std::size_t index);
const void* qemu_plugin_insn_data(const qemu_plugin_insn* instruction);
std::size_t qemu_plugin_insn_size(const qemu_plugin_insn* instruction);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           void (*translated)(qemu_plugin_id_t, qemu_plugin_tb*));
void qemu_plugin_register_vcpu_insn_exec_cb(qemu_plugin_insn* instruction,
                                            void (*executed)(unsigned processor, void* data),
                                            int registers, void* data);
void qemu_plugin_register_vcpu_insn_exec_inline(qemu_plugin_insn* instruction, int operation,
                                                void* to, std::uint64_t operand);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, void (*ends)(qemu_plugin_id_t, void*),
                                    void* data);
void qemu_plugin_outs(const char* text);

[[gnu::visibility("default")]] extern const int qemu_plugin_version;
const int qemu_plugin_version = 1;

/// The part of qemu_info_t that is used.
struct qemu_info {
  const char* target_name;
  int least_version;
  int current_version;
  bool system_emulation;
};
[[gnu::visibility("default")]] int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info* about,
                                                       int count, char** arguments);
}

namespace {

std::uint64_t executed = 0;
std::uint64_t begun_at = 0;
std::uint64_t regions = 0;
/// Whether the processor is a Cortex-M.
bool is_thumb = false;

enum class marker { none, begin, end };

/// What the bytes of an instruction mark: Thumb, A32 or A64.
marker marker_of(const qemu_plugin_insn* instruction) {
  std::uint32_t code = 0;
  const std::size_t size = qemu_plugin_insn_size(instruction);
  if (size > sizeof code) {
    return marker::none;
  }
  std::memcpy(&code, qemu_plugin_insn_data(instruction), size);
  // Before the last two bytes of a page QEMU 7.2 looks whether the next instruction crosses its
  // end, and adds what it has read to the bytes of this one. No instruction of 32 bits begins like
  // that.
  if (is_thumb && (code & 0xffff) < 0xe800) {
    code &= 0xffff;
  }
  switch (code) {
  case 0x46c9:     // mov r9, r9
  case 0xe1a09009: // mov r9, r9
  case 0xaa0903e9: // mov x9, x9
    return marker::begin;
  case 0x46d2:     // mov r10, r10
  case 0xe1a0a00a: // mov r10, r10
  case 0xaa0a03ea: // mov x10, x10
    return marker::end;
  default:
    return marker::none;
  }
}

void begin(unsigned /*processor*/, void* /*data*/) {
  begun_at = executed;
}

void end(unsigned /*processor*/, void* /*data*/) {
  char line[64];
  std::snprintf(line, sizeof line, "region %" PRIu64 " %" PRIu64 "\n", regions++,
                executed - begun_at);
  qemu_plugin_outs(line);
}

void translated(qemu_plugin_id_t /*id*/, qemu_plugin_tb* block) {
  constexpr int uses_no_registers = 0;
  constexpr int adds_to_64_bits = 0;
  for (std::size_t i = 0; i < qemu_plugin_tb_n_insns(block); ++i) {
    qemu_plugin_insn* instruction = qemu_plugin_tb_get_insn(block, i);
    switch (marker_of(instruction)) {
    case marker::none:
      qemu_plugin_register_vcpu_insn_exec_inline(instruction, adds_to_64_bits, &executed, 1);
      break;
    case marker::begin:
      qemu_plugin_register_vcpu_insn_exec_cb(instruction, begin, uses_no_registers, nullptr);
      break;
    case marker::end:
      qemu_plugin_register_vcpu_insn_exec_cb(instruction, end, uses_no_registers, nullptr);
      break;
    }
  }
}

void finished(qemu_plugin_id_t /*id*/, void* /*data*/) {
  char line[64];
  std::snprintf(line, sizeof line, "all %" PRIu64 "\n", executed);
  qemu_plugin_outs(line);
}

} // namespace

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info* about, int /*count*/,
                        char** /*arguments*/) {
  is_thumb = about->system_emulation;
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  qemu_plugin_register_atexit_cb(id, finished, nullptr);
  return 0;
}
