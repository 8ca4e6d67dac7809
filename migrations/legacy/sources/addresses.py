"""Addresses of an old site: written down in one way, resolved, read back from file names.

An address is the site's own path with its query, percent-decoded, beginning with a slash:
``/show.asp?id=1``. The host stands apart, because one site answers under several.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

# What servers answer a folder's address with.
INDEX_NAME = re.compile(r"(?:index|default)\.(?:html?|shtml?|php|aspx?|jspx?|do)", re.IGNORECASE)
# Endings behind which wget -E adds .html, because they are not a page's ending to a file system.
_DYNAMIC = r"(?:asp|aspx|ashx|php\d?|jsp|jspx|jhtml|do|action|cgi|pl|cfm|dll|nsf|exe)"
_DYNAMIC_NAME = re.compile(rf".+\.{_DYNAMIC}", re.IGNORECASE)
_QUERY_BY_AT = re.compile(rf"(.+?\.(?:{_DYNAMIC}|s?html?))@(.+)", re.IGNORECASE)
_ADDED_ENDING = re.compile(r"\.html?$", re.IGNORECASE)
_HOST = re.compile(
    r"[a-z0-9\u4e00-\u9fff](?:[a-z0-9\u4e00-\u9fff-]*[a-z0-9\u4e00-\u9fff])?", re.IGNORECASE
)
_TOP_DOMAINS = frozenset(
    [
        "cn",
        "com",
        "net",
        "org",
        "gov",
        "edu",
        "mil",
        "info",
        "biz",
        "cc",
        "tv",
        "hk",
        "mo",
        "tw",
        "top",
        "xyz",
        "site",
        "online",
        "vip",
        "club",
        "localhost",
        "中国",
        "公司",
        "网络",
        "政务",
        "公益",
    ]
)
# Chinese takes three bytes a character in UTF-8.
_FIRST_THREE_BYTES = 0x800
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_SPACES = re.compile(r"[\t\n\r\f]+")


class ReferenceKind(StrEnum):
    """Where something written in an old page points to."""

    OWN = "own"  # an address of this site
    FOREIGN = "foreign"  # another host
    DEAD = "dead"  # written as a link, leads nowhere: javascript:;  #  or nothing
    ANCHOR = "anchor"  # a place within the same page
    MAIL = "mail"  # mailto:, tel:
    LOCAL = "local"  # somebody's own disk: file:///C:/…
    INLINE = "inline"  # the data itself: data:…


@dataclass(frozen=True)
class Reference:
    """`address` is a site's address when own, the whole URL when foreign, else as written."""

    kind: ReferenceKind
    address: str
    host: str = ""


