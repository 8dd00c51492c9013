# SPDX-License-Identifier: Apache-2.0
"""The Debian packages that the fonts come from: `packages.py --missing` prints those that are not here."""

from __future__ import annotations

import subprocess
import sys

PACKAGES = {
    "train": """
        fonts-3270 fonts-adf-accanthis fonts-adf-baskervald fonts-adf-berenis fonts-adf-gillius
        fonts-adf-ikarius fonts-adf-irianis fonts-adf-libris fonts-adf-mekanus fonts-adf-romande
        fonts-adf-tribun fonts-adf-universalis fonts-adf-verana fonts-agave fonts-apropal fonts-arapey
        fonts-averia-sans-gwf fonts-averia-serif-gwf fonts-b612 fonts-bebas-neue fonts-beteckna fonts-cabin
        fonts-cantarell fonts-cardo fonts-century-catalogue fonts-clear-sans fonts-cmu fonts-comfortaa
        fonts-courier-prime fonts-crosextra-carlito fonts-dejavu-core fonts-dejavu-extra fonts-dosis
        fonts-ebgaramond fonts-essays1743 fonts-eurofurence fonts-fantasque-sans fonts-fanwood
        fonts-freefont-ttf fonts-georgewilliams fonts-gfs-artemisia fonts-gfs-didot fonts-gfs-neohellenic
        fonts-glasstty fonts-gnutypewriter fonts-go fonts-goudybookletter fonts-hack fonts-hermit
        fonts-humor-sans fonts-inconsolata fonts-inter fonts-ipaexfont-gothic fonts-junction fonts-jura
        fonts-lato fonts-league-mono fonts-lemonada fonts-liberation fonts-lindenhill fonts-linuxlibertine
        fonts-manrope fonts-millimetre fonts-monofur fonts-monoid fonts-mononoki fonts-motoya-l-cedar
        fonts-nanum fonts-national-park fonts-ocr-a fonts-oldstandard fonts-opendin fonts-opendyslexic
        fonts-osifont fonts-oxygen fonts-paratype fonts-play fonts-prociono fonts-quicksand fonts-roboto-slab
        fonts-roboto-unhinted fonts-routed-gothic fonts-sawarabi-gothic fonts-sil-charis fonts-sil-doulos
        fonts-smc-gayathri fonts-smc-manjari fonts-smiley-sans fonts-texgyre fonts-tiresias
        fonts-tlwg-garuda-ttf fonts-tlwg-kinnari-ttf fonts-tlwg-laksaman-ttf fonts-tlwg-loma-ttf
        fonts-tlwg-mono-ttf fonts-tlwg-norasi-ttf fonts-tlwg-sawasdee-ttf fonts-tlwg-umpush-ttf fonts-tuffy
        fonts-yanone-kaffeesatz fonts-yrsa-rasa""".split(),
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
