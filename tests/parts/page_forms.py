"""The forms of a page, as a browser reads them and a person fills them in."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement, document_fromstring
from werkzeug.test import TestResponse

_NOT_SENT = frozenset({"submit", "button", "image", "reset"})


@dataclass(frozen=True)
class PageForm:
    """One form: where it goes, what it starts with, and what may be chosen."""

    page: str
    action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Where it goes, without the query."""
        return urlsplit(self.action).path


def forms_of(page: str, answer: TestResponse) -> list[PageForm]:
    """All forms of the page at this path."""
    if answer.mimetype != "text/html" or not answer.data.strip():
        return []
    return [_form(page, each) for each in document_fromstring(answer.data).xpath("//form")]


def _form(page: str, form: HtmlElement) -> PageForm:
    parts = urlsplit(urljoin(f"http://here{page}", form.get("action") or ""))
    action = f"{parts.path}?{parts.query}" if parts.query else parts.path
    fields: list[tuple[str, str]] = []
    choices: dict[str, tuple[str, ...]] = {}
    kinds: dict[str, str] = {}
    for box in _boxes(form):
        name = str(box.get("name"))
        kinds[name] = box.tag if box.tag != "input" else box.get("type", "text")
        fields.extend((name, value) for value in _values(box))
        if box.tag == "select":
            choices[name] = tuple(map(str, box.xpath(".//option/@value")))
        elif kinds[name] in ("radio", "checkbox"):
            choices[name] = (*choices.get(name, ()), box.get("value", "on"))
    return PageForm(page, action, form.get("method", "get").lower(), tuple(fields), choices, kinds)


def _boxes(form: HtmlElement) -> list[HtmlElement]:
    """What the form sends: what stands in it, and what names it from elsewhere."""
    inside = form.xpath(".//*[self::input or self::select or self::textarea or self::button]")
    if form_id := form.get("id"):
        inside += form.xpath("//*[@form=$id]", id=form_id)
    return [each for each in inside if each.get("name") and not each.get("disabled")]


def _values(box: HtmlElement) -> list[str]:
    """What a box starts with; a button counts as pressed when it is the only way to say it."""
    if box.tag == "select":
        return [str(each) for each in box.xpath(".//option[@selected]/@value")]
    if box.tag == "textarea":
        # The line break behind the tag is none of the text.
        return [(box.text or "").removeprefix("\r").removeprefix("\n")]
    kind = box.get("type", "submit" if box.tag == "button" else "text")
    if kind in _NOT_SENT or kind == "file":
        return []
    if kind in ("radio", "checkbox"):
        return [box.get("value", "on")] if box.get("checked") is not None else []
    return [box.get("value", "")]
