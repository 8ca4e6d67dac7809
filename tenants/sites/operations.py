"""Verbs of the column tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy import select

from hosting.directory.models import Site
from hosting.runtime.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from hosting.runtime.ids import new_id
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession, insert_many
from hosting.security.actor import Actor
from tenants.sites.events import ColumnChanged, ColumnClosed, ColumnMoved, ColumnsCreated
from tenants.sites.models import Column
from tenants.sites.queries import (
    children_of,
    column,
    descendants_of,
    lineages,
    next_position,
)
from tenants.sites.rules import ColumnFacts, problems_of

_MANAGER = "tenant_admin"


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
) -> list[Column]:
    """Make columns in the order given, below `parent` or at the top, in one insert.

    Returns the new columns, parents before children (detached from the session). Invalid lists
    every problem of every plan, and nothing is made. Records ColumnsCreated. Takes the tenant from
    the site, so it works in a platform session too.
    """
    first = next_position(session, site.id, parent.id if parent else None)
    made, problems = _grow(site, plans, parent, first, "")
    taken = _taken_paths(session, site.id, [each.path for each in made])
    problems += [
        Problem("slug", "path_taken", N_("路径“{path}”已被占用"), {"path": path}) for path in taken
    ]
    if problems:
        raise Invalid("wrong_columns", N_("栏目有误，均未建立："), problems=problems)
    insert_many(session, Column, [_row(each) for each in made])
    session.record(ColumnsCreated(site.tenant_id, site.id, [each.id for each in made]), by=by)
    return made


def create_column(
    session: WalledSession, site: Site, *, facts: ColumnFacts, parent_id: int | None, by: Actor
) -> Column:
    """Make one column; see `create_columns`. Problems name the bare fields."""
    check_manager(session, by, parent_id)
    parent = column(session, parent_id) if parent_id is not None else None
    try:
        (made,) = create_columns(session, site, [ColumnPlan(facts)], by=by, parent=parent)
    except Invalid as refusal:
        bare = [replace(p, field=p.field.rpartition(".")[2]) for p in refusal.problems]
        raise Invalid(refusal.code, N_("栏目有误，未建立："), problems=bare) from None
    return column(session, made.id)


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


def _taken_paths(session: WalledSession, site_id: int, paths: Sequence[str]) -> Sequence[str]:
    return session.scalars(
        select(Column.path).where(Column.site_id == site_id, Column.path.in_(paths))
    ).all()


def change_column(
    session: WalledSession, column_id: int, *, facts: ColumnFacts, by: Actor
) -> Column:
    """Change a column's texts, rules and slug.

    A new slug moves its public path and those below it: records ColumnMoved, else ColumnChanged.
    """
    check_manager(session, by, column_id)
    node = column(session, column_id)
    if problems := problems_of(facts, depth=node.depth):
        raise Invalid("wrong_column", N_("栏目有误，未作改动："), problems=problems)
    slug_before = node.slug
    for field, value in asdict(facts).items():
        setattr(node, field, value)
    below = descendants_of(session, node)
    session.record(
        ColumnChanged(node.tenant_id, node.site_id, [node.id, *(b.id for b in below)]), by=by
    )
    if facts.slug != slug_before:
        _move(session, node, below)
    return node


def _move(session: WalledSession, node: Column, below: Sequence[Column]) -> None:
    old = node.path
    new = old.removesuffix("/").rpartition("/")[0] + "/" + node.slug + "/"
    if _taken_paths(session, node.site_id, [new]):
        raise Conflict("path_taken", N_("路径“{path}”已被占用"), path=new)
    moves: list[list[object]] = []
    for each in (node, *below):
        moved = new + each.path.removeprefix(old)
        moves.append([each.id, each.path, moved])
        each.path = moved
    session.record(ColumnMoved(node.tenant_id, node.site_id, moves))


def place_column(session: WalledSession, column_id: int, *, direction: str, by: Actor) -> Column:
    """Swap a column with its neighbour: `direction` is "up" or "down"; at the end, nothing."""
    check_manager(session, by, column_id)
    node = column(session, column_id)
    siblings = _siblings(session, node)
    place = next(i for i, each in enumerate(siblings) if each.id == node.id)
    target = place + (-1 if direction == "up" else 1)
    if 0 <= target < len(siblings):
        siblings[place], siblings[target] = siblings[target], siblings[place]
        for position, each in enumerate(siblings):
            each.position = position
        session.record(ColumnChanged(node.tenant_id, node.site_id, [s.id for s in siblings]), by=by)
    return node


def _siblings(session: WalledSession, node: Column) -> list[Column]:
    if node.parent_id is not None:
        return list(children_of(session, node.parent_id))
    return list(
        session.scalars(
            select(Column)
            .where(Column.site_id == node.site_id, Column.parent_id.is_(None))
            .order_by(Column.position, Column.id)
        )
    )


def close_column(session: WalledSession, column_id: int, *, by: Actor, in_use: bool) -> None:
    """Take a column out of the tree; Conflict while columns or items (`in_use`) are in it."""
    check_manager(session, by, column_id)
    node = column(session, column_id)
    if in_use or children_of(session, column_id):
        raise Conflict(
            "column_in_use", N_("“{name}”下还有稿件或栏目，请先移走再关闭"), name=node.name
        )
    session.delete(node)
    session.record(
        ColumnClosed(node.tenant_id, node.site_id, node.id, node.parent_id, node.path), by=by
    )


def check_manager(session: WalledSession, by: Actor, column_id: int | None) -> None:
    """Raise Forbidden for an administrator who is confined to other columns (None: the top)."""
    confined = by.columns.get(_MANAGER)
    if confined is None:
        return
    line = () if column_id is None else lineages(session).get(column_id, ())
    if confined.isdisjoint(line):
        raise Forbidden("column_not_yours", N_("这个栏目不在您的管理范围内"))


def site_of(session: WalledSession, site_id: int) -> Site:
    """One site of the tenant; NotFound for a missing one and a foreign one alike."""
    site = session.scalars(select(Site).where(Site.id == site_id)).first()
    if site is None:
        raise NotFound("no_such_site", N_("没有找到这个网站"))
    return site
