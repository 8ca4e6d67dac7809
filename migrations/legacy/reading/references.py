"""What a page points to: links, pictures, styles, scripts, frames; each with where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from migrations.legacy.reading.documents import Element, inline_text_of, is_tag, squeeze
from migrations.legacy.sources.addresses import Reference, ReferenceKind, resolve
from migrations.legacy.sources.source import Found

_LINK, _IMAGE, _STYLE, _SCRIPT, _FRAME, _OTHER = [
    "link",
    "image",
    "style",
    "script",
    "frame",
    "other",
]
# attribute -> use, for any tag; `oldsrc` and its like are what an editor remembered of an original.
_ATTRIBUTES = {
    "href": _LINK,
    "src": _IMAGE,
    "background": _IMAGE,
    "poster": _IMAGE,
    "data-src": _IMAGE,
    "data-original": _IMAGE,
    "lowsrc": _IMAGE,
    "oldsrc": _IMAGE,
    "orisrc": _IMAGE,
    "data": _OTHER,
    "action": _OTHER,
    "longdesc": _LINK,
    "cite": _LINK,
}
# Their query only outwits a browser's cache; a program's query names another page.
_STATIC = re.compile(r"\.(?:css|js|jpe?g|png|gif|bmp|ico|svg|woff2?|ttf|eot)$", re.IGNORECASE)
# What page turns call a list's first page, which the menu calls by the list's own address.
_FIRST_OF_LIST = re.compile(r"[?&](?:p|pg|page|pageno|page_no|pageindex|curpage)=1$", re.IGNORECASE)
# Shorter names (logo.gif, 1.jpg) are given again and again.
_TELLING_NAME = 14
REMEMBERED = frozenset({"oldsrc", "orisrc", "lowsrc", "longdesc", "cite"})
_BY_TAG = {
    "script": _SCRIPT,
    "iframe": _FRAME,
    "frame": _FRAME,
    "link": _STYLE,
    "embed": _OTHER,
    "source": _OTHER,
    "video": _OTHER,
    "audio": _OTHER,
    "track": _OTHER,
}
_STYLE_URL = re.compile(r"""url\(\s*["']?([^"')]{1,500})["']?\s*\)|@import\s+["']([^"']{1,500})""")
_REFRESH = re.compile(r"""^\s*\d*\s*[;,]?\s*(?:url\s*=)?\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_SCRIPT_GOES = re.compile(
    r"""(?:window|self|top|parent|document)?\.?location(?:\.href)?\s*=\s*["']([^"']{1,300})["']"""
    r"""|location\.(?:replace|assign)\(\s*["']([^"']{1,300})["']"""
)


@dataclass(frozen=True)
class Mention:
    """One reference where it stands. `use` is link, image, style, script, frame or other."""

    use: str
    tag: str
    attribute: str
    written: str
    reference: Reference
    text: str = ""

    @property
    def own(self) -> bool:
        return self.reference.kind is ReferenceKind.OWN


class AddressBook:
    """Finds what an address of the old site meant among what the source holds."""

    def __init__(self, found: Iterable[Found]) -> None:
        self._exact: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        self._named: dict[str, list[str]] = {}
        entries = list(found)
        for entry in entries:
            self._exact.setdefault(entry.address, entry.address)
            self._named.setdefault(_name(entry.address), []).append(entry.address)
        for entry in entries:
            for alias in entry.aliases:
                self._exact.setdefault(alias, entry.address)
        for address, target in self._exact.items():
            self._folded.setdefault(address.casefold(), target)

    def find(self, address: str) -> str | None:
        """The address held for it, spelled exactly or but for what a file server ignores."""
        for spelling in _spellings(address):
            if spelling in self._exact:
                return self._exact[spelling]
        return None

    def find_folded(self, address: str) -> str | None:
        """As `find`, but letter case aside: what Windows servers answered."""
        found = self.find(address)
        if found is not None:
            return found
        folded = (self._folded.get(one.casefold()) for one in _spellings(address))
        return next(filter(None, folded), None)

    def find_by_name(self, address: str) -> str | None:
        """The one file with the same, telling name elsewhere: systems moved their uploads."""
        name = _name(address)
        places = self._named.get(name, [])
        return places[0] if len(places) == 1 and len(name) >= _TELLING_NAME else None


def _name(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2].casefold()


def _spellings(address: str) -> Iterator[str]:
    yield address
    path, mark, _ = address.partition("?")
    if mark and _STATIC.search(path):
        yield path
    if _FIRST_OF_LIST.search(address):
        yield _FIRST_OF_LIST.sub("", address)
    if not mark and not path.endswith("/"):
        yield f"{path}/"


def mentions(root: Element, address: str, host: str | None) -> list[Mention]:
    """All references of a page, in order; `host` is the site's own."""
    base = base_of(root, address, host)
    found: list[Mention] = []
    for element in root.iter():
        if is_tag(element):
            found.extend(_of_element(element, base, host))
    return found


def base_of(root: Element, address: str, host: str | None) -> str:
    """The address that relative references start from: the page's own, or its base tag's."""
    for element in root.iter("base"):
        if element.get("href"):
            named = resolve(address, element.get("href"), host)
            return named.address if named.kind is ReferenceKind.OWN else address
    return address


def _of_element(element: Element, base: str, host: str | None) -> Iterator[Mention]:
    for attribute, use in _ATTRIBUTES.items():
        written = element.get(attribute)
        if written is not None and not _says_nothing(element.tag, attribute):
            yield _mention(element, attribute, _BY_TAG.get(element.tag, use), written, base, host)
    for part in (element.get("srcset") or "").split(","):
        if part.strip():
            yield _mention(element, "srcset", _IMAGE, part.split()[0], base, host)
    for written in _style_urls(element):
        yield _mention(element, "style", _IMAGE, written, base, host)


def _says_nothing(tag: str, attribute: str) -> bool:
    return tag == "base" or (attribute == "data" and tag != "object")


def _mention(
    element: Element, attribute: str, use: str, written: str, base: str, host: str | None
) -> Mention:
    if element.tag == "link" and "stylesheet" not in (element.get("rel") or "").lower():
        use = _IMAGE if "icon" in (element.get("rel") or "").lower() else _OTHER
    if element.tag == "input":
        use = _IMAGE
    text = link_text(element) if element.tag in {"a", "area"} else ""
    reference = resolve(base, written, host)
    return Mention(use, element.tag, attribute, written.strip(), reference, text)


def link_text(element: Element) -> str:
    """What a link says; its title where words are cut short, a picture's name where none are."""
    words: str = inline_text_of(element)
    title = squeeze(element.get("title") or "")
    if title and (not words or words.rstrip(".…·") != words):
        return title
    if not words:
        names = (squeeze(image.get("alt") or "") for image in element.iter("img"))
        return next(filter(None, names), title)
    return words


def _style_urls(element: Element) -> Iterator[str]:
    css = element.get("style") or ""
    if element.tag == "style":
        css = element.text or ""
    yield from style_urls(css)


def style_urls(css: str) -> Iterator[str]:
    """What a style sheet loads."""
    for match in _STYLE_URL.finditer(css):
        yield (match[1] or match[2]).strip()


def sent_on_to(root: Element, address: str, host: str | None) -> tuple[str, Reference] | None:
    """How and where a page sends its reader by itself: by meta refresh, or by script."""
    base = base_of(root, address, host)
    for element in root.iter("meta"):
        if (element.get("http-equiv") or "").strip().lower() == "refresh":
            match = _REFRESH.match(element.get("content") or "")
            if match:
                return "refresh", resolve(base, match[1], host)
    return _sent_by_script(root, base, host)


def _sent_by_script(root: Element, base: str, host: str | None) -> tuple[str, Reference] | None:
    scripts = [element.text or "" for element in root.iter("script")]
    said = squeeze("".join(root.itertext())) if len(scripts) < 4 else None
    if said is None or len(said) > sum(map(len, scripts)) + 200:
        return None
    match = next(filter(None, map(_SCRIPT_GOES.search, scripts)), None)
    return ("script", resolve(base, match[1] or match[2], host)) if match else None
