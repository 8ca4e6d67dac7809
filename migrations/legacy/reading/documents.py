"""Text to a tree, and the plain text of trees: the one way pages are parsed here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree, html

Element: TypeAlias = Any  # lxml.html.HtmlElement; lxml ships no types

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
# Characters that XML trees refuse; old editors pasted some from word processors.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
# Old editors nest hundreds of unclosed tags; what goes far beyond is made to harm.
_MAX_DEPTH = 1000
_MAX_ELEMENTS = 100_000
_SPACES = re.compile(r"[\s\u00a0\u3000\u200b-\u200d\u2060\ufeff]+")

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_DATA_SCRIPT = re.compile(r"<script[^>]{0,200}text/xml[^>]{0,200}>", re.IGNORECASE)
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[((?:(?!\]\]>).){1,20000})", re.DOTALL)
# Never a reader's text.
UNREAD = frozenset(
    ["script", "style", "template", "head", "textarea", "select", "option", "button", "title"]
)


def parse(text: str) -> Element:
    """A page's tree; never fails: what is no markup at all becomes an empty page."""
    plain = _unpack(_CONTROLS.sub("", _DECLARATION.sub("", text, count=1)))
    parser = html.HTMLParser(recover=True, huge_tree=True, remove_pis=True)
    try:
        root = html.document_fromstring(plain or "<html></html>", parser=parser)
    except etree.ParserError:
        root = html.document_fromstring("<html></html>")
    return root


def _unpack(text: str) -> str:
    """Take lists out of the script elements that some systems keep them in, for a script to show.

    ``<script type="text/xml"><datastore><record><![CDATA[<li>…``: no browser runs such a script.
    """
    pieces, done = [], 0
    for opening in _DATA_SCRIPT.finditer(text):
        end = text.find("</script", opening.end())
        if end < 0:
            break
        if opening.start() >= done:
            records = _RECORD.findall(text, opening.end(), end)
            pieces += [text[done : opening.start()], "<ul>", *records, "</ul>"]
            done = text.find(">", end) + 1 or len(text)
    return "".join([*pieces, text[done:]])


def is_fit(root: Element) -> bool:
    """Whether a tree can be worked on: neither larger nor deeper than pages people make."""
    depth = deepest = count = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest, count = max(deepest, depth), count + 1
        if deepest > _MAX_DEPTH or count > 2 * _MAX_ELEMENTS:
            return False
    return True


def squeeze(text: str) -> str:
    """One line without the spaces that only place text: full-width, non-breaking, zero-width."""
    return _SPACES.sub(" ", text).strip()


def is_tag(element: Element) -> bool:
    """Whether it is an element: lxml lists comments among children."""
    return isinstance(element.tag, str)


def text_of(element: Element) -> str:
    """The readable text of an element on one line."""
    return squeeze(" ".join(_pieces(element)))


def inline_text_of(element: Element) -> str:
    """As `text_of`, but inline tags don't part words: the title in ``<b>关于</b>印发``."""
    return squeeze("".join(_pieces(element, gap=" ")))


def _pieces(element: Element, gap: str = "") -> Iterator[str]:
    skipped = 0
    for event, node in etree.iterwalk(element, events=("start", "end", "comment")):
        if event == "comment":
            yield "" if skipped or node is element else node.tail or ""
            continue
        unread = node.tag in UNREAD
        if event == "start":
            skipped += unread
            yield (gap if node.tag in BLOCKS or node.tag == "br" else "") if not skipped else ""
            yield "" if skipped else node.text or ""
            continue
        skipped -= unread
        yield gap if node.tag in BLOCKS else ""
        yield "" if skipped or node is element else node.tail or ""


def first(root: Element, tag: str) -> Element | None:
    return next(root.iter(tag), None)


def metas(root: Element) -> dict[str, str]:
    """What a page says of itself: names in lower case, the first of each that says anything."""
    said: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("name") or element.get("property") or element.get("itemprop") or ""
        content = squeeze(element.get("content") or "")
        if name and content:
            said.setdefault(name.strip().lower(), content)
    return said


def raw_title(root: Element) -> str:
    element = first(root, "title")
    return squeeze(element.text_content()) if element is not None else ""
