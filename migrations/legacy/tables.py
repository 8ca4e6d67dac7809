"""Plain tables for terminals: columns as wide as Chinese is, nothing cut off that was asked for."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from hosting.runtime.language import text

Rows = Sequence[Sequence[str]]
_WIDTH = 120


def grid(titles: Sequence[str], rows: Rows) -> str:
    """A table with msgids as titles, as text; long cells are folded."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in titles:
        table.add_column(text(title), overflow="fold")
    for row in rows:
        table.add_row(*(_cell(one) for one in row))
    out = io.StringIO()
    Console(file=out, width=_WIDTH, highlight=False, markup=False, emoji=False).print(table)
    return out.getvalue().rstrip("\n")


def _cell(value: str, limit: int = 64) -> str:
    plain = " ".join(value.split())
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def as_text(facts: Mapping[str, Any]) -> str:
    """Facts on one line."""
    return "  ".join(f"{name}: {value}" for name, value in facts.items())
