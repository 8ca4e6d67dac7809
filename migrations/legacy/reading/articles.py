"""An article's own part of its page: the text without what stands around it, pictures, files."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Set
from html import escape

from lxml import etree, html

from migrations.legacy.reading.bylines import names_itself
from migrations.legacy.reading.documents import BLOCKS, Element, is_tag, squeeze, text_of
from migrations.legacy.reading.files import ending, is_document, is_image
from migrations.legacy.reading.hiding import Hiding
from migrations.legacy.reading.pages import Linked
from migrations.legacy.reading.references import AddressBook, base_of, link_text
from migrations.legacy.reading.sheets import Sheet, within
from migrations.legacy.reading.titles import Title, bare
from migrations.legacy.sources.addresses import ReferenceKind, resolve

_AROUND = re.compile(
    r"(?:上|下)\s*一\s*(?:篇|条|则|页)|(?:【|\[)?\s*(?:打\s*印|关\s*闭|返\s*回|推荐给好友|加入收藏)|"
    r"打印(?:本页|文章)|关闭(?:本页|窗口)|返回(?:顶部|列表|首页)|分享(?:到|至)|扫一扫|一键分享|相关(?:新闻|文章|信息|链接|阅读)"
)
_AROUND_LIMIT = 160
_JUNK = (
    *("script", "style", "link", "meta", "base", "noscript"),
    *("input", "textarea", "select", "button"),
    *("iframe", "frame", "object", "embed"),
)
_FILE_WORDS = re.compile(
    r"附\s*件|下载|表$|表[）)]|书$|书[）)（(]|清单|模板|指南|活页|名单|目录|样式|格式|材料|资料|办法|说明"
    r"|\.(?:docx?|xlsx?|pptx?|pdf|wps|et|zip|rar)\b",
    re.IGNORECASE,
)
_SEEN_AS_URL = re.compile(r"\s*(?:https?://|www\.)", re.IGNORECASE)
_IN_SCRIPT = re.compile(
    r"""["']([^"'<>\s]{1,300}\.(?:pdf|docx?|xlsx?|pptx?|wps|ofd))["']""", re.IGNORECASE
)
# Where pages keep the real picture while they show a placeholder.
_PICTURE_ATTRIBUTES = ("data-original", "data-src", "src", "orisrc", "oldsrc")


def own_part(place: Element, *, title: Title, furniture: Set[str], hiding: Hiding) -> Element:
    """A copy of the text's element without title, byline, scripts, what is hidden, furniture.

    `furniture` are texts in it that all siblings have there.
    """
    marked = _mark_title(place, title.element)
    part = copy.deepcopy(place)
    part.tail = None
    if marked is not None:
        del marked.attrib[_MARK]
    _drop_hidden(part, hiding)
    for junk in list(part.iter(*_JUNK, etree.Comment)):
        if junk is not part:
            _drop(junk)
    for form in list(part.iterdescendants("form")):
        # Some systems wrap the whole text in a form.
        form.drop_tag()
    _cut_before_title(part)
    _drop_bylines(part, bare(title.text))
    _drop_furniture(part, furniture)
    return part


_MARK = "data-jiyue-title"


def _mark_title(place: Element, title: Element | None) -> Element | None:
    """Mark the title in the tree, so that it is known again in the copy."""
    if title is None or title is place or not within(title, place):
        return None
    title.set(_MARK, "")
    return title


def _cut_before_title(part: Element) -> None:
    """Drop the title and all that stands before it."""
    title = next((one for one in part.iter() if is_tag(one) and one.get(_MARK) is not None), None)
    if title is None:
        return
    element = title
    while element is not part:
        for before in list(element.itersiblings(preceding=True)):
            _drop(before, keep_tail=False)
        parent = element.getparent()
        parent.text = None
        element = parent
    _drop(title)


def _drop_bylines(part: Element, title: str) -> None:
    """Drop the short lines at the head that say when and by whom, or the title once more."""
    for block in _blocks(part)[:12]:
        text = text_of(block)
        if len(text) > _AROUND_LIMIT:
            return
        repeats = bool(title) and bare(text) == title
        if (repeats or names_itself(text)) and not _has_content(block):
            _drop(block)


def _drop_furniture(part: Element, furniture: Set[str]) -> None:
    """Drop, from the end, what pages put below every text; and lines that all siblings have."""
    for block in reversed(_blocks(part)):
        text = text_of(block)
        if block.getparent() is None or len(text) > _AROUND_LIMIT or _has_content(block):
            continue
        if text and (_AROUND.match(text) or _is_furniture(block, furniture)):
            _drop(block)


def _is_furniture(block: Element, furniture: Set[str]) -> bool:
    return all(piece in furniture for piece in filter(None, map(squeeze, block.itertext())))


def _blocks(part: Element) -> list[Element]:
    """The innermost blocks, in order."""
    return [
        one
        for one in part.iter()
        if is_tag(one) and one is not part and one.tag in BLOCKS and not _holds_blocks(one)
    ]


def _holds_blocks(element: Element) -> bool:
    return any(is_tag(one) and one.tag in BLOCKS for one in element.iterdescendants())


def _has_content(block: Element) -> bool:
    return block.find(".//img") is not None or block.find(".//table") is not None


def _drop_hidden(part: Element, hiding: Hiding) -> None:
    """What is hidden would come to light without styles; most of the text stays, hidden or not."""
    whole = len(text_of(part))
    for element in list(part.iter()):
        inside = is_tag(element) and element is not part and element.getparent() is not None
        if inside and hiding.why_hidden(element) and len(text_of(element)) * 2 < max(whole, 1):
            _drop(element)


def _drop(element: Element, *, keep_tail: bool = True) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if keep_tail and element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def inner_html(part: Element) -> str:
    """The element's content as HTML, without its own tag."""
    children = (html.tostring(child, encoding="unicode") for child in part)
    return "".join((escape(part.text or "", quote=False), *children)).strip()


