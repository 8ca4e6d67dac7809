"""The one sanitiser for HTML that people write: at the door, and again when it is rendered.

nh3 (Ammonia) parses as browsers do and keeps only what html_rules names. What official documents
need is kept: tables, alignment, first-line indents, numbered lists. What is dropped is dropped
with its content where that was never meant for a reader (scripts, form controls), and unwrapped
elsewhere.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import nh3

from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_
from hosting.security import html_rules
from hosting.security.html_text import body_text

__all__ = ["body_text", "check", "clean", "clean_again", "foreign_sources"]

MAXIMUM_CHARACTERS = 1_000_000
# Browsers themselves give up nesting at 512.
MAXIMUM_DEPTH = 512

# One pass is enough for sane HTML; unwrapping inside broken nesting takes two or three.
_ROUNDS = 12
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_RENAMED_TAG = re.compile(r"<(/?)(" + "|".join(html_rules.RENAMED) + r")(?=[\s>])")
_SOURCELESS = re.compile(r"<img(?![^>]* src=)[^>]*>|<(audio|video)(?![^>]* src=)[^>]*></\1>")
_TAG_NAME = re.compile(r"<([a-zA-Z][^\s/>]{0,40})")
_VOID = "area|base|br|col|embed|frame|hr|img|input|keygen|link|meta|param|source|track|wbr"
_TAG = re.compile(rf"<(/?)(?!(?:{_VOID})[ >])[a-z]")
_STEP = 8_192
_GROWTH = 1.5
_MOST_NODES = 60_000
_FORMATTING = re.compile(
    r"<(?:b|big|code|em|font|i|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE
)
_PLAIN_TAG = re.compile(r'<[a-z]+(?: [a-z-]{1,20}="[^"<>]{0,200}"){0,8}>', re.IGNORECASE)
# An ampersand becomes five characters; nothing grows more.
_ESCAPED = 5


def clean(html: str) -> str:
    """The HTML with only what a reader may meet; cleaning again changes nothing.

    Text is never altered: full-width punctuation, 〔2026〕, `<` and `&` come out as they went in.
    Raises Invalid when the HTML is too long, or nested so that parsers choke on it.
    """
    html = _readable(html)
    _refuse_bombs(html)
    cleaned = _settled(html)
    # Each & may have become &amp;: what comes out must be short enough to come in again.
    _refuse_length(cleaned)
    return cleaned


def check(html: str) -> None:
    """Raise Invalid as `clean` would, in a fraction of its time for all but the longest texts."""
    html = _readable(html)
    _refuse_bombs(html)
    if len(html) * _ESCAPED > MAXIMUM_CHARACTERS:
        _refuse_length(_settled(html))


def clean_again(html: str) -> str:
    """A stored text by the rules of today, for whoever shows it; a millisecond for a long one.

    It was measured when it came in, so nothing is refused here: a page must not fail on it.
    """
    return _settled(_readable(html))


def _settled(html: str) -> str:
    for _ in range(_ROUNDS):
        cleaned = _clean_once(html)
        if cleaned == html:
            return cleaned
        html = cleaned
    # Markup that reads differently each time it is parsed is not a document but an attack.
    return entities.escape(body_text(html), quote=False)


def foreign_sources(html: str) -> tuple[str, ...]:
    """Addresses of images, sound and film that `clean` would drop, so that people can be told."""
    found: list[str] = []

    def note(_tag: str, name: str, value: str) -> None:
        if name in ("src", "poster") and html_rules.own_path(value) is None:
            found.append(value)

    html = _readable(html)
    _refuse_bombs(html)
    _cleaner(note).clean(html)
    return tuple(dict.fromkeys(found))


def _cleaner(attribute: Callable[[str, str, str], str | None]) -> nh3.Cleaner:
    tags = html_rules.INLINE | html_rules.BLOCKS | html_rules.RENAMED.keys()
    return nh3.Cleaner(
        tags=set(tags),
        clean_content_tags=set(html_rules.DROPPED_WITH_CONTENT),
        attributes=html_rules.allowed_attributes(),
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        strip_comments=True,
    )


_CLEANER = _cleaner(html_rules.attribute)


def _clean_once(html: str) -> str:
    # nh3 writes < and > inside attributes as entities, so these patterns only meet real tags.
    return _RENAMED_TAG.sub(_renamed, _SOURCELESS.sub("", _CLEANER.clean(html)))


def _renamed(tag: re.Match[str]) -> str:
    name = html_rules.RENAMED[tag[2]]
    return f"</{name.split()[0]}" if tag[1] else f"<{name}"


def _readable(html: str) -> str:
    """Without characters that no document has and parsers disagree about."""
    return _CONTROLS.sub("", html.replace("\r\n", "\n").replace("\r", "\n"))


def _refuse_bombs(html: str) -> None:
    """Raise Invalid for HTML whose parsing costs far more than its length.

    Unclosed formatting is reopened in every block, and deep nesting is walked at every tag: both
    grow with the square. Growing beginnings show it before the whole is parsed.
    """
    _refuse_length(html)
    if len(html) <= _STEP:
        return
    parsed = _everything(frozenset(name.lower() for name in _TAG_NAME.findall(html)))
    for length in _beginnings(html):
        shape = parsed.clean(html[:length])
        if len(shape) > 10 * min(length, len(html)) or _depth(shape) > MAXIMUM_DEPTH:
            raise Invalid(
                "html_too_deep",
                N_("正文的标签嵌套过深或大量标签没有闭合，请先在编辑器中清除格式再粘贴"),
            )


def _beginnings(html: str) -> Iterator[int]:
    """The lengths at which to look, in steps of 8 KB, but only where enough may have gone wrong.

    Each tag may reopen every kind of formatting, three times (HTML, 13.2.4.3): what tags and kinds
    since the last look can make of it is bounded. A sound text of any length has few kinds, and
    costs a few times its parsing; no close tag is counted as one, since a comment may hide it. Of
    links and `nobr` one alone is open at a time.
    """
    opened = _FORMATTING.finditer(html)
    coming = next(opened, None)
    kinds: set[str | int] = set()
    looked_at = tags = 0
    for end in range(_STEP, len(html) + _STEP, _STEP):
        tags += html.count("<", end - _STEP, end)
        while coming is not None and coming.start() < end:
            kinds.add(_kind(html, coming.start()))
            coming = next(opened, None)
        most = tags * (1 + 3 * len(kinds))
        if most > _MOST_NODES or end >= looked_at * _GROWTH or end >= len(html):
            yield end
            looked_at, tags = end, 0


def _kind(html: str, start: int) -> str | int:
    """The tag where parsers cannot read it in two ways; its place, as a kind of its own, else."""
    plain = _PLAIN_TAG.match(html, start)
    return start if plain is None else plain[0].lower()


def _refuse_length(html: str) -> None:
    if len(html) > MAXIMUM_CHARACTERS:
        raise Invalid(
            "html_too_long", N_("正文过长，最多 {limit} 个字符"), limit=MAXIMUM_CHARACTERS
        )


@lru_cache(maxsize=64)
def _everything(tags: frozenset[str]) -> nh3.Cleaner:
    """A parser that keeps all of these tags, bare: its output has the shape the parser built."""
    hidden = {"script", "style"}
    return nh3.Cleaner(tags=set(tags - hidden), clean_content_tags=hidden, attributes={})


def _depth(html: str) -> int:
    """How deep the elements of well-formed HTML are nested."""
    depth = deepest = 0
    for tag in _TAG.finditer(html):
        depth += -1 if tag[1] else 1
        deepest = max(deepest, depth)
    return deepest
