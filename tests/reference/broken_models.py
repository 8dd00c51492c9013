# SPDX-License-Identifier: Apache-2.0
"""Files that a reader must refuse, each with one line that says what is wrong.

Each case starts from a good model of two convolutions (or another small one) and spoils one thing. A case
changes the model, the file's bytes, or the keywords given to the writer.
"""

from __future__ import annotations

# Importing these registers their cases.
import broken_files
import broken_tensors
from broken_case import CASES, all_files, good

__all__ = ["CASES", "all_files", "broken_files", "broken_tensors", "good"]
