"""What becomes of each old address, as rules say; people decide what no rule does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from migrations.legacy.reading.files import Kind
from migrations.legacy.reading.lists import Entry
from migrations.legacy.reading.pages import Page
from migrations.legacy.reading.sites import Site
from migrations.legacy.sources.addresses import ReferenceKind

_LONGEST_CHAIN = 10


class Decision(StrEnum):
    """page, attachment and asset are brought in; redirect leads on; gone and drop are left out.

    What is gone says so (410); what is dropped never was an address that readers asked for.
    """

    PAGE = "page"
    ATTACHMENT = "attachment"
    ASSET = "asset"
    REDIRECT = "redirect"
    GONE = "gone"
    DROP = "drop"
    UNKNOWN = "unknown"


IMPORTED = (Decision.PAGE, Decision.ATTACHMENT, Decision.ASSET)
DROPPED = (Decision.GONE, Decision.DROP)
HOME = "home"


@dataclass(frozen=True)
class Decided:
    """A decision, the rule that made it, and for redirects where they lead."""

    decision: Decision
    reason: str
    destination: str = ""


@dataclass(frozen=True)
class Listed:
    """A document that a list shows as if it were an article: its line and column."""

    entry: Entry
    column: tuple[str, ...]


def decide(site: Site) -> dict[str, Decided]:
    """A decision for every address of the site."""
    rules = _Rules(site)
    return {address: rules.decide(page) for address, page in site.pages.items()}


def listed_files(site: Site) -> dict[str, Listed]:
    """Documents that lists link to directly, with no article between, by address."""
    used = set(_used(site))
    found: dict[str, Listed] = {}
    for page in site.of_kind(Kind.LIST):
        for entry in page.entries:
            address = None if entry.dead else site.book.find_folded(entry.reference.address)
            kind = site.pages[address].kind if address else None
            if address and kind is Kind.ATTACHMENT and address not in used:
                found.setdefault(address, Listed(entry, page.column))
    return found


def columns_in_use(site: Site) -> set[tuple[str, ...]]:
    """Columns with something in them, and those above: only these are worth having here."""
    homes = [page.column for page in site.of_kind(Kind.ARTICLE)]
    homes += [listed.column for listed in listed_files(site).values()]
    return {names[:depth] for names in homes for depth in range(1, len(names) + 1)}


def _used(site: Site) -> Iterator[str]:
    """Files and pictures that articles show."""
    for page in site.of_kind(Kind.ARTICLE, Kind.UNKNOWN):
        for linked in (*page.images, *page.attachments):
            if linked.address is not None:
                yield linked.address


_PLAIN = {
    Kind.ARTICLE: Decided(Decision.PAGE, "article"),
    Kind.UNKNOWN: Decided(Decision.UNKNOWN, "unknown"),
    Kind.STYLE: Decided(Decision.DROP, "style"),
    Kind.SCRIPT: Decided(Decision.DROP, "script"),
}


class _Rules:
    """The rules, with what they need to know of the whole site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._used = set(_used(site)) | set(listed_files(site))
        self._columns = columns_in_use(site)
        self._rules: dict[Kind, Callable[[Page], Decided]] = {
            Kind.HOME: self._home,
            Kind.LIST: self._list,
            Kind.REDIRECT: self._sent_on,
            Kind.ATTACHMENT: self._file,
            Kind.IMAGE: self._image,
            Kind.OTHER: self._other,
        }

    def decide(self, page: Page) -> Decided:
        if page.trouble is not None:
            return Decided(Decision.DROP, page.trouble)
        rule = self._rules.get(page.kind)
        return _PLAIN[page.kind] if rule is None else rule(page)

    def _home(self, page: Page) -> Decided:
        reason = "home" if page.variant_of is None else "home_variant"
        return Decided(Decision.REDIRECT, reason, HOME)

    def _list(self, page: Page) -> Decided:
        """To its column; an empty one's page leads to the nearest column that is not."""
        names = self._nearest_column(page)
        reason = "column" if names == page.column else "empty_column"
        return Decided(Decision.REDIRECT, reason, f"column:{'/'.join(names)}" if names else HOME)

    def _nearest_column(self, page: Page) -> tuple[str, ...]:
        """The deepest column in use that the page belongs to; empty where there is none."""
        above = (page.column[:depth] for depth in range(len(page.column), 0, -1))
        return next((names for names in above if names in self._columns), ())

    def _sent_on(self, page: Page) -> Decided:
        """To where the old page sent its readers, through as many such pages as there are.

        What leads to nothing any more, or abroad, leads to its column, and is gone without one.
        """
        lost = self._sent_astray(page)
        seen = {page.address}
        while page.sends_to is not None and len(seen) < _LONGEST_CHAIN:
            reference = page.sends_to[1]
            own = reference.kind is ReferenceKind.OWN
            target = self._site.book.find_folded(reference.address) if own else None
            if target is None or target in seen:
                return lost
            if self._site.pages[target].kind is not Kind.REDIRECT:
                return Decided(Decision.REDIRECT, "sent_on", f"address:{target}")
            seen.add(target)
            page = self._site.pages[target]
        return lost

    def _sent_astray(self, page: Page) -> Decided:
        names = self._nearest_column(page)
        if names:
            return Decided(Decision.REDIRECT, "leads_nowhere", f"column:{'/'.join(names)}")
        return Decided(Decision.GONE, "leads_nowhere")

    def _file(self, page: Page) -> Decided:
        if page.address in self._used:
            return Decided(Decision.ATTACHMENT, "attachment")
        return Decided(Decision.GONE, "unused_file")

    def _image(self, page: Page) -> Decided:
        if page.address in self._used:
            return Decided(Decision.ASSET, "picture")
        return Decided(Decision.DROP, "template_picture")

    def _other(self, page: Page) -> Decided:
        if page.charset is not None:
            return Decided(Decision.GONE, "form")
        return Decided(Decision.DROP, "other_file")
