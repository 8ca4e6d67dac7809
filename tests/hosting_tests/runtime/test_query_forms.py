"""Every form of query that SQLAlchemy lets one write meets the wall (law 1).

Each form is tried in a session of one tenant and in one of nobody, on both databases, and may see
or touch rows of that tenant alone, or be refused. What no wall can stop is refused by lint
(tests/structure/test_habits.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import (
    and_,
    case,
    column,
    create_engine,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    text,
    true,
    tuple_,
    union,
    update,
)
from sqlalchemy.exc import CompileError, DatabaseError, InvalidRequestError
from sqlalchemy.orm import Bundle, aliased, defer, load_only, make_transient
from sqlalchemy.orm.exc import StaleDataError

from hosting.directory.models import Domain, Site
from hosting.runtime.jobs import Job
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WallBreach, WalledSession, ensure_rows, insert_many
from parts.platform import HILL, RIVER
from parts.walled import column_of
from tenants.sites.models import Column

pytestmark = pytest.mark.filterwarnings("ignore:SELECT statement has a cartesian product")

Form = Callable[[WalledSession], Iterable[Any]]
TABLE = Column.__table__
ALL_NAMES = "SELECT name FROM column_node LIMIT 1"
C, S, OTHER = Column, Site, aliased(Column)
# Stands for "every row there is", whatever a form narrows by.
EVERY = C.id > 0


def names(statement: Any) -> Form:
    """A statement of which the first column is a name."""
    return lambda session: session.scalars(statement)


def entities(statement: Any) -> Form:
    """A statement that gives whole columns."""
    return lambda session: [each.name for each in session.scalars(statement)]


def counted(statement: Any) -> Form:
    """A number of rows, as that many names."""
    return lambda session: ["river"] * (session.scalar(statement) or 0)


def _merged(session: WalledSession) -> list[str]:
    foreign = column_of(HILL, tenant_id=HILL.tenant_id, name="merged")
    session.merge(foreign)
    session.flush()
    return []


def _refreshed(session: WalledSession) -> list[str]:
    own = session.scalars(select(C)).first()
    if own is None:
        return []
    session.refresh(own)
    return [own.name]


def _refreshed_under_another_key(session: WalledSession) -> list[str]:
    """A row of one's own whose key is turned into another's, and then read again."""
    own = session.scalars(select(C)).first()
    if own is None:
        return []
    session.expunge(own)
    make_transient(own)
    own.tenant_id, own.id = HILL.tenant_id, HILL.site_id + 5
    session.add(own)
    session.flush()
    session.refresh(own)
    return [own.name]


def _by_identity(session: WalledSession) -> list[str]:
    """The identity map does not hand out what another way brought in."""
    with suppress(WallBreach):
        session.scalars(select(C).from_statement(select(TABLE))).all()
    found = session.get(C, (HILL.tenant_id, HILL.site_id + 5))
    return [] if found is None else [found.name]


READS: dict[str, Form] = {
    "entities": entities(select(C)),
    "columns": names(select(C.name)),
    "legacy query": lambda session: [each.name for each in session.query(C)],
    "legacy query of a column": lambda session: [row.name for row in session.query(C.name)],
    "legacy count": lambda session: ["river"] * session.query(C).count(),
    "get": lambda session: [
        each.name
        for each in [session.get(C, (HILL.tenant_id, HILL.site_id + 5))]
        if each is not None
    ],
    "get after a look around": _by_identity,
    "refresh": _refreshed,
    "count of ids": counted(select(func.count(C.id))),
    "count of rows": counted(select(func.count()).select_from(C)),
    "count of a subquery": counted(select(func.count()).select_from(select(C.id).subquery())),
    "maximum": lambda session: [n for n in session.scalars(select(func.max(C.name))) if n],
    "group and having": names(select(C.name).group_by(C.name).having(func.count() > 0)),
    "distinct": names(select(C.name).distinct()),
    "order, limit and offset": names(select(C.name).order_by(C.name).limit(10).offset(0)),
    "foreign id": names(select(C.name).where(C.id == HILL.site_id + 5)),
    "foreign tenant": names(select(C.name).where(C.tenant_id == HILL.tenant_id)),
    "or": names(select(C.name).where((C.id == 0) | EVERY)),
    "not": names(select(C.name).where(~(C.id == 0))),
    "between": names(select(C.name).where(C.id.between(0, 10**18))),
    "row value": names(
        select(C.name).where(tuple_(C.tenant_id, C.id).in_([(HILL.tenant_id, HILL.site_id + 5)]))
    ),
    "alias": names(select(OTHER.name)),
    "alias entities": entities(select(OTHER)),
    "alias of a subquery": entities(select(aliased(C, select(C).subquery()))),
    "join": names(select(C.name).join(S, and_(S.tenant_id == C.tenant_id, S.id == C.site_id))),
    "join by site alone": names(select(C.name).join(S, S.id == C.site_id)),
    "outer join": names(select(C.name).outerjoin(S, S.id == C.site_id)),
    "join to an alias": names(select(OTHER.name).select_from(C).join(OTHER, true())),
    "join to a subquery": lambda session: session.scalars(
        select(_sub().c.name).select_from(C).join(_sub(), true())
    ),
    "cartesian product": names(select(OTHER.name).where(C.id > 0)),
    "exists": names(select(C.name).where(exists().where(S.id == C.site_id))),
    "exists over foreign": counted(
        select(literal(1)).where(exists().where(C.tenant_id == HILL.tenant_id))
    ),
    "in": names(select(C.name).where(C.site_id.in_(select(S.id)))),
    "not in": names(select(C.name).where(C.site_id.not_in(select(S.id).where(S.id == 0)))),
    "scalar subquery": lambda session: [
        row[0]
        for row in session.execute(
            select(select(C.name).order_by(C.name).limit(1).scalar_subquery())
        )
        if row[0]
    ],
    "correlated subquery": names(
        select(select(C.name).where(C.site_id == S.id).limit(1).scalar_subquery()).select_from(S)
    ),
    "subquery": lambda session: session.scalars(select(_sub().c.name)),
    "cte": lambda session: session.scalars(select(select(C.name).cte().c.name)),
    "recursive cte": lambda session: session.scalars(select(_descent().c.name)),
    "union": names(union(select(C.name), select(C.name))),
    "union all of entities": entities(
        select(C).from_statement(select(C).union_all(select(C).where(C.id < 0)))
    ),
    "from statement": entities(select(C).from_statement(select(TABLE))),
    "columns from statement": names(select(C.name).from_statement(select(TABLE.c.name))),
    "window": names(select(C.name).add_columns(func.row_number().over(order_by=C.id))),
    "case": names(select(case((C.id > 0, C.name), else_=""))),
    "bundle": lambda session: [
        row[0].name for row in session.execute(select(Bundle("told", C.name)))
    ],
    "deferred": entities(select(C).options(defer(C.path))),
    "load only": entities(select(C).options(load_only(C.name))),
    "for update": entities(select(C).with_for_update()),
    "populate existing": entities(select(C).execution_options(populate_existing=True)),
    "streamed": lambda session: [
        each.name for each in session.scalars(select(C).execution_options(yield_per=1))
    ],
    "without tracking": lambda session: session.scalars(
        select(C.name).execution_options(autoflush=False)
    ),
    "table": names(select(TABLE)),
    "column of a table": names(select(TABLE.c.name)),
    "table beside an entity": names(select(TABLE.c.name).select_from(S).join(TABLE, true())),
    "table beside its own entity": names(select(TABLE.c.name).where(C.id > 0)),
    "alias of a table beside its entity": lambda session: session.scalars(
        select((bare := TABLE.alias()).c.name).select_from(C).join(bare, true())
    ),
    "table beside an alias of its entity": names(
        select(TABLE.c.name).select_from(OTHER).join(TABLE, true())
    ),
    "table in a subquery": lambda session: session.scalars(
        select(select(TABLE.c.name).subquery().c.name).select_from(S)
    ),
    "table by its name": names(
        select(table("column_node", column("name")).c.name).select_from(S).where(S.id > 0)
    ),
    "text as a column": lambda session: [
        row[1] for row in session.execute(select(S.id, literal_column(f"({ALL_NAMES})")))
    ],
    "text as a condition": names(select(C.name).where(text("1=1 OR column_node.id > 0"))),
    "text as an order": names(select(C.name).order_by(text("1"))),
    "text before": names(select(C.name).prefix_with("DISTINCT")),
    "text behind": names(select(C.name).suffix_with("UNION SELECT name FROM column_node")),
    "text as a hint": names(
        select(C.name).with_statement_hint("UNION SELECT name FROM column_node")
    ),
    "text in a subquery": names(
        select(C.name).where(C.id.in_(select(C.id).suffix_with("UNION SELECT id FROM column_node")))
    ),
    "text as an operator": names(select(C.name).where(C.id.op("> 0 OR 1 =")(1))),
    "text as a statement": lambda session: session.scalars(text(ALL_NAMES)),
    "text as entities": entities(select(C).from_statement(text("SELECT * FROM column_node"))),
    "telling the database otherwise": lambda session: [
        session.execute(select(C.id, func.set_config("app.tenant_id", "102", True))).all(),
        *session.scalars(select(C.name)),
    ][1:],
    "a function that runs text": lambda session: [
        row[1] for row in session.execute(select(C.id, func.query_to_xml(ALL_NAMES, 0, 0, "")))
    ],
    "a function as a table": names(select(func.json_each(C.name).table_valued("value").c.value)),
    "another connection": lambda session: session.scalars(
        select(C.name), bind_arguments={"bind": create_engine("sqlite://")}
    ),
    "ledger of another": lambda session: [
        {RIVER.host: "river"}.get(host, host) for host in session.scalars(select(Domain.host))
    ],
    "table of a ledger": lambda session: session.scalars(
        select(Domain.__table__.c.host).select_from(S).join(Domain.__table__, true())
    ),
    "table in a condition": counted(
        select(func.count(S.id)).where(exists().where(TABLE.c.tenant_id == HILL.tenant_id))
    ),
}


def _sub() -> Any:
    return select(C.name).subquery()


def _descent() -> Any:
    top = select(C.id, C.name).where(C.parent_id.is_(None)).cte(recursive=True)
    return top.union_all(select(C.id, C.name).join(top, C.parent_id == top.c.id))


def seen(runtime: Runtime, tenant_id: int | None, form: str) -> set[str]:
    """The names that a form of reading gives; none where it is refused."""
    with (
        suppress(WallBreach),
        runtime.tenant_session(tenant_id, reading=form != "for update") as session,
    ):
        return set(READS[form](session))
    return set()


def test_a_read_sees_own_rows_alone(columns: Runtime) -> None:
    found = {form: seen(columns, RIVER.tenant_id, form) for form in READS}

    assert {form: names for form, names in found.items() if not names <= {"river"}} == {}
    assert sum(names == {"river"} for names in found.values()) > 40


def test_a_read_of_nobody_sees_nothing(columns: Runtime) -> None:
    found = {form: seen(columns, None, form) for form in READS}

    assert {form: names for form, names in found.items() if names} == {}


def _bulk(name: str, *arguments: Any) -> Form:
    def call(session: WalledSession) -> list[str]:
        getattr(session, name)(*arguments)
        return []

    return call


def done(statement: Any, *parameters: Any) -> Form:
    """A statement that writes."""

    def execute(session: WalledSession) -> list[str]:
        session.execute(statement, *parameters)
        return []

    return execute


FOREIGN = {"tenant_id": HILL.tenant_id, "id": HILL.site_id + 5}
NEW = FOREIGN | {"id": 77, "site_id": HILL.site_id, "name": "new", "slug": "n", "path": "/n/"}

WRITES: dict[str, Form] = {
    "update": done(update(C).values(name="taken")),
    "update of a foreign id": done(update(C).where(C.id == HILL.site_id + 5).values(name="taken")),
    "update by key": done(update(C), [FOREIGN | {"name": "taken"}]),
    "update from another table": done(
        update(C).where(S.tenant_id == C.tenant_id, S.id == C.site_id).values(name="taken")
    ),
    "update with a subquery": done(
        update(C).where(C.site_id.in_(select(S.id))).values(name="taken")
    ),
    "update returning": lambda session: session.scalars(
        update(C).values(name=C.name).returning(C.name)
    ),
    "update without synchronizing": done(
        update(C).values(name="taken").execution_options(synchronize_session=False)
    ),
    "legacy update": lambda session: session.query(C).update({"name": "taken"}) and [],
    "giving away": done(update(C).values(tenant_id=HILL.tenant_id)),
    "update of a table": done(update(TABLE).values(name="taken")),
    "delete": done(delete(C)),
    "delete of a foreign id": done(delete(C).where(C.id == HILL.site_id + 5)),
    "delete using": done(delete(C).where(S.id == C.site_id)),
    "legacy delete": lambda session: session.query(C).delete() and [],
    "delete of a table": done(delete(TABLE)),
    "insert": done(insert(C).values(**NEW)),
    "insert of many": done(insert(C), [NEW]),
    "insert from a select": done(
        insert(C).from_select(
            ["tenant_id", "id", "site_id", "name", "slug", "path", "kind"],
            select(literal(HILL.tenant_id), C.id + 1, C.site_id, C.name, C.slug, C.path, C.kind),
        )
    ),
    "insert into a table": done(insert(TABLE).values(**NEW)),
    "insert many rows": lambda session: insert_many(session, C, [NEW]) or [],
    "ensure rows": lambda session: ensure_rows(session, C, [NEW]) or [],
    "add": lambda session: session.add(column_of(HILL, tenant_id=HILL.tenant_id, id=78)) or [],
    "merge": _merged,
    "change of the key": _refreshed_under_another_key,
    "bulk insert mappings": _bulk("bulk_insert_mappings", C, [NEW]),
    "bulk update mappings": _bulk("bulk_update_mappings", C, [FOREIGN | {"name": "taken"}]),
    "job of another": lambda session: (
        session.add(Job(kind="x", for_tenant_id=HILL.tenant_id)) or []
    ),
    "jobs of another": lambda session: (
        insert_many(session, Job, [{"kind": "x", "for_tenant_id": HILL.tenant_id}]) or []
    ),
    "job given away": done(update(Job).values(for_tenant_id=HILL.tenant_id)),
    "insert that says it was checked": done(
        insert(C).values(**NEW).execution_options(stamped=True)
    ),
    "bulk save": _bulk("bulk_save_objects", [column_of(HILL, tenant_id=HILL.tenant_id, id=79)]),
}


@pytest.mark.parametrize("tenant_id", [RIVER.tenant_id, None], ids=["a tenant", "nobody"])
def test_a_write_touches_own_rows_alone(columns: Runtime, tenant_id: int | None) -> None:
    refused = (WallBreach, DatabaseError, InvalidRequestError, CompileError, StaleDataError)
    touched = []
    for form, write in WRITES.items():
        with suppress(*refused), columns.tenant_session(tenant_id) as session:
            assert set(write(session) or ()) <= {"river"}, form
        if foreign_rows(columns) != [(HILL.tenant_id, HILL.site_id + 5, "hill")]:
            touched.append(form)
        if foreign_jobs(columns):
            touched.append(form)
        _renew(columns)

    assert touched == []


def foreign_rows(runtime: Runtime) -> list[tuple[int, int, str]]:
    with runtime.platform_session(reason="test", reading=True) as session:
        rows = session.execute(select(C.tenant_id, C.id, C.name))
        return [(row[0], row[1], row[2]) for row in rows if row[0] == HILL.tenant_id]


def foreign_jobs(runtime: Runtime) -> list[str]:
    with runtime.platform_session(reason="test", reading=True) as session:
        rows = session.execute(select(Job.for_tenant_id, Job.kind))
        return [row[1] for row in rows if row[0] == HILL.tenant_id]


def _renew(runtime: Runtime) -> None:
    """Both tenants' rows as they were."""
    with runtime.platform_session(reason="test") as session:
        session.execute(delete(C))
        for place in (RIVER, HILL):
            session.add(column_of(place, tenant_id=place.tenant_id))
