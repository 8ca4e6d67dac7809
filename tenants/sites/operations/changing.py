"""Bringing columns to what was signed of them, and closing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from hosting.runtime.errors import Conflict, Invalid
from hosting.runtime.ids import id_text
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.sites.events import ColumnChanged, ColumnClosed, ColumnMoved, ColumnsCreated
from tenants.sites.models import CLOSED, OPEN, PLANNED, Column
from tenants.sites.operations.growing import taken
from tenants.sites.queries import children_of, column, descendants_of, siblings_of
from tenants.sites.rules import ColumnFacts, ColumnProposal, problems_of


def replan_column(session: WalledSession, column_id: int, *, facts: ColumnFacts) -> Column:
    """Let a column that readers don't see yet say what is wanted of it now."""
    node = column(session, column_id)
    check_proposal(session, node, facts)
    _take_over(session, node, facts)
    return node


def set_column(
    session: WalledSession, column_id: int, *, proposal: ColumnProposal, by: Actor
) -> Column:
    """Bring a column to what was signed of it: texts, rules, slug, place; a planned one opens.

    A new slug moves its public path and those below it. Invalid or Conflict where that cannot be
    (any more). Records ColumnsCreated or ColumnChanged, and ColumnMoved.
    """
    node = column(session, column_id)
    check_proposal(session, node, proposal.facts)
    _check_above(session, node)
    is_new, node.state = node.state == PLANNED, OPEN
    below = _take_over(session, node, proposal.facts)
    placed = _place(session, node, proposal.place)
    if is_new:
        session.record(ColumnsCreated(node.tenant_id, node.site_id, [node.id]), by=by)
    if placed or not is_new:
        changed = dict.fromkeys(each.id for each in (node, *below, *placed))
        session.record(ColumnChanged(node.tenant_id, node.site_id, list(changed)), by=by)
    return node


def _check_above(session: WalledSession, node: Column) -> None:
    above = column(session, node.parent_id) if node.parent_id is not None else None
    if above is not None and above.state != OPEN:
        raise Conflict(
            "parent_not_open", N_("上级栏目“{name}”尚未公开，请先审发上级栏目"), name=above.name
        )


def _take_over(session: WalledSession, node: Column, facts: ColumnFacts) -> Sequence[Column]:
    """Let the row say these facts; what lies below it."""
    slug_before = node.slug
    for field, value in asdict(facts).items():
        setattr(node, field, value)
    below = descendants_of(session, node)
    if node.slug != slug_before:
        _move(session, node, below)
    return below


def check_proposal(session: WalledSession, node: Column, facts: ColumnFacts) -> None:
    """Raise for facts that this column cannot have: Invalid with every problem, Conflict."""
    if node.state == CLOSED:
        raise Conflict("column_closed", N_("栏目“{name}”已关闭"), name=node.name)
    problems = problems_of(facts, depth=node.depth)
    if facts.slug != node.slug:
        problems += taken(session, node.site_id, [_path_with(node, facts.slug)])
    if problems:
        raise Invalid("wrong_column", N_("栏目有误，未作改动："), problems=problems)


def _path_with(node: Column, slug: str) -> str:
    return node.path.removesuffix("/").rpartition("/")[0] + "/" + slug + "/"


def _move(session: WalledSession, node: Column, below: Sequence[Column]) -> None:
    old, new = node.path, _path_with(node, node.slug)
    moves: list[list[object]] = []
    for each in (node, *below):
        moved = new + each.path.removeprefix(old)
        moves.append([each.id, each.path, moved])
        each.path = moved
    if node.state == OPEN:
        session.record(ColumnMoved(node.tenant_id, node.site_id, moves))


def known_place(session: WalledSession, node: Column, place: str) -> str:
    """The place where there is one by this name among the column's siblings, else "": as it is."""
    return place if place in _places(siblings_of(session, node), node) else ""


def _places(siblings: Sequence[Column], node: Column) -> list[str]:
    """The names of places: before all others, then behind each of them."""
    return ["first", *(str(each.id) for each in siblings if each.id != node.id)]


def _place(session: WalledSession, node: Column, place: str) -> list[Column]:
    """Put a column where it was wanted among its siblings; those whose number changed.

    Behind a column that is there no more it stays where it is.
    """
    siblings = siblings_of(session, node)
    others = [each for each in siblings if each.id != node.id]
    names = _places(siblings, node)
    if place not in names:
        return []
    others.insert(names.index(place), node)
    moved = [each for position, each in enumerate(others) if siblings[position].id != each.id]
    for position, each in enumerate(others):
        each.position = position
    return moved


def close_column(session: WalledSession, column_id: int, *, in_use: bool, by: Actor) -> Column:
    """Take a column out of the tree; Conflict while columns or items (`in_use`) are in it.

    Its row stays for what was signed of it, and its path is free again. Records ColumnClosed.
    """
    node = column(session, column_id)
    check_closing(session, node, in_use=in_use)
    node.state, path = CLOSED, node.path
    # No slug holds a tilde: nothing else can ever have this path.
    node.path = f"{path.removesuffix('/')}~{id_text(node.id)}/"
    session.record(ColumnClosed(node.tenant_id, node.site_id, node.id, node.parent_id, path), by=by)
    return node


def forget_column(session: WalledSession, column_id: int, *, in_use: bool, by: Actor) -> None:
    """Delete a column that only was planned and of which nothing was signed.

    Raises and records as `close_column`.
    """
    node = column(session, column_id)
    check_closing(session, node, in_use=in_use)
    session.record(
        ColumnClosed(node.tenant_id, node.site_id, node.id, node.parent_id, node.path), by=by
    )
    session.delete(node)


def check_closing(session: WalledSession, node: Column, *, in_use: bool) -> None:
    """Raise Conflict for a column that cannot be closed: in use, or closed already."""
    if node.state == CLOSED:
        raise Conflict("column_closed", N_("栏目“{name}”已关闭"), name=node.name)
    if in_use or children_of(session, node.id):
        raise Conflict(
            "column_in_use", N_("“{name}”下还有稿件或栏目，请先移走再关闭"), name=node.name
        )
