"""What HTML may carry: tags, attributes and their values, styles, addresses.

Everything is an allow-list with a pattern for the whole value; what is not named here is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hosting.console import paths


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


INLINE = _words(
    "a abbr b bdi bdo br cite code del dfn em i img ins kbd mark q rb rp rt rtc ruby s samp small"
    " span strong sub sup time u var wbr audio video"
)
BLOCKS = _words(
    "blockquote caption col colgroup dd details div dl dt figcaption figure h2 h3 h4 h5 h6 hr li"
    " ol p pre section summary table tbody td tfoot th thead tr ul"
)

# Tags that end as others. Unwrapping a block would run its text into its neighbour's; a page has
# one h1, its title; the rest are spellings that HTML no longer has.
RENAMED = {
    "h1": "h2",
    "center": 'div align="center"',
    "strike": "s",
    "tt": "code",
    "dir": "ul",
    **dict.fromkeys(
        ("address", "article", "aside", "fieldset", "footer", "form", "header", "main", "nav"),
        "div",
    ),
}

# Their text is not for readers: code, fallbacks, choices of a form.
DROPPED_WITH_CONTENT = _words(
    "applet button datalist embed frameset iframe math noembed noframes noscript object option"
    " optgroup script select style svg template textarea title xmp"
)

_ALIGN = re.compile(r"left|right|center|justify")
_VALIGN = re.compile(r"top|middle|bottom|baseline")
_MEASURE = re.compile(r"[0-9]{1,4}(\.[0-9]{1,3})?(px|%)?")
_NUMBER = re.compile(r"[0-9]{1,4}")
_SENTENCE = re.compile(r".{0,500}", re.DOTALL)
_PRESENT = re.compile(r"[a-z]*")

# Small steps only: a thousandfold negative indent is how spam is hidden on old sites.
_LENGTH = r"-?[0-9]{1,2}(\.[0-9]{1,3})?(em|rem|pt|px|mm|cm|%)|0"
_EXTENT = r"[0-9]{1,4}(\.[0-9]{1,3})?(em|rem|pt|px|mm|cm|%)|0|auto"

# Without colours and font sizes: those are the theme's, whose contrast is tested.
STYLES: dict[str, re.Pattern[str]] = {
    "text-align": _ALIGN,
    "text-indent": re.compile(_LENGTH),
    "vertical-align": re.compile(r"top|middle|bottom|baseline|sub|super"),
    "width": re.compile(_EXTENT),
    "height": re.compile(_EXTENT),
    "margin-left": re.compile(_LENGTH),
    "padding-left": re.compile(_LENGTH),
    "font-weight": re.compile(r"bold|normal|[1-9]00"),
    "font-style": re.compile(r"italic|normal"),
    "text-decoration": re.compile(r"underline|line-through|none"),
    "list-style-type": re.compile(r"[a-z-]{3,30}"),
    "border-collapse": re.compile(r"collapse|separate"),
    "white-space": re.compile(r"nowrap|normal|pre-wrap"),
}

_ANYWHERE: dict[str, re.Pattern[str]] = {
    "lang": re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"),
    "dir": re.compile(r"ltr|rtl|auto"),
    "title": _SENTENCE,
    "align": _ALIGN,
}
_CELL = {
    "colspan": _NUMBER,
    "rowspan": _NUMBER,
    "width": _MEASURE,
    "height": _MEASURE,
    "valign": _VALIGN,
    "scope": re.compile(r"row|col|rowgroup|colgroup"),
}
_FRAME = {"width": _MEASURE, "height": _MEASURE}
_BY_TAG: dict[str, dict[str, re.Pattern[str]]] = {
    "table": {
        "border": _NUMBER,
        "cellpadding": _NUMBER,
        "cellspacing": _NUMBER,
        "width": _MEASURE,
    },
    "td": _CELL,
    "th": _CELL,
    "tr": {"valign": _VALIGN},
    "col": {"span": _NUMBER, "width": _MEASURE},
    "colgroup": {"span": _NUMBER},
    "ol": {"start": _NUMBER, "type": re.compile(r"[1aAiI]"), "reversed": _PRESENT},
    "li": {"value": _NUMBER},
    "img": {"alt": _SENTENCE, **_FRAME},
    "video": {"controls": _PRESENT, **_FRAME},
    "audio": {"controls": _PRESENT},
    "time": {"datetime": re.compile(r"[0-9T:+.Z-]{4,40}")},
}

_ADDRESS_SPACES = re.compile(r"[\t\n\r\f]")
# Web addresses without user names (they only disguise hosts), mail and telephone.
_LINK = re.compile(
    r"https?://[^/?#@\s\\]+(?:[/?#][^\s\\]*)?|mailto:[^\s\\]+|tel:[+0-9-]+",
    re.IGNORECASE,
)

# Ids that people write get a prefix, so that none can stand for a part of the page around them.
_ID_PREFIX = "a-"
_ID = re.compile(r"[\w.:-]{1,80}")


def allowed_attributes() -> dict[str, set[str]]:
    """The attribute names of each tag; `*` stands for every tag."""
    names = {tag: set(rules) for tag, rules in _BY_TAG.items()}
    names["*"] = {*_ANYWHERE, "id", "style"}
    names["a"] = {"href"}
    for tag in ("img", "audio", "video"):
        names[tag].add("src")
    names["video"].add("poster")
    return names


def attribute(tag: str, name: str, value: str) -> str | None:
    """The value as it may stand, or None to drop the attribute."""
    if special := _SPECIAL.get(name):
        return special(value)
    rule = _BY_TAG.get(tag, {}).get(name) or _ANYWHERE.get(name)
    value = value.strip()
    return value if rule is not None and rule.fullmatch(value) else None


def own_path(value: str) -> str | None:
    """The address, tidied, when it is a path on the same host, else None."""
    return paths.own_path(_address(value), otherwise="") or None


def _link(value: str) -> str | None:
    address = _address(value)
    if address.startswith("#"):
        anchor = _id(address[1:])
        return anchor and f"#{anchor}"
    return address if _LINK.fullmatch(address) else own_path(address)


def _address(value: str) -> str:
    # Browsers take out tabs and line ends wherever they stand, so `java\nscript:` is a scheme.
    return _ADDRESS_SPACES.sub("", value).strip().replace(" ", "%20")


def _id(value: str) -> str | None:
    if not _ID.fullmatch(value):
        return None
    return value if value.startswith(_ID_PREFIX) else _ID_PREFIX + value


def _style(value: str) -> str | None:
    """The declarations whose property and value are known; a wrong parse can only lose some."""
    kept: dict[str, str] = {}
    for declaration in value.lower().split(";"):
        name, _, setting = (part.strip() for part in declaration.partition(":"))
        if (rule := STYLES.get(name)) and rule.fullmatch(setting):
            kept[name] = setting
    return ";".join(f"{name}:{setting}" for name, setting in kept.items()) or None


_SPECIAL: dict[str, Callable[[str], str | None]] = {
    "href": _link,
    "src": own_path,
    "poster": own_path,
    "id": _id,
    "style": _style,
}
