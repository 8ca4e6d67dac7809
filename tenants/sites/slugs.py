"""Path names proposed for columns: the first letters of the name's pinyin."""

from __future__ import annotations

import re
from collections.abc import Container

_LONGEST = 24
_UNFIT = re.compile(r"[^a-z0-9]+")


def propose_slug(name: str, taken: Container[str] = ()) -> str:
    """A path name for a column: 通知公告 -> tzgg; with a number behind it when that is taken."""
    # Its dictionaries take a quarter of a second to import, and most processes name no column.
    from pypinyin import Style, lazy_pinyin

    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    first = _UNFIT.sub("", letters.lower())[:_LONGEST] or "lm"
    slug, number = first, 2
    while slug in taken:
        slug, number = f"{first}{number}", number + 1
    return slug
