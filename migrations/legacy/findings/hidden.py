"""What a page hides from its readers and shows to search engines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrations.legacy.findings.finding import Finding
from migrations.legacy.findings.looks import Look, shorten
from migrations.legacy.reading.documents import Element, inline_text_of, is_tag, text_of
from migrations.legacy.reading.files import Kind
from migrations.legacy.reading.sheets import within
from migrations.legacy.sources.addresses import ReferenceKind, resolve

_HIDDEN_BY_SCRIPT = re.compile(
    r"""getElementById\(\s*["']([\w-]+)["']\s*\)\.style\.(?:display\s*=\s*["']none|left\s*=\s*["']-\d{3})"""
)
_OPENS_HIDDEN = re.compile(
    r"""document\.write(?:ln)?\s*\(\s*["'][^"']*<(?:div|span|ul|marquee)[^>]*"""
    r"""(?:display\s*:\s*none|(?:left|top|indent)\s*:\s*-\d{3}|(?:height|width)\s*[:=]\s*["'\\]*[01](?:px)?\b)""",
    re.IGNORECASE,
)
_NEVER_SHOWN = frozenset(["head", "title", "meta", "link", "script", "style", "option", "input"])
_SAMPLE = 12
_KEPT = 300


def links(look: Look) -> Iterator[Finding]:
    """Foreign links in elements that no reader sees; one finding for each outermost element."""
    found: list[Element] = []
    for element, why in _hidden_elements(look):
        if any(within(element, outer) for outer in found):
            continue
        foreign = list(_foreign_links(look, element))
        if foreign:
            found.append(element)
            yield _finding(look.address, why, foreign)
    yield from _between_scripts(look)


def _hidden_elements(look: Look) -> Iterator[tuple[Element, str]]:
    by_script = {name for code in look.scripts for name in _HIDDEN_BY_SCRIPT.findall(code)}
    for element in look.view.sheet.root.iter():
        if not is_tag(element) or element.tag in _NEVER_SHOWN:
            continue
        why = look.view.hiding.why_hidden(element)
        if why is None and element.get("id") in by_script:
            why = "script"
        if (
            why is None
            and element.tag == "a"
            and not text_of(element)
            and element.find("img") is None
        ):
            why = "no_text"
        if why is not None:
            yield element, why


def _foreign_links(look: Look, element: Element) -> Iterator[tuple[str, str]]:
    for link in element.iter("a"):
        reference = resolve(look.address, link.get("href") or "", look.site.host)
        if reference.kind is ReferenceKind.FOREIGN:
            yield reference.address, _own_words(link)


def _own_words(link: Element) -> str:
    """What an unclosed link says before the next one begins."""
    return shorten(inline_text_of(link), 40)


def _between_scripts(look: Look) -> Iterator[Finding]:
    """Links behind a script that writes the opening tag of a hidden element."""
    for script in look.view.sheet.root.iter("script"):
        if _OPENS_HIDDEN.search(script.text or ""):
            foreign = []
            for sibling in script.itersiblings():
                if sibling.tag == "script":
                    break
                if is_tag(sibling):
                    foreign += list(_foreign_links(look, sibling))
            if foreign:
                yield _finding(look.address, "script", foreign)


def _finding(address: str, why: str, foreign: list[tuple[str, str]]) -> Finding:
    sample = "、".join(f"{text}({url})" for url, text in foreign[:_SAMPLE])
    hosts = sorted({url for url, _ in foreign})
    facts = {
        "why": why,
        "count": len(foreign),
        "links": [{"url": url, "text": text} for url, text in foreign[:_KEPT]],
    }
    evidence = f"{why} · {len(foreign)} · {sample}"
    return Finding("hidden_links", address, hosts[0], evidence, facts=facts)


def texts(look: Look) -> Iterator[Finding]:
    """Text hidden within an article, without links."""
    view = look.view
    if look.page.kind is not Kind.ARTICLE or view.body is None:
        return
    whole = len(text_of(view.body))
    for element in view.body.iterdescendants():
        if is_tag(element) and view.hiding.why_hidden(element):
            said = text_of(element)
            if said and len(said) * 2 < whole and element.find(".//a") is None:
                yield Finding("hidden_text", look.address, "", shorten(said))
