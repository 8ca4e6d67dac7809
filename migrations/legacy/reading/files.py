"""What a saved thing is, by its bytes first and its name second: names lie, pages end in .asp."""

from __future__ import annotations

import re
from enum import StrEnum

_LOOK_BYTES = 4096


class Kind(StrEnum):
    """What an old address was."""

    HOME = "home"
    LIST = "list"
    ARTICLE = "article"
    REDIRECT = "redirect"  # sends its reader on and says nothing itself
    ATTACHMENT = "attachment"
    IMAGE = "image"
    STYLE = "style"
    SCRIPT = "script"
    OTHER = "other"  # known, and nothing to move: forms, feeds, fonts
    UNKNOWN = "unknown"


PAGE_KINDS = frozenset({Kind.HOME, Kind.LIST, Kind.ARTICLE, Kind.REDIRECT, Kind.UNKNOWN})

_MAGIC = (
    (b"\xff\xd8\xff", Kind.IMAGE),
    (b"\x89PNG\r\n\x1a\n", Kind.IMAGE),
    (b"GIF8", Kind.IMAGE),
    (b"BM", Kind.IMAGE),
    (b"%PDF-", Kind.ATTACHMENT),
    (b"PK\x03\x04", Kind.ATTACHMENT),
    (b"Rar!", Kind.ATTACHMENT),
    (b"7z\xbc\xaf", Kind.ATTACHMENT),
    (b"\xd0\xcf\x11\xe0", Kind.ATTACHMENT),
)
_BY_ENDING = {
    **dict.fromkeys(
        ["jpg", "jpeg", "png", "gif", "bmp", "webp", "svg", "ico", "tif", "tiff", "jfif"],
        Kind.IMAGE,
    ),
    **dict.fromkeys(["css"], Kind.STYLE),
    **dict.fromkeys(["js", "mjs"], Kind.SCRIPT),
    **dict.fromkeys(
        [
            "doc",
            "docx",
            "xls",
            "xlsx",
            "ppt",
            "pptx",
            "wps",
            "et",
            "dps",
            "pdf",
            "ofd",
            "ceb",
            "txt",
            "rtf",
            "csv",
            "zip",
            "rar",
            "7z",
            "gz",
            "tar",
            "mp3",
            "mp4",
            "wmv",
            "avi",
            "flv",
            "wma",
            "mov",
            "swf",
        ],
        Kind.ATTACHMENT,
    ),
    **dict.fromkeys(
        [
            "xml",
            "rss",
            "json",
            "ttf",
            "woff",
            "woff2",
            "eot",
            "otf",
            "map",
            "htc",
            "db",
            "ini",
            "log",
        ],
        Kind.OTHER,
    ),
}
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta\s|title|frameset)\b", re.IGNORECASE)
_PAGE_ENDING = re.compile(r"\.(?:s?html?|aspx?|php\d?|jspx?|jhtml|do|action|cgi)$", re.IGNORECASE)


def ending(address: str) -> str:
    """The file ending of an address, lower case, without its dot; empty where there is none."""
    name = address.partition("?")[0].rpartition("/")[2]
    stem, dot, last = name.rpartition(".")
    return last.lower() if dot and stem else ""


def kind_of_file(address: str, data: bytes) -> Kind | None:
    """The kind of a file that is no page; None where it is a page."""
    head = data[:_LOOK_BYTES]
    named = _BY_ENDING.get(ending(address))
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return named if named in {Kind.IMAGE, Kind.ATTACHMENT} else kind
    if _HTML.search(head.replace(b"\x00", b"")) is not None:
        return _kind_of_markup(named)
    page_name = _PAGE_ENDING.search(address.partition("?")[0]) is not None or "?" in address
    return named or (None if page_name else Kind.OTHER)


def _kind_of_markup(named: Kind | None) -> Kind | None:
    """Markup under another name: Word's .doc pages are documents, an error page .jpg nothing."""
    return Kind.OTHER if named is Kind.IMAGE else named


def is_document(address: str) -> bool:
    """Whether an address is named like something that readers download.

    Programs that hand files out are told the name: ``downfile.jsp?id=1&filename=a.doc``.
    """
    path, _, query = address.partition("?")
    named = (path, *(f"/{value.rpartition('=')[2]}" for value in query.split("&") if value))
    return any(_BY_ENDING.get(ending(one)) is Kind.ATTACHMENT for one in named)


def is_image(address: str) -> bool:
    return _BY_ENDING.get(ending(address)) is Kind.IMAGE
