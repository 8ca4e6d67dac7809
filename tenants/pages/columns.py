"""The columns of a site as its pages show them: as signed, in the preview as wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import inspect

from hosting.runtime.session import WalledSession
from tenants.content.columns import column_editions, proposal_of
from tenants.content.facts import column_digest
from tenants.content.models import Edition
from tenants.review.queries import digests_issued
from tenants.sites.models import OPEN, Column
from tenants.sites.queries import columns_of
from tenants.sites.rules import ColumnFacts


def shown_columns(session: WalledSession, site_id: int, *, drafts: bool) -> Sequence[Column]:
    """A site's columns level by level, each in its order.

    Readers get open ones in the words that were signed, whatever stands in the row by now (law 5);
    the preview gets planned ones too, as the editions on their way want them.
    """
    columns = columns_of(session, site_id)
    if drafts:
        return _as_wanted(columns, column_editions(session, site_id))
    signed = _signed(session, site_id)
    return [
        _saying(each, signed[each.id]) if each.id in signed else each
        for each in columns
        if each.state == OPEN
    ]


def _signed(session: WalledSession, site_id: int) -> dict[int, ColumnFacts]:
    """The words of columns as their rows of issue sealed them; without those that are not whole."""
    live = column_editions(session, site_id, live=True)
    issues = digests_issued(session, [each.id for each in live.values()])
    return {
        column_id: proposal_of(each).facts
        for column_id, each in live.items()
        if issues.get(each.id) == column_digest(column_id, each.title, each.column_facts or {})
    }


def _as_wanted(columns: Sequence[Column], wanted: Mapping[int, Edition]) -> list[Column]:
    proposals = {column_id: proposal_of(each) for column_id, each in wanted.items()}
    shown = [
        _saying(each, proposals[each.id].facts) if each.id in proposals else each
        for each in columns
        if each.id not in proposals or not proposals[each.id].closes
    ]
    for column_id, proposal in proposals.items():
        shown = _placed(shown, column_id, proposal.place)
    return shown


def _placed(columns: list[Column], column_id: int, place: str) -> list[Column]:
    """The columns with one of them there where it is wanted among its siblings."""
    node = next((each for each in columns if each.id == column_id), None)
    if node is None or not place:
        return columns
    others = [each for each in columns if each.id != column_id]
    behind = _index(others, (each for each in others if str(each.id) == place))
    first = _index(others, (each for each in others if each.parent_id == node.parent_id))
    at = first if place == "first" else None if behind is None else behind + 1
    return columns if at is None else [*others[:at], node, *others[at:]]


def _index(columns: Sequence[Column], found: Iterable[Column]) -> int | None:
    first = next(iter(found), None)
    return None if first is None else columns.index(first)


def _saying(column: Column, facts: ColumnFacts) -> Column:
    """A copy in other words, at the same address; it belongs to no session."""
    words = asdict(facts) | {"slug": column.slug}
    row = {each.key: getattr(column, each.key) for each in inspect(Column).column_attrs}
    return Column(**(row | words))
