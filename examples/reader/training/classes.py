# SPDX-License-Identifier: Apache-2.0
"""The classes of the bundled reader: codes and plates leave out I and O."""

NOTHING = "nothing"
CHARACTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LABELS = [*CHARACTERS, NOTHING]

SYMBOLS = "&%#@?*+=~"
"""Signs that are no character of the reader; pictures of them are pictures of nothing."""
