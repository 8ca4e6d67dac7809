"""Tables as CSV that a spreadsheet program opens as what they are: text, never a formula.

RFC 4180, with a mark by which Excel knows UTF-8. A cell that would begin a formula gets an
apostrophe before it (ASVS 5.0, 1.2.10; OWASP on CSV injection); nothing else is changed.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

_MARK = "\ufeff"
# What spreadsheet programs take for the begin of a formula, and blanks that they look past.
_ACTIVE = frozenset("=+-@|%")
_SKIPPED = " \t\r\n\0\v\f\u00a0\u3000\ufeff\u200b'\""


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of the file, one at a time, the header first; each ends with CR LF."""
    yield _MARK + _line(header)
    for row in rows:
        yield _line(row)


def neutral(value: object) -> str:
    """A cell's text, with an apostrophe before it where it would be read as a formula.

    Plain numbers stay numbers.
    """
    text = "" if value is None else str(value).replace("\0", "")
    return f"'{text}" if _is_active(text) else text


def _is_active(text: str) -> bool:
    if text[:1] in ("\t", "\r", "\n"):
        return True
    begin = unicodedata.normalize("NFKC", text.lstrip(_SKIPPED)[:1])
    return begin in _ACTIVE and begin != "" and not _is_number(text)


def _is_number(text: str) -> bool:
    digits = text[1:].replace(".", "", 1)
    return text[:1] in "+-" and digits.isascii() and digits.isdigit()


def _line(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([neutral(cell) for cell in cells])
    return buffer.getvalue()
