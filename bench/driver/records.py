# SPDX-License-Identifier: Apache-2.0
"""What is measured: records, as a table for people and as JSON for programs."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Record:
    """One number. Metrics and units are listed in bench/README.md."""

    target: str
    device: str
    model: str
    metric: str
    value: float
    unit: str


def write_json(records: list[Record], file: Path) -> None:
    file.write_text(json.dumps([dataclasses.asdict(record) for record in records], indent=1) + "\n")


def print_tables(records: list[Record]) -> None:
    """One table for each target and device: a line a metric, a column a model."""
    for target, device in dict.fromkeys((r.target, r.device) for r in records):
        some = [r for r in records if (r.target, r.device) == (target, device)]
        models = list(dict.fromkeys(r.model for r in some))
        cells = {(r.metric, r.model): format_value(r.value) for r in some}
        rows = [[metric, unit, *(cells.get((metric, model), "-") for model in models)]
                for metric, unit in dict.fromkeys((r.metric, r.unit) for r in some)]
        print(f"\n{target}: {device}")
        print_aligned([["metric", "unit", *models], *rows], left=2)


def format_value(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}" if value < 100 else f"{value:,.0f}"


def print_aligned(rows: list[list[str]], left: int) -> None:
    """Prints columns, the first `left` of them flush left, the others flush right."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        cells = [cell.ljust(width) if i < left else cell.rjust(width)
                 for i, (cell, width) in enumerate(zip(row, widths))]
        print("  " + "  ".join(cells).rstrip())


def progress(*words: object) -> None:
    print("--", *words, file=sys.stderr, flush=True)
