"""What changed between two texts, paragraph by paragraph and character by character.

Works on plain text; templates escape each part, so a difference can never bring markup to a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Latin words and numbers change as wholes; each Chinese character stands alone.
_UNIT = re.compile(r"[A-Za-z]+|[0-9]+|\s+|.", re.DOTALL)
# Beyond this many units two paragraphs are shown as one gone and one come: matching them costs
# the square of their length and nobody could read the result.
_MOST_UNITS = 4_000
_ALIKE = 0.4
_AROUND = 1


@dataclass(frozen=True)
class Part:
    """A piece of a paragraph: kind is same, removed or added."""

    kind: str
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: kind is same, changed, added, removed, or skipped (`count` alike ones)."""

    kind: str
    parts: tuple[Part, ...] = ()
    count: int = 0

    @property
    def is_skipped(self) -> bool:
        """Whether it stands for paragraphs that did not change."""
        return self.kind == "skipped"


def compare(before: str, after: str) -> list[Paragraph]:
    """The paragraphs of both texts in order; empty when they are the same.

    Of unchanged paragraphs one is kept beside each change; the others are counted.
    """
    old, new = _paragraphs(before), _paragraphs(after)
    return [] if old == new else _shortened(list(_compared(old, new)))


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _compared(old: list[str], new: list[str]) -> Iterator[Paragraph]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            yield from (_whole("same", text) for text in old[first:last])
        else:
            yield from _replaced(old[first:last], new[start:end])


def _replaced(old: list[str], new: list[str]) -> Iterator[Paragraph]:
    """Pair paragraphs that resemble each other in order; the others went or came."""
    for text in old:
        match = next((n for n, other in enumerate(new) if _is_alike(text, other)), None)
        if match is None:
            yield _whole("removed", text)
            continue
        yield from (_whole("added", other) for other in new[:match])
        yield Paragraph("changed", tuple(_parts(text, new[match])))
        new = new[match + 1 :]
    yield from (_whole("added", text) for text in new)


def _is_alike(old: str, new: str) -> bool:
    if len(old) + len(new) > _MOST_UNITS:
        return False
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _parts(old: str, new: str) -> Iterator[Part]:
    before, after = _UNIT.findall(old), _UNIT.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            yield Part("same", "".join(before[first:last]))
            continue
        if first < last:
            yield Part("removed", "".join(before[first:last]))
        if start < end:
            yield Part("added", "".join(after[start:end]))


def _whole(kind: str, text: str) -> Paragraph:
    return Paragraph(kind, (Part(kind, text),))


def _shortened(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Leave out what did not change, save the paragraphs beside a change."""
    changed = [n for n, paragraph in enumerate(paragraphs) if paragraph.kind != "same"]
    kept = {n + step for n in changed for step in range(-_AROUND, _AROUND + 1)}
    shortened: list[Paragraph] = []
    skipped = 0
    for number, paragraph in enumerate(paragraphs):
        if number in kept:
            if skipped:
                shortened.append(Paragraph("skipped", count=skipped))
            shortened.append(paragraph)
            skipped = 0
        else:
            skipped += 1
    if skipped:
        shortened.append(Paragraph("skipped", count=skipped))
    return shortened
