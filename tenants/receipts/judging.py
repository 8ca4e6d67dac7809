"""What an answer says of a withdrawn item: nothing, or that something of it is left."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from hosting.directory.asking import Answer
from hosting.publishing.traces import ABSENT, GONE, KEPT, Asked, Place, Withdrawn

TAKEN, SILENT, STAYS, LEFT, UNANSWERED = "taken", "silent", "stays", "left", "unanswered"
"""Verdicts: there is nothing any more; a page stands and does not lead to it; it stays for a stated
reason; something is left; it could not be asked."""

STILL_THERE, NOT_GONE, ADDRESS, TITLE = "still_there", "not_gone", "address", "title"
"""What is left: the thing itself; an address that does not say that it is gone; a link to it; a
link that bears its title."""

TOO_OFTEN = 429
_OK = 200
_NOTHING = frozenset({404, 410})
_GONE = 410


@dataclass(frozen=True)
class Checked:
    """One place with its answer and the verdict; `why` says as a code what is wrong or kept.

    `titled` are the paths to which links with the item's title lead: whether they are other items'
    the caller has to find out (`settled`).
    """

    place: Place
    status: int | None
    target: str
    verdict: str
    why: str = ""
    titled: frozenset[str] = field(default=frozenset())

    @property
    def is_right(self) -> bool:
        """Whether nothing is left here."""
        return self.verdict not in (LEFT, UNANSWERED)

    def facts(self) -> dict[str, Any]:
        """As the receipt keeps it."""
        place = self.place
        said = {
            "kind": place.kind,
            "host": place.host,
            "path": place.path,
            "server": place.server,
            "expects": place.expects,
            "status": self.status,
            "target": self.target,
            "verdict": self.verdict,
            "why": self.why,
            "by": place.by,
        }
        return {name: value for name, value in said.items() if value != ""}


def unanswered(place: Place) -> Checked:
    """Of a place that nobody answered for."""
    return Checked(place, None, "", UNANSWERED)


def judge(place: Place, answers: Sequence[Asked], withdrawn: Withdrawn) -> Checked:
    """The worst that the answers say, asked in several ways."""
    verdicts = [_judge(place, asked, withdrawn) for asked in answers]
    return min(verdicts, key=_how_bad)


def _how_bad(checked: Checked) -> int:
    order = (LEFT, UNANSWERED)
    if checked.verdict in order:
        return order.index(checked.verdict)
    return 2 if checked.titled else 3


def _judge(place: Place, asked: Asked, withdrawn: Withdrawn) -> Checked:
    def found(verdict: str, why: str = "", titled: Iterable[str] = ()) -> Checked:
        return Checked(place, asked.status, asked.target, verdict, why, frozenset(titled))

    end = asked.end
    if end.status in _NOTHING:
        is_said = place.expects != GONE or end.status == _GONE or bool(asked.target)
        return found(TAKEN) if is_said else found(LEFT, NOT_GONE)
    if end.status != _OK:
        return found(UNANSWERED)
    if place.expects == KEPT:
        return found(STAYS, place.why)
    leads_there = not asked.target or unquote(asked.target) == withdrawn.path
    if place.expects in (GONE, ABSENT) and leads_there:
        return found(LEFT, STILL_THERE)
    if withdrawn.path in spelled_out(end.body):
        return found(LEFT, ADDRESS)
    return found(SILENT, titled=titled_links(end, withdrawn))


def settled(checked: Checked, others: frozenset[str]) -> Checked:
    """With its links judged by the paths of other public items that bear the same title."""
    if checked.titled <= others:
        return checked
    return Checked(checked.place, checked.status, checked.target, LEFT, TITLE, checked.titled)


def spelled_out(body: bytes) -> str:
    """A body in which addresses stand as they are, however they were escaped."""
    return unquote(body.decode("utf-8", "replace")).replace("\\/", "/")


def titled_links(answer: Answer, withdrawn: Withdrawn) -> frozenset[str]:
    """The paths on the item's own hosts to which links, or entries of feeds, with its title lead.

    "" is an entry that leads nowhere.
    """
    kind = answer.headers.get("content-type", "").partition(";")[0]
    links = (urlsplit(each) for each in _links(answer.body, kind, _plain(withdrawn.title)))
    return frozenset(
        unquote(link.path) for link in links if link.hostname in (None, *withdrawn.hosts)
    )


def _links(body: bytes, kind: str, title: str) -> Iterator[str]:
    if kind.endswith("json"):
        yield from _of_json(body, title)
    elif kind.endswith("xml"):
        yield from _of_xml(body, title)
    elif kind == "text/html":
        tree = etree.fromstring(body or b"<html/>", etree.HTMLParser(encoding="utf-8"))
        for link in [] if tree is None else tree.iter("a"):
            if _plain("".join(link.itertext())) == title:
                yield link.get("href", "")


def _of_json(body: bytes, title: str) -> Iterator[str]:
    try:
        document = json.loads(body)
    except ValueError:
        return
    for entry in document.get("items", []) if isinstance(document, dict) else []:
        if isinstance(entry, dict) and _plain(str(entry.get("title", ""))) == title:
            yield str(entry.get("url", ""))


def _of_xml(body: bytes, title: str) -> Iterator[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(body, parser) if body else None
    for node in [] if root is None else root.iter("{*}title"):
        if _plain(node.text or "") == title and node.getparent() is not None:
            links = [*node.getparent().iterchildren("{*}link")]
            yield next((each.get("href") or each.text or "" for each in links), "")


def _plain(text: str) -> str:
    return " ".join(text.split())