def pictures_of(
    part: Element, sheet: Sheet, host: str | None, book: AddressBook
) -> tuple[Linked, ...]:
    """The part's pictures of this site, in order, each once; without address where gone."""
    base = base_of(sheet.root, sheet.address, host)
    found: dict[str, Linked] = {}
    for image in part.iter("img"):
        linked = _picture(image, base, host, book)
        if linked is not None:
            found.setdefault(linked.address or linked.written, linked)
    return tuple(found.values())


def _picture(image: Element, base: str, host: str | None, book: AddressBook) -> Linked | None:
    own = _own_pictures(image, base, host)
    if not own:
        return None
    written = image.get("src") or own[0]
    address = picture_address(image, base, host, book)
    moved = address is not None and all(book.find_folded(one) is None for one in own)
    return Linked(_file_name(address or own[0]), written, address, moved)


def picture_address(image: Element, base: str, host: str | None, book: AddressBook) -> str | None:
    """Where the source holds a picture of this site; None where it does not, or it is foreign."""
    own = _own_pictures(image, base, host)
    held = next(filter(None, map(book.find_folded, own)), None)
    return held or (book.find_by_name(own[0]) if own else None)


def _own_pictures(image: Element, base: str, host: str | None) -> list[str]:
    """The addresses of this site that a picture may be at, the likeliest first."""
    written = [image.get(name) for name in _PICTURE_ATTRIBUTES if image.get(name)]
    found = (resolve(base, one, host) for one in written)
    return [one.address for one in found if one.kind is ReferenceKind.OWN]


def files_of(
    sheet: Sheet, chrome: Set[int], host: str | None, book: AddressBook, documents: Set[str]
) -> tuple[Linked, ...]:
    """What the page offers for download, in order, each once.

    `documents` are the addresses at which the site holds documents, whatever they are called.
    """
    base = base_of(sheet.root, sheet.address, host)
    written = [
        (link.get("href") or "", link_text(link))
        for link in sheet.body.iter("a")
        if not sheet.is_repeated(link, chrome)
    ]
    found: dict[str, Linked] = {}
    for href, text in (*written, *((one, "") for one in _embedded(sheet.body))):
        reference = resolve(base, href, host)
        if reference.kind is ReferenceKind.OWN and reference.address not in found:
            held = book.find_folded(reference.address)
            if (
                held in documents
                or _is_file(reference.address)
                or (not held and _is_file(f"/{text}"))
            ):
                name = text or _file_name(reference.address)
                found[reference.address] = Linked(name, href, held)
    return tuple(found.values())


def _embedded(body: Element) -> Iterator[str]:
    """Documents shown in frames, or by scripts that name them: ``showPdf("/a/b.pdf")``."""
    for element in body.iter("iframe", "embed", "object"):
        yield element.get("src") or element.get("data") or ""
    for script in body.iter("script"):
        yield from _IN_SCRIPT.findall(script.text or "")


def _is_file(address: str) -> bool:
    return is_document(address) and not is_image(address) and ending(address) != "swf"


def dead_links_of(
    part: Element, base: str, host: str | None
) -> tuple[tuple[Linked, ...], tuple[str, ...]]:
    """Links of the text that lead nowhere: files that their words promise, and other words."""
    files: list[Linked] = []
    others: list[str] = []
    for link in part.iter("a"):
        text = link_text(link)
        if link.get("href") is None or not text or not _is_dead(link, base, host):
            continue
        if _FILE_WORDS.search(text) and not _SEEN_AS_URL.match(text):
            files.append(Linked(text, link.get("href"), None, dead=True))
        elif link.find(".//img") is None:
            others.append(text)
    return tuple(files), tuple(others)


def _is_dead(link: Element, base: str, host: str | None) -> bool:
    return resolve(base, link.get("href"), host).kind is ReferenceKind.DEAD


def _file_name(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2] or address
