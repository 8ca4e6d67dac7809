"""What is wrong with what a page says: nothing said, garbled, coded, or not the site's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrations.legacy.findings.finding import Finding
from migrations.legacy.findings.looks import Look, shorten
from migrations.legacy.reading.files import Kind
from migrations.legacy.reading.references import sent_on_to
from migrations.legacy.sources.addresses import ReferenceKind

_REPLACED = re.compile(
    r"\ufffd{1,}|锟斤拷|烫烫烫|[ÃÂåäæçèé][\u0080-\u00bf]{1,2}(?:[ÃÂåäæçèé][\u0080-\u00bf]{1,2}){3}"
)
_CHINESE_RUN = re.compile(r"[\u4e00-\u9fff\ue000-\uf8ff]{6,60}")
_CODED = re.compile(
    r"<title[^>]*>[^<]*(?:&#\d{2,6};){5}|<meta[^>]{0,60}content=[\"'][^\"']*(?:&#\d{2,6};){5}",
    re.IGNORECASE,
)
_SPAM = re.compile(
    r"博彩|赌博|赌场|时时彩|六合彩|娱乐城|棋牌|百家乐|彩票网|皇冠体育|老虎机|代孕|办证刻章|私服|成人电影|"
    r"色情|裸聊|威尼斯人|葡京|澳门新|开云体育|外围投注|男科医院|性用品"
)
_META_PIECES = re.compile(r"[,，、;；。|\s]+")
_BODY_NAME = re.compile(
    r".{2,16}(?:大学|学院|中学|小学|学校|图书馆|医院|公司|局|厅|处|部|委|办|网|中心)(?:\d{4})?等?"
)
_STRANGERS = 2


def saying_nothing(look: Look) -> Iterator[Finding]:
    """Articles without a title or a text, lists without a line."""
    page = look.page
    if page.kind is Kind.ARTICLE:
        if not page.title:
            yield Finding("title_empty", page.address, "", page.raw_title)
        if not page.text and not page.images and not page.attachments:
            yield Finding("empty_body", page.address, "", page.title)
    if page.kind in {Kind.HOME, Kind.LIST, Kind.REDIRECT} and not page.raw_title:
        yield Finding("title_empty", page.address, "", "")
    if page.kind is Kind.LIST and not page.entries:
        yield Finding("empty_list", page.address, "", page.title)
    if page.kind is Kind.UNKNOWN:
        yield Finding("unknown_page", page.address, "", page.title)


def garbled(look: Look) -> Iterator[Finding]:
    """Text that was read with the wrong charset: by us just now, or by somebody long ago."""
    charset = look.page.charset
    if charset and charset.label:
        evidence = f"{charset.label} → {charset.encoding}"
        yield Finding("wrong_charset", look.address, charset.label, evidence)
    for text in (look.page.title, look.page.text):
        sample = mojibake(text)
        if sample:
            yield Finding("mojibake", look.address, "", shorten(sample))
            return


def mojibake(text: str) -> str:
    """A piece of text that is garbled for certain; empty where none is."""
    match = _REPLACED.search(text)
    if match:
        return text[max(0, match.start() - 10) : match.end() + 10]
    for run in _CHINESE_RUN.findall(text[:20_000]):
        if _was_utf8(run):
            return str(run)
    return ""


def _was_utf8(run: str) -> bool:
    """Whether these characters are UTF-8 bytes that were taken for GBK (浣犲ソ for 你好)."""
    try:
        once = run.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return False
    return sum("\u4e00" <= character <= "\u9fff" for character in once) >= 3


def disguised(look: Look) -> Iterator[Finding]:
    """Titles written as numbers, and words that public bodies don't advertise."""
    source = look.site.shelf.decoded(look.address).text
    if _CODED.search(source[:20_000]):
        yield Finding("title_coded", look.address, "", shorten(look.page.raw_title))
    said = " ".join((look.page.raw_title, *look.view.metas.values()))
    words = sorted(set(_SPAM.findall(said)))
    if words:
        yield Finding("spam_words", look.address, "", "、".join(words))


def not_its_own(look: Look, everything: str) -> Iterator[Finding]:
    """Keywords and descriptions of the home page that name what the site never speaks of."""
    if look.page.kind is not Kind.HOME:
        return
    said = " ".join(look.view.metas.get(name, "") for name in ("keywords", "description"))
    named = {piece for piece in _META_PIECES.split(said) if _BODY_NAME.fullmatch(piece)}
    strange = sorted(name for name in named if name not in everything)
    if len(strange) >= _STRANGERS:
        yield Finding("meta_foreign", look.address, "", "、".join(strange[:10]))


def sending_on(look: Look) -> Iterator[Finding]:
    """Pages that send their readers elsewhere by themselves."""
    sent = sent_on_to(look.view.sheet.root, look.address, look.site.host)
    if sent is not None:
        how, reference = sent
        abroad = reference.kind is ReferenceKind.FOREIGN
        code = "sent_abroad" if abroad else "meta_refresh"
        yield Finding(code, look.address, reference.address, how)


def plugins(look: Look) -> Iterator[Finding]:
    """Flash, applets and ActiveX: nothing shows them any more."""
    for element in look.view.sheet.body.iter("embed", "object", "applet"):
        source = element.get("src") or element.get("data") or element.get("code") or ""
        yield Finding(
            "plugin", look.address, source, f"<{element.tag}> {element.get('type') or ''}"
        )
