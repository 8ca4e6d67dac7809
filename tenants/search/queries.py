"""What readers find: live editions that contain every word, by title first, then the newest."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hosting.runtime.session import WalledSession
from tenants.content.models import Edition, Item
from tenants.review.models import Issue

PAGE_SIZE = 15
MOST_WORDS = 6
LONGEST_QUERY = 100


_SEARCHED = (Edition.title, Edition.body_text, Edition.doc_number)


def words_of(query: str) -> list[str]:
    """The words of a query, at most six; a query is cut at 100 characters."""
    return list(dict.fromkeys(query[:LONGEST_QUERY].split()))[:MOST_WORDS]


def found_count(session: WalledSession, site_id: int, words: Sequence[str]) -> int:
    """How many items contain all words."""
    return (
        session.scalar(
            select(func.count(Item.id)).join(Edition, _is_live()).where(*_matching(site_id, words))
        )
        or 0
    )


def found(
    session: WalledSession, site_id: int, words: Sequence[str], *, page: int
) -> Sequence[tuple[Item, Edition]]:
    """One page of items that contain all words."""
    in_title = and_(*(_holds(Edition.title, word) for word in words))
    day = func.coalesce(Edition.original_date, func.date(Item.published_at))
    rows = session.execute(
        select(Item, Edition)
        .join(Edition, _is_live())
        .where(*_matching(site_id, words))
        .order_by(case((in_title, 0), else_=1), day.desc(), Item.id.desc())
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    )
    return [(row[0], row[1]) for row in rows]


def _is_live() -> ColumnElement[bool]:
    return (Edition.tenant_id == Item.tenant_id) & (Edition.id == Item.live_edition_id)


def _matching(site_id: int, words: Sequence[str]) -> list[ColumnElement[bool]]:
    """Public by a row of issue, not by the item's word for it."""
    issued = select(Issue.id).where(Issue.edition_id == Edition.id).exists()
    conditions: list[ColumnElement[bool]] = [Item.site_id == site_id, issued]
    conditions += [or_(*(_holds(text, word) for text in _SEARCHED)) for word in words]
    return conditions


def _holds(text: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    """Whether a text contains a word, in capitals or not; only letters that have them cost that."""
    if word.lower() == word.upper():
        return text.contains(word, autoescape=True)
    return text.icontains(word, autoescape=True)
