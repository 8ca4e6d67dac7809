"""Growing the column tree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy import select

from hosting.directory.models import Site
from hosting.runtime.errors import Invalid, Problem
from hosting.runtime.ids import new_id
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession, insert_many
from hosting.security.actor import Actor
from tenants.sites.events import ColumnPlanned, ColumnsCreated
from tenants.sites.models import OPEN, PLANNED, Column
from tenants.sites.queries import column, columns_of, next_position
from tenants.sites.rules import ColumnFacts, check_manager, problems_of


@dataclass(frozen=True)
class ColumnPlan:
    """A column to be made, with those below it."""

    facts: ColumnFacts
    children: tuple[ColumnPlan, ...] = ()


def create_columns(
    session: WalledSession,
    site: Site,
    plans: Sequence[ColumnPlan],
    *,
    by: Actor,
    parent: Column | None = None,
    state: str = OPEN,
) -> list[Column]:
    """Make columns in the order given, below `parent` or at the top, in one insert.

    Returns the new columns, parents before children (detached from the session). Invalid lists
    every problem of every plan, and nothing is made. Records ColumnsCreated of open ones; planned
    ones wait for `open_columns`. Takes the tenant from the site, so it works in a platform session
    too.
    """
    first = next_position(session, site.id, parent.id if parent else None)
    made, problems = _grow(site, plans, parent, first, "")
    problems += taken(session, site.id, [each.path for each in made])
    if problems:
        raise Invalid("wrong_columns", N_("栏目有误，均未建立："), problems=problems)
    for each in made:
        each.state = state
    insert_many(session, Column, [_row(each) for each in made])
    if state == OPEN:
        session.record(ColumnsCreated(site.tenant_id, site.id, [each.id for each in made]), by=by)
    return made


def open_columns(
    session: WalledSession, site_id: int, column_ids: Iterable[int], *, by: Actor
) -> None:
    """Let readers see those of the columns that are planned. Records ColumnsCreated."""
    planned = [
        each
        for each in columns_of(session, site_id)
        if each.state == PLANNED and each.id in set(column_ids)
    ]
    for each in planned:
        each.state = OPEN
    if planned:
        ids = [each.id for each in planned]
        session.record(ColumnsCreated(session.tenant_id, site_id, ids), by=by)


def create_column(
    session: WalledSession, site: Site, *, facts: ColumnFacts, parent_id: int | None, by: Actor
) -> Column:
    """Make one column that is open at once; see `create_columns`. Problems name the bare fields."""
    node = _new_column(session, site, facts, parent_id)
    session.add(node)
    session.flush()
    session.record(ColumnsCreated(site.tenant_id, site.id, [node.id]), by=by)
    return node


def _grow(
    site: Site, plans: Sequence[ColumnPlan], parent: Column | None, first: int, prefix: str
) -> tuple[list[Column], list[Problem]]:
    made: list[Column] = []
    problems: list[Problem] = []
    depth = parent.depth + 1 if parent else 1
    seen: set[str] = set()
    for place, plan in enumerate(plans):
        where = f"{prefix}{plan.facts.name or place + 1}."
        problems += problems_of(plan.facts, depth=depth, prefix=where)
        if plan.facts.slug in seen:
            problems.append(Problem(where + "slug", "path_taken", N_("与同级栏目的路径名重复")))
        seen.add(plan.facts.slug)
        node = _column(site, plan.facts, parent, depth, first + place)
        below, wrong = _grow(site, plan.children, node, 0, where)
        made += [node, *below]
        problems += wrong
    return made, problems


def _column(
    site: Site, facts: ColumnFacts, parent: Column | None, depth: int, position: int
) -> Column:
    return Column(
        tenant_id=site.tenant_id,
        id=new_id(),
        site_id=site.id,
        parent_id=parent.id if parent else None,
        path=(parent.path if parent else "/") + facts.slug + "/",
        depth=depth,
        position=position,
        **asdict(facts),
    )


def _row(node: Column) -> dict[str, object]:
    """The set values of a column as a row; defaults are filled in by the insert."""
    return {key: value for key, value in vars(node).items() if not key.startswith("_")}


def taken(session: WalledSession, site_id: int, paths: Sequence[str]) -> list[Problem]:
    """Those of the paths that another column of the site has, as problems of its slug."""
    taken = session.scalars(
        select(Column.path).where(Column.site_id == site_id, Column.path.in_(paths))
    )
    return [
        Problem("slug", "path_taken", N_("路径“{path}”已被占用"), {"path": path}) for path in taken
    ]


def plan_column(
    session: WalledSession, site: Site, *, facts: ColumnFacts, parent_id: int | None, by: Actor
) -> Column:
    """Take a new column down, with its path, for what is to be signed; readers don't see it yet.

    Problems as of `create_column`. Records ColumnPlanned.
    """
    check_manager(session, by, parent_id)
    node = _new_column(session, site, facts, parent_id)
    node.state = PLANNED
    session.add(node)
    session.flush()
    session.record(ColumnPlanned(node.tenant_id, site.id, node.id), by=by)
    return node


def _new_column(
    session: WalledSession, site: Site, facts: ColumnFacts, parent_id: int | None
) -> Column:
    """A checked column behind the last of its siblings; Invalid names the bare fields."""
    parent = column(session, parent_id) if parent_id is not None else None
    first = next_position(session, site.id, parent_id)
    made, problems = _grow(site, [ColumnPlan(facts)], parent, first, "")
    problems += taken(session, site.id, [each.path for each in made])
    if problems:
        bare = [replace(p, field=p.field.rpartition(".")[2]) for p in problems]
        raise Invalid("wrong_columns", N_("栏目有误，未建立："), problems=bare)
    return made[0]
