"""Which kinds of file may come in, told by their content.

A name only says what somebody wishes; a server that sends a page as a picture, or a picture that
is an archive as well, is how a site is taken over. What is not recognised is not taken.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Kind:
    """A kind of file: `family` says what is checked, `extensions` which names it may have.

    Names that office programs and people confuse it with are `mistaken` and put right.
    """

    family: str
    extensions: tuple[str, ...]
    content_types: tuple[str, ...]
    mistaken: tuple[str, ...] = ()

    def content_type(self, extension: str) -> str:
        """How a file of this kind and extension is announced."""
        if len(self.content_types) == 1:
            return self.content_types[0]
        return self.content_types[self.extensions.index(extension)]


PDF = Kind("pdf", ("pdf",), ("application/pdf",))
IMAGES = {
    "JPEG": Kind("image", ("jpg", "jpeg"), ("image/jpeg",)),
    "PNG": Kind("image", ("png",), ("image/png",)),
    "GIF": Kind("image", ("gif",), ("image/gif",)),
    "WEBP": Kind("image", ("webp",), ("image/webp",)),
    "BMP": Kind("image", ("bmp",), ("image/bmp",)),
}
# The compound files of the old office programs; WPS writes the same under names of its own.
OLD_TEXT = Kind(
    "old office",
    ("doc", "wps"),
    ("application/msword", "application/vnd.ms-works"),
    ("docx",),
)
OLD_SHEET = Kind(
    "old office",
    ("xls", "et"),
    ("application/vnd.ms-excel", "application/octet-stream"),
    ("xlsx",),
)
OLD_SLIDES = Kind(
    "old office",
    ("ppt", "dps"),
    ("application/vnd.ms-powerpoint", "application/octet-stream"),
    ("pptx",),
)
TEXT = Kind("zipped", ("docx",), (f"{OFFICE}.wordprocessingml.document",), ("doc", "wps"))
SHEET = Kind("zipped", ("xlsx",), (f"{OFFICE}.spreadsheetml.sheet",), ("xls", "et"))
SLIDES = Kind("zipped", ("pptx",), (f"{OFFICE}.presentationml.presentation",), ("ppt", "dps"))
RICH_TEXT = Kind("text markup", ("rtf", "doc"), ("application/rtf", "application/msword"))
OFD = Kind("zipped", ("ofd",), ("application/ofd",))  # GB/T 33190-2016
ZIP = Kind("archive", ("zip",), ("application/zip",))
RAR = Kind("closed archive", ("rar",), ("application/vnd.rar",))
PLAIN = Kind("text", ("txt", "csv"), ("text/plain; charset=utf-8", "text/csv; charset=utf-8"))
MP3 = Kind("sound", ("mp3",), ("audio/mpeg",))
MP4 = Kind("film", ("mp4", "m4a"), ("video/mp4", "audio/mp4"))

# What servers or desktops run, as a name's last part or hidden before it.
RUNNABLE = frozenset(
    [
        *("asa", "asax", "ascx", "ashx", "asmx", "asp", "aspx", "bat", "cer", "cfm", "cgi", "chm"),
        *("cmd", "com", "cpl", "dll", "elf", "exe", "hta", "htaccess", "htm", "html", "inf", "jar"),
        *("js", "jse", "jsp", "jspx", "lnk", "mht", "mhtml", "msi", "phar", "php", "php3", "php4"),
        *("php5", "php7", "phtml", "pif", "pl", "ps1", "py", "rb", "reg", "scr", "sh", "shtml"),
        *("svg", "svgz", "swf", "vbe", "vbs", "war", "wsf", "wsh", "xhtml", "xml", "xsl"),
    ]
)

_MARKUP = re.compile(
    rb"\s*<(!doctype|\?xml|\?php|%|html|head|body|script|svg|iframe|img|meta|!--)",
    re.IGNORECASE,
)
_SIGNS: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", IMAGES["JPEG"]),
    (b"\x89PNG\r\n\x1a\n", IMAGES["PNG"]),
    (b"GIF87a", IMAGES["GIF"]),
    (b"GIF89a", IMAGES["GIF"]),
    (b"Rar!\x1a\x07", RAR),
    (b"ID3", MP3),
    (b"{\\rtf", RICH_TEXT),
)
_ZIPPED_PARTS: tuple[tuple[str, Kind], ...] = (
    ("OFD.xml", OFD),
    ("word/document.xml", TEXT),
    ("xl/workbook.xml", SHEET),
    ("xl/workbook.bin", SHEET),
    ("ppt/presentation.xml", SLIDES),
)
_STREAMS: tuple[tuple[str, Kind], ...] = (
    ("WordDocument", OLD_TEXT),
    ("Workbook", OLD_SHEET),
    ("Book", OLD_SHEET),
    ("PowerPoint Document", OLD_SLIDES),
)
_BRANDS = (b"isom", b"iso", b"mp4", b"avc1", b"M4V", b"M4A", b"MSNV", b"dash")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 27}
_HEAD_BYTES = 4_096


def is_zip(data: bytes) -> bool:
    """Whether the file is an archive from its very first byte."""
    return data.startswith(_ZIP)


def kind_of(data: bytes) -> Kind | None:
    """The kind told by the content of a file that is no archive; None when it is none of ours."""
    for sign, kind in _SIGNS:
        if data.startswith(sign):
            return kind
    if data.startswith(_COMPOUND):
        return _compound_kind(data)
    return next((kind for is_kind, kind in _TESTS if is_kind(data)), None)


def kind_of_archive(parts: frozenset[str]) -> Kind:
    """What a zip archive with these entries is: a document of today's office programs, or a zip."""
    return next((kind for part, kind in _ZIPPED_PARTS if part in parts), ZIP)


def has_macros(data: bytes) -> bool:
    """Whether an old office file brings programs of its own along."""
    return "_VBA_PROJECT".encode("utf-16-le") in data


def _compound_kind(data: bytes) -> Kind | None:
    """Streams stand in the directory under their names in UTF-16."""
    return next((kind for name, kind in _STREAMS if name.encode("utf-16-le") in data), None)


def _is_text(data: bytes) -> bool:
    """Whether it is text in UTF-8 or GB 18030 and does not begin as a page or a program."""
    if not _CONTROLS.isdisjoint(data[:_HEAD_BYTES]) or b"\0" in data or _MARKUP.match(data):
        return False
    return decoded_text(data) is not None


def _is_mp4(data: bytes) -> bool:
    """Of the container's many brands, those that browsers play."""
    return data[4:8] == b"ftyp" and data[8:].startswith(_BRANDS)


_TESTS: tuple[tuple[Callable[[bytes], bool], Kind], ...] = (
    (lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP", IMAGES["WEBP"]),
    (lambda data: data[:2] == b"BM" and data[6:10] == b"\0\0\0\0", IMAGES["BMP"]),
    (_is_mp4, MP4),
    # The first frame of MPEG sound, layer III.
    (lambda data: data[:1] == b"\xff" and data[1:2] != b"" and data[1] & 0xE6 == 0xE2, MP3),
    (_is_text, PLAIN),
)


def decoded_text(data: bytes) -> str | None:
    """The text of a file in UTF-8 or GB 18030; None when it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return codecs.decode(data, encoding)
        except UnicodeDecodeError:
            continue
    return None
