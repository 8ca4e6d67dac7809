"""SQL text is refused in a tenant's session wherever in a statement it hides (law 1).

The linter refuses it in the source; this is for what the linter does not see.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import column, func, literal_column, select, table, text, update

from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WallBreach
from parts.platform import RIVER
from tenants.sites.models import Column

C = Column
EVERY_NAME = "SELECT name FROM column_node"

TEXTS: dict[str, Any] = {
    "a column": select(C.id, literal_column(f"({EVERY_NAME} LIMIT 1)")),
    "a text column": select(C.id, text(f"({EVERY_NAME} LIMIT 1)")),
    "a condition": select(C.name).where(text("1=1 OR column_node.id > 0")),
    "an order": select(C.name).order_by(text("1")),
    "a prefix": select(C.name).prefix_with("DISTINCT"),
    "a suffix": select(C.name).suffix_with(f"UNION {EVERY_NAME}"),
    "a hint": select(C.name).with_statement_hint(f"UNION {EVERY_NAME}"),
    "a table's hint": select(C.name).with_hint(C, "x"),
    "a suffix inside": select(C.name).where(
        C.id.in_(select(C.id).suffix_with("UNION SELECT id FROM column_node"))
    ),
    "a suffix of a common table": select(
        select(C.name).cte().suffix_with("AS NOT MATERIALIZED").c.name  # type: ignore[attr-defined]  # it has
    ),
    "an operator": select(C.name).where(C.id.op("> 0 OR 1 =")(1)),
    "an operator before": select(C.name).where(func.lower(C.name).op("~ '.' OR 1 =")("x")),
    "a table": select(C.id, table("column_node", column("name")).c.name),
    "a function": select(C.id, func.set_config("app.tenant_id", "102", True)),
    "a function that runs text": select(C.id, func.query_to_xml(EVERY_NAME, 0, 0, "")),
    "a function of the system's": select(C.id, func.pg_catalog.pg_read_file("/etc/hostname")),
    "an update's condition": update(C).values(name="x").where(text("1=1")),
    "an update's value": update(C).values(name=literal_column(f"({EVERY_NAME} LIMIT 1)")),
}


@pytest.mark.parametrize("place", TEXTS)
def test_text_is_refused(columns: Runtime, place: str) -> None:
    with columns.tenant_session(RIVER.tenant_id) as session, pytest.raises(WallBreach):
        session.execute(TEXTS[place])


def test_what_is_no_text_is_not_refused(columns: Runtime) -> None:
    with columns.tenant_session(RIVER.tenant_id, reading=True) as session:
        assert session.scalar(select(func.count()).select_from(C)) == 1
        assert session.scalar(select(func.max(func.coalesce(C.name, "")))) == "river"
        assert session.scalars(select(C.name).where(C.name.icontains("RIV"))).all() == ["river"]
        assert session.scalars(select(C.name).order_by(-C.id, C.name.desc())).all() == ["river"]
