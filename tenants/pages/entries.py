"""Lines of lists, made from slots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from sqlalchemy import select

from hosting.publishing.rendering import Rendering
from tenants.content.models import Edition, Item
from tenants.content.queries import contents_of, newest_edition_id
from tenants.media.models import Asset
from tenants.pages.frame import Frame
from tenants.review.due import expired_among
from tenants.review.models import ColumnTally, Slot
from tenants.review.operations.issue import list_date
from tenants.review.slots import newest_of, newest_of_each, slots_between, tallies
from themes.contract import Block, ListEntry, Picture

_VALIDITIES = {"有效": "valid", "修改": "amended", "废止": "repealed", "失效": "expired"}

Lines = Sequence[tuple[Slot, Item, Edition]]


def shown_validity(edition: Edition, *, is_expired: bool) -> str:
    """The theme's word for a document's validity, "" for none.

    What says until when it is in force is in force till then; what has expired is so whatever was
    said of it, unless it was repealed before.
    """
    word = edition.validity or ("有效" if edition.valid_until else "")
    return _VALIDITIES.get("失效" if is_expired and word != "废止" else word, "")


def entries_of(rendering: Rendering, lines: Lines, *, column: str = "") -> tuple[ListEntry, ...]:
    """Lines of a list; the page depends on each item."""
    rendering.uses(*(f"item:{item.id}" for _, item, _ in lines))
    expired = expired_among(rendering.session, (edition for _, _, edition in lines))
    return tuple(
        ListEntry(
            title=edition.title,
            path=item.path,
            date=slot.date.isoformat(),
            column=column,
            summary=edition.summary,
            doc_number=edition.doc_number,
            validity=shown_validity(edition, is_expired=edition.id in expired),
        )
        for slot, item, edition in lines
    )


def illustrated(rendering: Rendering, lines: Lines) -> tuple[ListEntry, ...]:
    """Lines with the first picture of each text and, where it has no summary, its beginning."""
    entries = entries_of(rendering, lines)
    contents = contents_of(rendering.session, [edition for _, _, edition in lines])
    shown = []
    for entry, (_, _, edition) in zip(entries, lines, strict=True):
        images = contents[edition.id].images
        shown.append(
            ListEntry(
                title=entry.title,
                path=entry.path,
                date=entry.date,
                summary=entry.summary or beginning(edition.body_text),
                image=picture(images[0], edition.title) if images else None,
            )
        )
    return tuple(shown)


def picture(asset: Asset, alt: str) -> Picture:
    """An image file as themes want it."""
    return Picture(asset.path, alt, asset.width or 0, asset.height or 0)


def beginning(text: str, length: int = 90) -> str:
    """The first words of a text, for where no summary was written."""
    words = " ".join(text.split())
    return words if len(words) <= length else words[:length] + "…"


def tally_of(rendering: Rendering, frame: Frame, column_id: int) -> ColumnTally:
    """A column's counters, read once a batch for all; zeros where nothing was issued in it."""
    everything = rendering.once(
        "tallies", lambda: tallies(rendering.session, [each.id for each in frame.columns])
    )
    return everything.get(column_id) or ColumnTally(id=column_id, slots=0, shown=0)


def column_lines(rendering: Rendering, column_id: int, first: int, last: int) -> Lines:
    """The slots of a range; in the preview what is not yet public stands before them."""
    lines = slots_between(rendering.session, column_id, first, last)
    return [*_drafts(rendering, column_id), *lines] if rendering.drafts else lines


def head_lines(rendering: Rendering, column_id: int, limit: int) -> Lines:
    """The newest of a column; the page depends on the column's head."""
    rendering.uses(f"column:{column_id}:head")
    lines = _heads(rendering).get((column_id, limit))
    if lines is None:
        lines = newest_of(rendering.session, column_id, limit=limit)
    return [*_drafts(rendering, column_id), *lines][:limit] if rendering.drafts else lines


def load_heads(rendering: Rendering, frame: Frame, column_ids: Iterable[int], limit: int) -> None:
    """Load at once what `head_lines` will be asked for in these columns."""
    known = _heads(rendering)
    slots = {
        each: tally_of(rendering, frame, each).slots
        for each in column_ids
        if (each, limit) not in known
    }
    if slots:
        loaded = newest_of_each(rendering.session, slots, limit=limit)
        known |= {(column_id, limit): lines for column_id, lines in loaded.items()}


def _heads(rendering: Rendering) -> dict[tuple[int, int], Lines]:
    """(column, limit) -> the newest, as far as they were loaded for this batch."""
    return rendering.once("heads", dict[tuple[int, int], Lines])


def head_block(
    rendering: Rendering, frame: Frame, name: str, column_ids: Sequence[int], limit: int
) -> Block | None:
    """The newest of some columns together; None where they have nothing to show."""
    known = [each for each in column_ids if each in frame.by_id]
    load_heads(rendering, frame, known, limit)
    lines = [line for each in known for line in head_lines(rendering, each, limit)]
    if not lines:
        return None
    rendering.uses(*(f"column:{each}" for each in known))
    lines.sort(key=lambda line: (line[0].date, line[0].id), reverse=True)
    seen: set[int] = set()
    unique = [line for line in lines if not (line[1].id in seen or seen.add(line[1].id))]  # type: ignore[func-returns-value]  # add() answers None
    more = frame.by_id[known[0]].path if len(known) == 1 else _common_path(frame, known)
    return Block(name or frame.by_id[known[0]].name, more, entries_of(rendering, unique[:limit]))


def _common_path(frame: Frame, column_ids: Sequence[int]) -> str:
    """The column above all of these, "" where there is none."""
    parents = {frame.by_id[each].parent_id for each in column_ids}
    parent = parents.pop() if len(parents) == 1 else None
    return frame.by_id[parent].path if parent is not None else ""


def _drafts(rendering: Rendering, column_id: int) -> Lines:
    """Items of a column that were never public, as the preview shows them."""
    rows = rendering.session.execute(
        select(Item, Edition)
        .join(
            Edition,
            (Edition.tenant_id == Item.tenant_id) & (Edition.id == newest_edition_id()),
        )
        .where(
            Item.column_id == column_id, Item.live_edition_id.is_(None), Edition.state == "draft"
        )
        .order_by(Edition.original_date.desc(), Item.id.desc())
        .limit(200)
    )
    return [
        (Slot(id=0, number=0, date=list_date(row[1], row[0].created_at)), row[0], row[1])
        for row in rows
    ]


def file_size(size_bytes: int) -> str:
    """A size as people read it: "860 KB", "1.2 MB"."""
    if size_bytes < 1_000_000:
        return f"{max(1, round(size_bytes / 1000))} KB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def file_kind(name: str) -> str:
    """A file's ending without the dot."""
    return PurePosixPath(name).suffix.lstrip(".").lower()
