"""Finds as themes show them: excerpts around the words, with the hits marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from hosting.runtime.clock import local
from tenants.content.models import Edition, Item
from tenants.pages.frame import Frame
from tenants.search.queries import PAGE_SIZE
from themes.contract import Fragment, SearchResult, SearchView

_BEFORE, _LENGTH = 30, 120


def search_view(
    frame: Frame,
    *,
    query: str,
    words: Sequence[str],
    rows: Sequence[tuple[Item, Edition]],
    total: int,
    page: int,
) -> SearchView:
    """One page of results."""
    pages = max(1, -(-total // PAGE_SIZE))
    return SearchView(
        site=frame.view,
        query=query,
        results=tuple(_result(frame, item, edition, words) for item, edition in rows),
        total=total,
        number=page,
        pages=pages,
        previous_path=_address(query, page - 1) if page > 1 else "",
        next_path=_address(query, page + 1) if page < pages else "",
    )


def _address(query: str, page: int) -> str:
    return "/-/search?" + urlencode({"q": query, "page": page})


def _result(frame: Frame, item: Item, edition: Edition, words: Sequence[str]) -> SearchResult:
    published_at = item.published_at or edition.written_at
    day = edition.original_date or local(published_at, frame.settings.zone).date()
    return SearchResult(
        path=item.path,
        title=fragments(edition.title, words),
        excerpt=fragments(excerpt(edition.body_text, words), words),
        date=day.isoformat(),
        column=frame.by_id[edition.column_id].name,
        doc_number=edition.doc_number,
    )


def excerpt(text: str, words: Sequence[str]) -> str:
    """The text around the first word found, or its beginning."""
    text = " ".join(text.split())
    found = (re.search(re.escape(word), text, re.IGNORECASE) for word in words)
    places = [each.start() for each in found if each]
    start = max(0, min(places, default=0) - _BEFORE)
    end = start + _LENGTH
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def fragments(text: str, words: Sequence[str]) -> tuple[Fragment, ...]:
    """The text in pieces, those that were looked for marked."""
    if not words:
        return (Fragment(text),) if text else ()
    pattern = "(" + "|".join(re.escape(word) for word in words) + ")"
    return tuple(
        Fragment(piece, hit=bool(place % 2))
        for place, piece in enumerate(re.split(pattern, text, flags=re.IGNORECASE))
        if piece
    )