def decode_path(quoted: str) -> str:
    """Percent-decode as UTF-8, else as GB18030 (old IIS sites), and compose accents.

    Some GBK words are valid UTF-8 by accident (通知, 联通), but only as letters of other scripts.
    """
    data = unquote_to_bytes(quoted.encode("utf-8", "surrogateescape"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    if not text.isascii() and all(ord(character) < _FIRST_THREE_BYTES for character in text):
        text = data.decode("gb18030", "replace")
    return _CONTROLS.sub("", unicodedata.normalize("NFC", text))


def normalise(path: str, query: str = "") -> str:
    """One spelling of an address: decoded, rooted, without dot segments and doubled slashes."""
    kept: list[str] = []
    for part in decode_path(path.replace("\\", "/")).split("/"):
        if part == "..":
            del kept[-1:]
        elif part not in {"", "."}:
            kept.append(part)
    closed = path.endswith(("/", "/.", "/..")) and bool(kept)
    rooted = "/" + "/".join(kept) + ("/" if closed else "")
    return f"{rooted}?{decode_path(query)}" if query else rooted


def same_site(host: str, other: str) -> bool:
    """Whether two host names are one site: letter case, port and a leading www aside."""
    return bool(host) and bare_host(host) == bare_host(other)


def bare_host(host: str) -> str:
    return host.lower().rstrip(".").partition(":")[0].removeprefix("www.")


def resolve(base: str, written: str, host: str | None) -> Reference:
    """What `written` means on the page at the address `base` of the site `host`."""
    plain = _SPACES.sub("", written).strip()
    scheme = plain.partition(":")[0].lower() if re.match(r"[a-zA-Z][\w+.-]*:", plain) else ""
    if not plain or plain == "#" or scheme in {"javascript", "vbscript", "about"}:
        return Reference(ReferenceKind.DEAD, plain)
    if plain.startswith("#"):
        return Reference(ReferenceKind.ANCHOR, plain)
    if scheme in {"mailto", "tel", "sms"}:
        return Reference(ReferenceKind.MAIL, plain)
    if scheme == "file" or re.match(r"[a-zA-Z]:[\\/]", plain):
        return Reference(ReferenceKind.LOCAL, plain)
    if scheme == "data":
        return Reference(ReferenceKind.INLINE, plain[:64])
    return _resolve_address(base, plain, host)


def _resolve_address(base: str, plain: str, host: str | None) -> Reference:
    try:
        joined = urlsplit(urljoin(_quoted_base(base), plain.replace("\\", "/")))
        name = (joined.hostname or "").rstrip(".")
    except ValueError:
        return Reference(ReferenceKind.DEAD, plain)
    if joined.scheme not in {"http", "https"}:
        return Reference(ReferenceKind.FOREIGN, plain, joined.scheme)
    if name != "own.invalid" and not (host and same_site(host, name)):
        return Reference(ReferenceKind.FOREIGN, joined.geturl(), name)
    return Reference(ReferenceKind.OWN, normalise(joined.path or "/", joined.query))


def _quoted_base(base: str) -> str:
    """The base as a URL of a host that cannot exist (RFC 2606), so that own links are known."""
    path, _, query = base.partition("?")
    safe = path.replace("%", "%25").replace("#", "%23")
    return f"http://own.invalid{safe}" + (f"?{query.replace('#', '%23')}" if query else "")


def address_of_file(relative: str) -> tuple[str, tuple[str, ...]]:
    """The address a saved file had, and the others it may be asked by.

    wget writes the query into the name (``show.asp?id=1``), with ``@`` for ``?`` where a file
    system forbids that, and adds ``.html`` behind what does not end so (its manual, 2.5 and 2.12).
    """
    folder, _, name = relative.rpartition("/")
    plain = decode_path(name)
    path, query = _without_added_ending(*_split_query(plain))
    prefix = f"{decode_path(folder)}/" if folder else ""
    address = _join(prefix + path, query)
    aliases = {_join(prefix + plain, "")}
    if INDEX_NAME.fullmatch(path) and not query:
        aliases.add(normalise(prefix or "/"))
    return address, tuple(sorted(aliases - {address}))


def _join(path: str, query: str) -> str:
    rooted = normalise(path.replace("%", "%25"))
    return f"{rooted}?{query}" if query else rooted


def _split_query(name: str) -> tuple[str, str]:
    if "?" in name:
        path, _, query = name.partition("?")
        return path, query
    by_at = _QUERY_BY_AT.fullmatch(name)
    return (by_at[1], by_at[2]) if by_at else (name, "")


def _without_added_ending(path: str, query: str) -> tuple[str, str]:
    if query:
        return path, _ADDED_ENDING.sub("", query)
    bare = _ADDED_ENDING.sub("", path)
    return (bare if _DYNAMIC_NAME.fullmatch(bare) else path), query


def host_in_name(name: str) -> str | None:
    """The host that a folder is named after: ``www.a.gov.cn``, ``a_gov_cn``, ``a.cn+8080``."""
    bare = re.sub(r"[:+]\d{2,5}$", "", name.lower())
    for mark in (".", "_"):
        labels = bare.split(mark)
        if len(labels) > 1 and labels[-1] in _TOP_DOMAINS and all(map(_HOST.fullmatch, labels)):
            return ".".join(labels)
    return None
