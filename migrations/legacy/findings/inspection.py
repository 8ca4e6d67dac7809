"""All inspectors over a whole site; what pages share becomes one finding with all its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from migrations.legacy.findings import (
    copies,
    dates,
    files,
    hidden,
    privacy,
    references,
    scripts,
    texts,
)
from migrations.legacy.findings.finding import SEVERITIES, Finding
from migrations.legacy.findings.looks import Look, shorten
from migrations.legacy.reading.files import Kind
from migrations.legacy.reading.sites import Progress, Site, silent

OfPage = Callable[[Look], Iterator[Finding]]
OfSite = Callable[[Site], Iterator[Finding]]

_PAGE_INSPECTORS: tuple[OfPage, ...] = (
    scripts.loaded,
    scripts.written,
    scripts.frames,
    scripts.handlers,
    hidden.links,
    hidden.texts,
    references.broken,
    references.dead,
    references.listed,
    references.logins,
    texts.saying_nothing,
    texts.garbled,
    texts.disguised,
    texts.sending_on,
    texts.plugins,
)
_SITE_INSPECTORS: tuple[OfSite, ...] = (
    scripts.kept,
    references.in_styles,
    dates.against_content,
    dates.against_each_other,
    dates.out_of_order,
    privacy.personal,
    copies.homes,
    copies.articles,
    copies.orphans,
    copies.unlisted,
    copies.names,
    copies.contacts,
    files.troubles,
    files.hostile,
)


def inspect(site: Site, today: datetime, progress: Progress = silent) -> list[Finding]:
    """Everything that is wrong with the site, the worst first; always in the same order."""
    found = list(_of_pages(site, progress))
    for inspector in _SITE_INSPECTORS:
        found.extend(inspector(site))
    found.extend(dates.impossible(site, today))
    merged = _merge(found)
    return sorted(merged, key=lambda one: (_rank(one), one.code, one.address, one.target))


def _of_pages(site: Site, progress: Progress) -> Iterator[Finding]:
    everything = _all_text(site)
    pages = site.markup()
    for number, page in enumerate(pages):
        progress("inspect", number, len(pages))
        look = Look(site, page)
        for inspector in _PAGE_INSPECTORS:
            yield from inspector(look)
        yield from texts.not_its_own(look, everything)


def _all_text(site: Site) -> str:
    """What the site speaks of: titles, names and texts, but not the home page's own claims."""
    said = [page.text for page in site.pages.values()]
    said += [page.raw_title for page in site.markup() if page.kind is not Kind.HOME]
    said += [name for counts in site.called.values() for name in counts]
    return "\n".join(said)


def _rank(finding: Finding) -> int:
    return SEVERITIES.index(finding.severity)


def _merge(found: Iterable[Finding]) -> list[Finding]:
    """What is shared becomes one finding for all its pages; what is said twice is said once."""
    firsts: dict[tuple[str, ...], Finding] = {}
    pages: dict[tuple[str, ...], dict[str, None]] = {}
    for one in found:
        own = () if one.shared else (one.address, one.evidence)
        key = (one.code, one.target, *own)
        firsts.setdefault(key, one)
        pages.setdefault(key, {})[one.address] = None
    return [_told(one, tuple(pages[key])) for key, one in firsts.items()]


def _told(one: Finding, pages: tuple[str, ...]) -> Finding:
    target, evidence = shorten(one.target, 1000), shorten(one.evidence, 1000)
    return replace(one, target=target, evidence=evidence, pages=pages)
