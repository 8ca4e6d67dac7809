"""The demo's plain texts as HTML: paragraphs, headings, tables, pictures, and nothing else.

Blank lines part blocks. `## ` and `### ` begin headings, lines of `| a | b |` are a table whose
first row names its columns, `![what is seen](file.png)` is a picture.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape

_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
_RULE = re.compile(r"\|[ :|-]+\|")
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_INDENT = ' style="text-indent:2em"'
_RIGHT = ' style="text-align:right"'


def to_html(text: str, pictures: Mapping[str, str], *, is_indented: bool = True) -> str:
    """The text as HTML; `pictures` gives the public address of each picture by its file name.

    Chinese paragraphs are indented, English ones are not.
    """
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text.strip())]
    closing = _closing(blocks)
    return "\n".join(
        _right(block) if place >= closing else _block(block, pictures, _INDENT * is_indented)
        for place, block in enumerate(blocks)
    )


def pictures_in(text: str) -> list[str]:
    """The file names of the pictures in a text, in order."""
    return [match[2] for match in _PICTURE.finditer(text)]


def _closing(blocks: list[str]) -> int:
    """Where the closing of an official text begins: who issued it, and the day, on the right."""
    if not blocks or not _DAY.fullmatch(blocks[-1]):
        return len(blocks)
    signed = len(blocks) > 1 and len(blocks[-2]) <= 20 and not blocks[-2].endswith(("。", "："))
    return len(blocks) - (2 if signed else 1)


def _block(block: str, pictures: Mapping[str, str], indent: str) -> str:
    for begins, write in _FORMS.items():
        if block.startswith(begins):
            return write(block)
    if picture := _PICTURE.fullmatch(block):
        return _picture(picture[1], pictures[picture[2]])
    return f"<p{indent}>{escape(block, quote=False)}</p>"


def _picture(alt: str, path: str) -> str:
    return f'<p style="text-align:center"><img src="{escape(path)}" alt="{escape(alt)}"></p>'


def _right(block: str) -> str:
    return f"<p{_RIGHT}>{escape(block, quote=False)}</p>"


def _table(block: str) -> str:
    rows = [line for line in block.splitlines() if not _RULE.fullmatch(line.strip())]
    first, *rest = [[cell.strip() for cell in row.strip().strip("|").split("|")] for row in rows]
    head = "".join(f'<th scope="col">{escape(cell, quote=False)}</th>' for cell in first)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell, quote=False)}</td>" for cell in row) + "</tr>"
        for row in rest
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


_FORMS: dict[str, Callable[[str], str]] = {
    "### ": lambda block: f"<h3>{escape(block[4:], quote=False)}</h3>",
    "## ": lambda block: f"<h2>{escape(block[3:], quote=False)}</h2>",
    "|": _table,
}
