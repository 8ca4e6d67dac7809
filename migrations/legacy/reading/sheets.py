"""A page's tree as a reader goes through it: text and pictures in order, each in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from migrations.legacy.reading.documents import BLOCKS, UNREAD, Element, squeeze
from migrations.legacy.sources.addresses import resolve

_NUMBERED = re.compile(r"[_-]?\d+$")
_DIGIT = re.compile(r"\d")
# What texts are made of, in any template.
_CONTENT = frozenset(
    [
        "p",
        "span",
        "font",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "a",
        "img",
        "br",
        "o:p",
        "st1:chsdate",
        "sub",
        "sup",
        "center",
    ]
)
# Deeper than this a path describes the text and no more the template.
_SHAPE_DEPTH = 8
_SMALL_PIXELS = 60


@dataclass(frozen=True)
class Run:
    """A piece of text, the element that holds it, whether a link does, and its place in order."""

    owner: Element
    text: str
    linked: bool
    order: int

    @property
    def key(self) -> int:
        """What the run is compared by."""
        return key_of(self.text, linked=self.linked)


def key_of(text: str, *, linked: bool = False) -> int:
    """What a text is compared by: a title is its page's own, though lists everywhere link by it."""
    return hash((text, linked))


class Sheet:
    """One page, parsed; cheap to make, holds the whole tree: keep few at a time."""

    def __init__(self, address: str, root: Element) -> None:
        self.address = address
        self.root = root

    @cached_property
    def body(self) -> Element:
        found = self.root.find("body")
        return self.root if found is None else found

    @cached_property
    def runs(self) -> list[Run]:
        """All readable text of the body, in order."""
        found: list[Run] = []
        unread = links = 0
        for event, node in etree.iterwalk(self.body, events=("start", "end", "comment")):
            if event == "start":
                unread += node.tag in UNREAD
                links += node.tag == "a"
                self._add(found, node, node.text, links > 0, unread)
                continue
            if event == "end":
                unread -= node.tag in UNREAD
                links -= node.tag == "a"
            if node is not self.body:
                self._add(found, node.getparent(), node.tail, links > 0, unread)
        return found

    @staticmethod
    def _add(found: list[Run], owner: Element, text: str | None, linked: bool, unread: int) -> None:
        if text and not unread and (plain := squeeze(text)):
            found.append(Run(owner, plain, linked, len(found)))

    @cached_property
    def shape(self) -> frozenset[int]:
        """The template's skeleton as hashes of paths: what pages of one template share."""
        found: set[int] = set()
        waiting = [(self.body, 0, 0)]
        while waiting:
            element, above, depth = waiting.pop()
            for child in element:
                if isinstance(child.tag, str) and child.tag not in UNREAD | _CONTENT:
                    path = hash((above, name_of(child)))
                    found.add(path)
                    if depth < _SHAPE_DEPTH:
                        waiting.append((child, path, depth + 1))
        return frozenset(found)

    @cached_property
    def keys(self) -> frozenset[int]:
        """What the page says and shows, piece by piece, as hashes; siblings repeat chrome."""
        texts = {run.key for run in self.runs}
        return frozenset(texts | {key for _, key in self.pictures})

    @cached_property
    def pictures(self) -> list[tuple[Element, int]]:
        """The page's pictures, each with a hash that tells it from others; dots are none."""
        return [
            (image, hash(("picture", resolve(self.address, image.get("src") or "", None).address)))
            for image in self.body.iter("img")
            if not (_is_small(image.get("width")) or _is_small(image.get("height")))
        ]


def _is_small(size: str | None) -> bool:
    return bool(size) and size is not None and size.isdigit() and int(size) < _SMALL_PIXELS


def name_of(element: Element) -> str:
    """An element as templates name it: tag, id and classes without the numbers that vary.

    What still has digits is no name but a number that a program made up for one page.
    """
    marks = [element.get("id") or "", *sorted((element.get("class") or "").split())]
    plain = (_NUMBERED.sub("", mark) for mark in marks)
    return ".".join((element.tag, *(mark for mark in plain if mark and not _DIGIT.search(mark))))


def steps_to(element: Element, top: Element) -> tuple[str, ...]:
    """The way down from `top` to the element, the same on sibling pages of a template."""
    steps: list[str] = []
    while element is not top:
        parent = element.getparent()
        name = name_of(element)
        twins = [one for one in parent if isinstance(one.tag, str) and name_of(one) == name]
        steps.append(f"{name}[{twins.index(element)}]")
        element = parent
    return tuple(reversed(steps))


def walk(top: Element, steps: tuple[str, ...]) -> Element | None:
    """The element that `steps_to` described, on another page; None where there is no such way."""
    element = top
    for step in steps:
        name, _, place = step.rpartition("[")
        twins = [one for one in element if isinstance(one.tag, str) and name_of(one) == name]
        position = int(place[:-1])
        if position >= len(twins):
            return None
        element = twins[position]
    return element


def block_of(element: Element) -> Element:
    """The nearest element that stands on lines of its own."""
    while element.tag not in BLOCKS and element.getparent() is not None:
        element = element.getparent()
    return element


def within(element: Element, container: Element) -> bool:
    """Whether the element is the container or stands in it."""
    while element is not None and element is not container:
        element = element.getparent()
    return element is not None
