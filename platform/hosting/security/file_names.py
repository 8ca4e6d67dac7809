"""Names of files as people gave them, made safe without losing a character of Chinese."""

from __future__ import annotations

import re
import unicodedata

LONGEST_BYTES = 180
UNNAMED = "未命名"

# Controls, the marks that turn writing around (`gpj.exe` shown as `exe.jpg`), and invisible ones.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
# What Windows and addresses read as something else than a letter.
_SPECIAL = re.compile(r'[<>:"|?*#%]')
# Names that Windows keeps for its devices, with any extension.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """The name alone, in NFC, whole in Chinese; without path, controls and special characters."""
    name = unicodedata.normalize("NFC", _SURROGATES.sub("", name))
    name = re.split(r"[/\\]", _UNSEEN.sub("", name))[-1]
    name = _SPECIAL.sub("_", name)
    name = re.sub(r"\s+(\.?)", lambda found: found[1] or " ", name).strip(" .")
    if _DEVICE.match(name):
        name = "_" + name
    return _shortened(name or UNNAMED)


def extension(name: str) -> str:
    """The part behind the last dot in lower case, or ""."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if dot and stem and last.isascii() else ""


def with_extension(name: str, wanted: str) -> str:
    """The name with another extension in place of its own."""
    own = extension(name)
    stem = name[: -len(own) - 1] if own else name
    return _shortened(f"{stem}.{wanted}")


def _shortened(name: str) -> str:
    """At most `LONGEST_BYTES` in UTF-8, cut in the stem between characters."""
    own = extension(name)
    tail = f".{own}" if own else ""
    stem = name[: -len(tail)] if tail else name
    room = LONGEST_BYTES - len(tail.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + tail
