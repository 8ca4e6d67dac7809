"""Bytes to text, in an order that was measured: BOM, header, meta, strict UTF-8, strict GB18030.

Only what none of these reads is guessed. "gb2312" is never decoded as such: pages so labelled use
all of GBK (镕, 喆), and GB18030 contains both.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,30})"""
    rb"""|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,30})["']""",
    re.IGNORECASE,
)
# The HTML standard looks for a declaration in the first 1,024 bytes; old templates put it later.
_HEAD_BYTES = 8192
_WIDER = {
    **dict.fromkeys(("gb2312", "gb_2312-80", "gbk", "cp936", "x-gbk", "euc-cn"), "gb18030"),
    **dict.fromkeys(("big5", "cp950", "x-x-big5", "big5-hkscs"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("utf8", "unicode-1-1-utf-8"), "utf-8"),
}
# Below this share a page is what it says with a few bytes broken; above it, something else.
_BROKEN_SHARE = 0.01
# Chinese takes three bytes a character in UTF-8; GBK that is valid UTF-8 by accident ("联通") has
# sequences of two.
_MULTIBYTE = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")
_CERTAIN_SEQUENCES = 4
_RARE_SHARE = 0.15


@dataclass(frozen=True)
class Decoded:
    """`evidence` is bom, header, meta, utf-8, gb18030, guess; `lost` counts unreadable characters.

    `label` is what the page said of itself where that was not true, else None.
    """

    text: str
    encoding: str
    evidence: str
    lost: int = 0
    label: str | None = None


def decode(data: bytes, header: str | None = None) -> Decoded:
    """Decode a page; never fails. `header` is a server's charset, where the source knows one."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data[len(bom) :], encoding, "bom")
    label = _declared(data)
    for evidence, said in (("header", header), ("meta", label)):
        named = _codec(said)
        if named and _reads(data, named) and not _is_surely_utf8(data, named):
            return _decoded(data, named, evidence)
    found = _undeclared(data, _codec(header) or _codec(label))
    wrong = label if label and _codec(label) != found.encoding else None
    return Decoded(found.text, found.encoding, found.evidence, found.lost, wrong)


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:_HEAD_BYTES])
    return (match[1] or match[2]).decode("ascii", "replace") if match else None


def _codec(label: str | None) -> str | None:
    """The codec that reads all that pages so labelled hold; None where there is no such label."""
    name = (label or "").strip().lower()
    name = _WIDER.get(name, name)
    try:
        return codecs.lookup(name).name if name and not name.startswith("utf-16") else None
    except LookupError:
        return None


def _reads(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _is_surely_utf8(data: bytes, encoding: str) -> bool:
    """Much of UTF-8 Chinese is also valid GBK: nonsense, but decodable."""
    if encoding == "utf-8" or not _reads(data, "utf-8"):
        return False
    return len(_MULTIBYTE.findall(data[:200_000])) >= _CERTAIN_SEQUENCES


def _undeclared(data: bytes, declared: str | None) -> Decoded:
    if (wide := _utf16_without_bom(data)) is not None:
        return _decoded(data, wide, "guess")
    if _reads(data, "utf-8"):
        return _decoded(data, "utf-8", "utf-8")
    if _reads(data, "gb18030"):
        found = _decoded(data, "gb18030", "gb18030")
        return _as_big5(data) or found if _rare_share(found.text) > _RARE_SHARE else found
    candidates = dict.fromkeys(filter(None, (declared, "utf-8", "gb18030")))
    best = min((_decoded(data, encoding, "guess") for encoding in candidates), key=_lost_share)
    if _lost_share(best) <= _BROKEN_SHARE:
        return best
    guess = from_bytes(data[:500_000]).best()
    return _decoded(data, guess.encoding, "guess") if guess else best


def _rare_share(text: str) -> float:
    """Of the Chinese characters, those outside GB2312: its 6,763 make up nearly all plain text."""
    chinese = [character for character in text[:20_000] if "\u4e00" <= character <= "\u9fff"]
    common = "".join(chinese).encode("gb2312", "ignore").decode("gb2312")
    return 1 - len(common) / max(len(chinese), 1)


def _as_big5(data: bytes) -> Decoded | None:
    """Strict GB18030 swallows all of Big5, as characters that nobody writes."""
    return _decoded(data, "big5hkscs", "guess") if _reads(data, "big5hkscs") else None


def _utf16_without_bom(data: bytes) -> str | None:
    """UTF-16 markup has a zero in every second byte, on one side only."""
    head = data[:2000]
    if len(head) < 20 or head.count(0) < len(head) // 5:
        return None
    return "utf-16-be" if head[0::2].count(0) > head[1::2].count(0) else "utf-16-le"


def _decoded(data: bytes, encoding: str, evidence: str) -> Decoded:
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding, evidence, text.count("\ufffd"))


def _lost_share(decoded: Decoded) -> float:
    """Of what is not ASCII: markup would hide a text that is broken throughout."""
    foreign = sum(1 for character in decoded.text if ord(character) > 127)
    return decoded.lost / max(foreign, 1)
