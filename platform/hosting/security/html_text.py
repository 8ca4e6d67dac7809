"""The text of a document without its markup, as a reader would copy it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hosting.security.html_rules import BLOCKS, DROPPED_WITH_CONTENT, RENAMED

Attributes = list[tuple[str, str | None]]

_BREAK = "\x00"
_LINE_BREAKING = BLOCKS | RENAMED.keys() - {"strike", "tt"} | {"br"}
_CELLS = frozenset({"td", "th"})
# A tag that never closes would hide all that follows it.
_UNREAD = DROPPED_WITH_CONTENT - {"embed"}
_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]"
_WRAPPED_BETWEEN_WIDE = re.compile(rf"(?<={_WIDE})[ \t]*\n[ \t]*(?={_WIDE})")
_SPACES = re.compile(r"[ \t\n\xa0]+")


def body_text(html: str) -> str:
    """What a reader reads, a line for each block and table row; for search, digests and exports.

    Meant for cleaned HTML; of other HTML it also leaves out what only machines read.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (_joined(line) for line in "".join(reader.parts).split(_BREAK))
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    """Collects text in `parts`, with `_BREAK` where a line ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Break the line before a block; a cell only stands apart from its neighbour."""
        self._part_from(tag)
        self._hidden += tag in _UNREAD

    def handle_endtag(self, tag: str) -> None:
        """Break the line after a block."""
        self._part_from(tag)
        self._hidden = max(0, self._hidden - (tag in _UNREAD))

    def handle_data(self, data: str) -> None:
        """Keep what is shown."""
        if not self._hidden:
            self.parts.append(data.replace(_BREAK, ""))

    def _part_from(self, tag: str) -> None:
        if tag in _CELLS:
            self.parts.append(" ")
        elif tag in _LINE_BREAKING:
            self.parts.append(_BREAK)


def _joined(line: str) -> str:
    """One line: a wrap between two wide characters is nothing, other white space is one space."""
    return _SPACES.sub(" ", _WRAPPED_BETWEEN_WIDE.sub("", line.strip())).strip()
