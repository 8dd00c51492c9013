# SPDX-License-Identifier: Apache-2.0
"""The Debian packages that the fonts come from: `packages.py --missing` prints those that are not here."""

from __future__ import annotations

import subprocess
import sys

PACKAGES = {
    "train": """
        fonts-adf-gillius fonts-adf-mekanus fonts-adf-universalis fonts-b612 fonts-bebas-neue fonts-beteckna
        fonts-cabin fonts-cantarell fonts-clear-sans fonts-comfortaa fonts-courier-prime
        fonts-crosextra-carlito fonts-dejavu-core fonts-dejavu-extra fonts-dosis fonts-gnutypewriter fonts-go
        fonts-hack fonts-hermit fonts-inconsolata fonts-inter fonts-jura fonts-lato fonts-league-mono
        fonts-liberation fonts-linuxlibertine fonts-manrope fonts-millimetre fonts-monofur fonts-mononoki
        fonts-national-park fonts-ocr-a fonts-opendin fonts-osifont fonts-oxygen fonts-paratype fonts-play
        fonts-quicksand fonts-roboto-slab fonts-roboto-unhinted fonts-routed-gothic fonts-sil-charis
        fonts-texgyre fonts-tiresias fonts-tuffy fonts-yanone-kaffeesatz""".split(),
    "test": """
        fonts-adf-switzera fonts-allerta fonts-anonymous-pro fonts-comic-neue fonts-crosextra-caladea
        fonts-dseg fonts-firacode fonts-gemunu-libre fonts-jetbrains-mono fonts-karla fonts-league-spartan
        fonts-ocr-b fonts-open-sans fonts-quattrocento fonts-roadgeek fonts-sil-andika fonts-sora
        fonts-vollkorn""".split(),
}


def files_of(package: str) -> list[str]:
    """The package's font files; empty where it is not installed."""
    listed = subprocess.run(["dpkg", "-L", package], capture_output=True, text=True, check=False).stdout
    return [path for path in listed.split("\n") if path.lower().endswith((".ttf", ".otf"))]


def missing_packages() -> list[str]:
    return [package for packages in PACKAGES.values() for package in packages if not files_of(package)]


if __name__ == "__main__":
    chosen = missing_packages() if "--missing" in sys.argv else [p for ps in PACKAGES.values() for p in ps]
    print("\n".join(chosen), end="\n" if chosen else "")
