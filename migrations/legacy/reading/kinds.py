"""Which kind a page is: by what it says of itself, by its signs, and by what its siblings are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from migrations.legacy.reading.files import Kind
from migrations.legacy.reading.pages import Signs

# Text of its own that makes a page more than a list; in weights of `bodies.weigh`.
_ARTICLE_WEIGHT = 120.0
_TEXT_WEIGHT = 200.0
_NO_WEIGHT = 10.0
# More text than a form, or a list, explains itself with.
_FORM_WEIGHT = 400.0
_LIST_ENTRIES = 3
# Siblings decide for the doubtful where this share of the certain ones agrees.
_MAJORITY = 0.75
_HOME_NAME = re.compile(
    r"/(?:old|new|bak)?[_-]?(?:index|default|main|home)[_-]?\w{0,4}\.(?:s?html?|aspx?|php|jspx?)",
    re.IGNORECASE,
)
_LOGIN_NAME = re.compile(r"log[io]n|sign(?:in|up)|regist|passw|/reg\.|/user", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_HEX = re.compile(r"(?<![a-z])[0-9a-f]{6,}(?![a-z])", re.IGNORECASE)


def judge(signs: Signs) -> tuple[Kind | None, bool]:
    """The kind that the signs show, if any, and whether they are certain."""
    if signs.sent_on:
        return Kind.REDIRECT, True
    if signs.is_form and not signs.byline and (signs.is_login or signs.weight < _FORM_WEIGHT):
        return Kind.OTHER, True
    if signs.says_article or signs.tail == "article":
        return Kind.ARTICLE, True
    if signs.tail == "list" or (signs.says_list and not _is_text(signs)):
        return Kind.LIST, True
    return _by_content(signs)


def _is_text(signs: Signs) -> bool:
    """Whether an article shows: pages of some systems name their column whatever they are."""
    if signs.dated_entries < _LIST_ENTRIES and signs.byline:
        return True
    return signs.weight >= _TEXT_WEIGHT and signs.lines_inside <= 1


def _by_content(signs: Signs) -> tuple[Kind | None, bool]:
    listed = signs.dated_entries >= _LIST_ENTRIES
    if signs.byline and not listed:
        return Kind.ARTICLE, True
    if listed:
        # Lines that stand beside a text, not in it, make no list.
        beside = signs.weight >= _FORM_WEIGHT and signs.lines_inside <= 1
        heavy = signs.byline and signs.weight > signs.entries * 60
        return (Kind.ARTICLE, False) if beside or heavy else (Kind.LIST, True)
    if signs.weight >= max(_ARTICLE_WEIGHT, signs.entries * 40):
        # Nothing but text is an article, even where its siblings are lists.
        return Kind.ARTICLE, signs.weight >= _TEXT_WEIGHT and signs.entries <= 1
    if signs.entries > _LIST_ENTRIES or signs.dated_entries:
        # Nothing but links is a list, even where its siblings are articles.
        return Kind.LIST, signs.weight < _NO_WEIGHT and not signs.pictures
    if signs.pictures and not signs.in_menu:
        return Kind.ARTICLE, False
    return (Kind.LIST, False) if signs.in_menu else (None, False)


def is_login_name(address: str) -> bool:
    """Whether an address is named after signing in, signing up or lost passwords."""
    return _LOGIN_NAME.search(address) is not None


def is_home_name(address: str) -> bool:
    """Whether an address is one under which home pages, and what is left of them, are kept."""
    return _HOME_NAME.fullmatch(address) is not None


def address_shape(address: str) -> str:
    """An address with its numbers taken out: what a program fills in for each page."""
    return _NUMBER.sub("0", _HEX.sub("0", address))


def settle(
    judged: Mapping[str, tuple[Kind | None, bool]], groupings: Iterable[Mapping[str, str]]
) -> dict[str, Kind]:
    """Kinds for all pages. `groupings` name each page's siblings, the most telling first."""
    kinds = {address: kind for address, (kind, certain) in judged.items() if certain and kind}
    for grouping in groupings:
        majorities = _majorities(kinds, grouping)
        for address in judged:
            kind = majorities.get(grouping.get(address, ""))
            if address not in kinds and kind is not None:
                kinds[address] = kind
    doubtful = {address: kind or Kind.UNKNOWN for address, (kind, _) in judged.items()}
    return doubtful | kinds


def empty_lists(
    kinds: Mapping[str, Kind], nothing: Iterable[str], templates: Mapping[str, str]
) -> dict[str, Kind]:
    """Pages that show nothing, on a template that lists are made with: columns never filled."""
    listing = {templates[address] for address, kind in kinds.items() if kind is Kind.LIST}
    empty: dict[str, Kind] = {
        address: Kind.LIST
        for address in nothing
        if kinds[address] is Kind.UNKNOWN and templates[address] in listing
    }
    return empty


def _majorities(kinds: Mapping[str, Kind], grouping: Mapping[str, str]) -> dict[str, Kind]:
    """Per group, the kind of nearly all its certain members; none where they are of two minds."""
    votes: dict[str, Counter[Kind]] = {}
    for address, kind in kinds.items():
        if address in grouping:
            votes.setdefault(grouping[address], Counter())[kind] += 1
    found: dict[str, Kind] = {}
    for group, counts in votes.items():
        kind, count = counts.most_common(1)[0]
        if count >= sum(counts.values()) * _MAJORITY and kind in {Kind.ARTICLE, Kind.LIST}:
            found[group] = kind
    return found
