"""Which elements a reader cannot see: by their own style, or a rule of a style sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from migrations.legacy.reading.documents import Element

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SELECTOR = re.compile(r"(?:\*|[a-z][\w-]*)?(?:[.#][\w-]+)+|[a-z][\w-]*", re.IGNORECASE)
_FAR = r"-\d{3,}(?:\.\d+)?(?:px|pt|em|rem)?"
# Why a declaration hides, and how it is written (spaces and case are taken out first).
_HIDES = (
    ("display", re.compile(r"(?:^|;)display:none")),
    ("visibility", re.compile(r"(?:^|;)visibility:(?:hidden|collapse)")),
    ("off_screen", re.compile(rf"(?:^|;)(?:left|top|right|margin-left|margin-top):{_FAR}")),
    ("off_screen", re.compile(rf"(?:^|;)text-indent:{_FAR}")),
    ("tiny_text", re.compile(r"(?:^|;)font-size:(?:0|1)(?:px|pt|em)?(?:;|!|$)")),
    (
        "no_opacity",
        re.compile(r"(?:^|;)(?:opacity:0(?:\.0\d*)?|filter:alpha\(opacity=0\))(?:;|!|$)"),
    ),
    ("clipped", re.compile(r"(?:^|;)clip:rect\((?:0(?:px)?[, ]?){3,4}\)")),
)
_CSS_LIMIT, _SELECTORS_LIMIT = 500_000, 2_000
_TINY_SIDE = re.compile(r"(?:^|;)(?:max-)?(?:width|height):(?:0|1)(?:px|pt|%)?(?:;|!|$)")
_CUT_OFF = re.compile(r"(?:^|;)overflow(?:-[xy])?:hidden")


def why_declared(style: str) -> str | None:
    """Why a style attribute hides its element; None where it does not."""
    plain = re.sub(r"\s+", "", style).lower()
    for why, pattern in _HIDES:
        if pattern.search(plain):
            return why
    return "no_size" if _TINY_SIDE.search(plain) and _CUT_OFF.search(plain) else None


@dataclass
class Hiding:
    """The hiding rules of a page: simple selectors (``.hide``, ``div#x``) and why they hide."""

    rules: list[tuple[str, frozenset[str], str]] = field(default_factory=list)

    def learn(self, css: str) -> None:
        """Take in a style sheet; only selectors of one simple element are understood."""
        for rule in _COMMENT.sub("", css[:_CSS_LIMIT]).split("}"):
            selectors, _, declarations = rule.rpartition("{")
            why = why_declared(declarations) if len(selectors) < _SELECTORS_LIMIT else None
            for selector in selectors.split(",") if why else ():
                self._add(selector.strip(), why or "")

    def _add(self, selector: str, why: str) -> None:
        if _SELECTOR.fullmatch(selector) and re.search(r"[.#]", selector):
            tag = re.match(r"[a-z][\w-]*", selector, re.IGNORECASE)
            marks = frozenset(re.findall(r"[.#][\w-]+", selector))
            self.rules.append((tag[0].lower() if tag else "", marks, why))

    def why_hidden(self, element: Element) -> str | None:
        """Why this element by itself is hidden, not because of one around it."""
        if element.tag == "marquee" and _is_tiny(element):
            return "no_size"
        why = why_declared(element.get("style") or "")
        if why or not self.rules:
            return why
        marks = {f".{name}" for name in (element.get("class") or "").split()}
        marks.add(f"#{element.get('id') or ''}")
        fitting = (
            why for tag, needed, why in self.rules if needed <= marks and tag in {"", element.tag}
        )
        return next(fitting, None)


def _is_tiny(element: Element) -> bool:
    sizes = {element.get("height"), element.get("width"), element.get("scrollamount")}
    return bool(sizes & {"0", "1", "2"})


def hiding_of(root: Element, sheets: Iterable[str] = ()) -> Hiding:
    """The hiding rules of a page: of its style sheets and its own style tags."""
    hiding = Hiding()
    for css in sheets:
        hiding.learn(css)
    for style in root.iter("style"):
        hiding.learn(style.text or "")
    return hiding
