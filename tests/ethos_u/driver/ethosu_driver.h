/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETHOSU_DRIVER_H
#define ETHOSU_DRIVER_H

/* What inlay uses of Arm's core driver: a stand-in for its header of the same name. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ethosu_driver {
  uint64_t fast_memory;
  bool reserved;
};

int ethosu_invoke_v3(struct ethosu_driver* drv, const void* custom_data_ptr,
                     const int custom_data_size, uint64_t* const base_addr,
                     const size_t* base_addr_size, const int num_base_addr, void* user_arg);
int ethosu_invoke_async(struct ethosu_driver* drv, const void* custom_data_ptr,
                        const int custom_data_size, uint64_t* const base_addr,
                        const size_t* base_addr_size, const int num_base_addr, void* user_arg);
int ethosu_wait(struct ethosu_driver* drv, bool block);
struct ethosu_driver* ethosu_reserve_driver(void);
void ethosu_release_driver(struct ethosu_driver* drv);

#ifdef __cplusplus
}
#endif

#endif
