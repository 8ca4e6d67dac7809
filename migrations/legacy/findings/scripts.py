"""Scripts that are not the site's: loaded from elsewhere, copied beside, or written to hide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from migrations.legacy.findings.finding import Finding
from migrations.legacy.findings.hosts import is_family, is_service
from migrations.legacy.findings.looks import Look, shorten
from migrations.legacy.reading.charset import decode
from migrations.legacy.reading.files import Kind
from migrations.legacy.reading.sites import Site
from migrations.legacy.sources.addresses import ReferenceKind

_LOADS = re.compile(
    r"""(?:document\.write(?:ln)?\s*\([^;]{0,200}?src\s*=\s*\\?["']?|\.src\s*=\s*["'])"""
    r"""((?:https?:)?//([\w.-]+\.[a-z]{2,})[^"'\\\s>]*)""",
    re.IGNORECASE | re.DOTALL,
)
_PACKED = re.compile(
    r"eval\s*\(\s*function\s*\(\s*p\s*,\s*a\s*,\s*c\s*,\s*k|eval\s*\(\s*(?:unescape|atob|String\.fromCharCode)"
    r"|(?:\\x[0-9a-f]{2}){20}|fromCharCode\((?:\s*\d{2,5}\s*,){20}",
    re.IGNORECASE,
)
# Visitors who come from a search engine are sent elsewhere; the site's own staff never sees it.
_CLOAKED = re.compile(
    r"document\.referrer[\s\S]{0,400}?(?:baidu|sogou|google|haosou|360|so\.com|soso|bing)[\s\S]{0,400}?"
    r"(?:location|document\.write|\.src\s*=)",
    re.IGNORECASE,
)


def loaded(look: Look) -> Iterator[Finding]:
    """Foreign scripts that the page loads, and the site's own files that bear their names."""
    foreign = [m for m in look.mentions if m.use == "script" and m.reference.host]
    names = set()
    for mention in foreign:
        host = mention.reference.host
        known = is_service(host) or is_family(host, look.site.host)
        code = "third_party_script" if known else "injected_script"
        yield Finding(code, look.address, mention.reference.address, host, shared=True)
        if not known:
            names.add(_file_name(mention.reference.address))
    for mention in look.mentions:
        if mention.use == "script" and mention.own and _file_name(mention.written) in names:
            held = look.site.book.find(mention.reference.address)
            evidence = mention.written if held else f"{mention.written} ∅"
            target = mention.reference.address
            yield Finding("injected_script_copy", look.address, target, evidence, shared=True)


def written(look: Look) -> Iterator[Finding]:
    """Hostile code in the page itself."""
    for script in look.scripts:
        yield from judge_code(script, look.address, look.site.host)


def kept(site: Site) -> Iterator[Finding]:
    """Hostile code in the site's own script files."""
    for page in site.of_kind(Kind.SCRIPT):
        if page.trouble is None:
            code = decode(site.source.read(page.address).data).text
            yield from judge_code(code, page.address, site.host)


def judge_code(code: str, address: str, host: str | None) -> Iterator[Finding]:
    """What a script does that no honest one needs to do."""
    for match in _LOADS.finditer(code):
        other = match[2].lower()
        if is_service(other) or is_family(other, host):
            yield Finding("third_party_script", address, match[1], other, shared=True)
        else:
            yield Finding("injected_script", address, match[1], shorten(match[0]), shared=True)
    for pattern in (_CLOAKED, _PACKED):
        found = pattern.search(code)
        if found:
            yield Finding("hostile_script", address, "", shorten(found[0]))


def frames(look: Look) -> Iterator[Finding]:
    """Pages shown within the page: foreign ones, and those that nobody is to see."""
    for element in look.view.sheet.root.iter("iframe", "frame"):
        written = element.get("src") or ""
        mention = next(
            (m for m in look.mentions if m.use == "frame" and m.written == written), None
        )
        kind = mention.reference.kind if mention else ReferenceKind.DEAD
        sizes = {element.get("width"), element.get("height")}
        hidden = bool(sizes & {"0", "1"}) or look.view.hiding.why_hidden(element) is not None
        if kind is ReferenceKind.FOREIGN and mention and not is_service(mention.reference.host):
            code = "hidden_frame" if hidden else "foreign_frame"
            target, host = mention.reference.address, mention.reference.host
            yield Finding(code, look.address, target, host, shared=True)
        elif written:
            yield Finding("frame", look.address, written, "", shared=True)


def handlers(look: Look) -> Iterator[Finding]:
    """Code in attributes; the same code on many pages is one finding."""
    seen = set()
    for element in look.view.sheet.body.iter():
        names: Iterable[str] = element.attrib if isinstance(element.tag, str) else ()
        for name in names:
            if name.lower().startswith("on") and (name, element.get(name)) not in seen:
                seen.add((name, element.get(name)))
                code = shorten(f"{name}={element.get(name)}", 120)
                tag = f"<{element.tag}>"
                yield Finding("inline_handler", look.address, code, tag, shared=True)


def _file_name(address: str) -> str:
    return urlsplit(address).path.rpartition("/")[2].lower()
