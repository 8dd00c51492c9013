# SPDX-License-Identifier: Apache-2.0
"""What bench/run was asked for besides targets and models; targets read it."""

from __future__ import annotations

# Inferences for each number; 0: as many as take two seconds.
REPEAT = 0
# Kernel sets to build; empty: all of the processor's family.
ISAS: list[str] = []
# Folders of other builds of the peers; empty: the system's.
ONEDNN = ""
XNNPACK = ""
# The number of the OpenCL device; negative: the first GPU, or else the first device.
DEVICE = -1
# NPUs to compile for, as inlay-inspect names them; empty: all that there are.
NPUS: list[str] = []
# Bytes of arena that cascades of an NPU may have in one more set; 0: there is no such set.
ARENA_LIMIT = 0
# Whether cortex_a estimates its inner loops instead of running models.
MCA = False
