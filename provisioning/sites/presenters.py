"""A tenant's sites as the command line shows them to people."""

from __future__ import annotations

from typing import Any

from hosting.directory.models import CLOSED, OPEN
from hosting.runtime.language import N_, language_of, text

SITE_STATES = {OPEN: N_("开放"), CLOSED: N_("已关闭")}


def sites_text(rows: list[dict[str, Any]]) -> str:
    """One line a site."""
    return "\n".join(_line(row) for row in rows)


def _line(row: dict[str, Any]) -> str:
    state = text(SITE_STATES[row["state"]])
    hosts = text(N_("、")).join(row["hosts"])
    return f"{language_of(row['locale']).name:<10} {state}  {row['name']}  {hosts}"
