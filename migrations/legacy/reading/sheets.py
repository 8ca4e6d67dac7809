"""A page's tree as a reader goes through it: text and pictures in order, each in its place."""

from __future__ import annotations

import re
from collections.abc import Set
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
    """A piece of text, the element that holds it, whether a link does, and its place in order.

    `place` is a hash of the way to the block that holds it.
    """

    owner: Element
    text: str
    linked: bool
    order: int
    place: int

    @property
    def key(self) -> int:
        """What the run is compared by.

        The same words are chrome in one place and not in another: a title is its page's own though
        every sidebar links by it, and a list's line is the list's though it is in the sidebar too.
        """
        return hash((self.text, self.linked, self.place))


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
        walk = _Walk()
        for event, node in etree.iterwalk(self.body, events=("start", "end", "comment")):
            if event == "start":
                walk.enter(node)
                walk.say(node, node.text)
                continue
            if event == "end":
                walk.leave(node)
            if node is not self.body:
                walk.say(node.getparent(), node.tail)
        return walk.runs

    @cached_property
    def _runs_by_owner(self) -> dict[Element, list[Run]]:
        found: dict[Element, list[Run]] = {}
        for run in self.runs:
            found.setdefault(run.owner, []).append(run)
        return found

    def runs_in(self, element: Element) -> list[Run]:
        """The text of an element, in order."""
        owners = (self._runs_by_owner.get(one, ()) for one in element.iter())
        return sorted((run for runs in owners for run in runs), key=lambda run: run.order)

    def is_repeated(self, element: Element, chrome: Set[int]) -> bool:
        """Whether an element says something, and nothing but what its siblings say there too."""
        runs = self.runs_in(element)
        return bool(runs) and all(run.key in chrome for run in runs)

    @cached_property
    def shape(self) -> frozenset[int]:
        """The template's skeleton as hashes of paths: what pages of one template share."""
        found: set[int] = set()
        waiting = [(self.body, 0, 0)]
        while waiting:
            element, above, depth = waiting.pop()
            for child in element:
                if not isinstance(child.tag, str) or child.tag in UNREAD:
                    continue
                if child.tag in _CONTENT:
                    # Old layouts stand in ``<center>`` and ``<font>``: looked through.
                    waiting.append((child, above, depth))
                    continue
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


class _Walk:
    """Where a walk through a page is: in how many links, in what is unread, below which blocks."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._unread = self._links = 0
        self._blocks = [0, 0]

    def enter(self, node: Element) -> None:
        self._unread += node.tag in UNREAD
        self._links += node.tag == "a"
        if node.tag in BLOCKS:
            self._blocks.append(hash((self._blocks[-1], name_of(node))))

    def leave(self, node: Element) -> None:
        self._unread -= node.tag in UNREAD
        self._links -= node.tag == "a"
        if node.tag in BLOCKS:
            self._blocks.pop()

    def say(self, owner: Element, text: str | None) -> None:
        # The block itself is left out of its place: the menu's present item has a class of its own.
        if text and not self._unread and (plain := squeeze(text)):
            linked = self._links > 0
            self.runs.append(Run(owner, plain, linked, len(self.runs), self._blocks[-2]))


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
