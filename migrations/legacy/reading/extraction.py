"""The last pass over a site: where its templates have their texts, and each article's own part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from dataclasses import replace

from migrations.legacy.reading.articles import dead_links_of, files_of, own_part, pictures_of
from migrations.legacy.reading.bodies import agree, steps_of
from migrations.legacy.reading.dates import Dated, date_in_address
from migrations.legacy.reading.documents import Element, inline_text_of
from migrations.legacy.reading.files import Kind
from migrations.legacy.reading.pages import Page
from migrations.legacy.reading.references import base_of
from migrations.legacy.reading.sites import Progress, Site
from migrations.legacy.reading.views import View


def read_articles(site: Site, progress: Progress) -> None:
    """Agree on where each template has its text, then read every article's own part.

    What is of no known kind is read as one too: somebody may decide to keep it.
    """
    articles = list(site.of_kind(Kind.ARTICLE, Kind.UNKNOWN))
    ways = defaultdict(list)
    for page in site.of_kind(Kind.ARTICLE):
        view = View(site, page)
        if view.candidate is not None and page.template is not None:
            weight = view.weighing.of(view.candidate)
            ways[page.template].append((steps_of(view.sheet, view.candidate), weight))
    site.bodies = {template: agree(pages) for template, pages in ways.items()}
    dates = _dates_in_lists(site)
    documents = {page.address for page in site.of_kind(Kind.ATTACHMENT)}
    for number, page in enumerate(articles):
        progress("extract", number, len(articles))
        _read_article(site, page, dates.get(page.address), documents)


def _dates_in_lists(site: Site) -> dict[str, Dated]:
    found: dict[str, Dated] = {}
    for page in site.of_kind(Kind.LIST, Kind.HOME):
        for entry in page.entries:
            target = None if entry.dead else site.book.find_folded(entry.reference.address)
            if target and entry.date:
                found.setdefault(target, entry.date)
    return found


def _read_article(site: Site, page: Page, listed: Dated | None, documents: Set[str]) -> None:
    view = View(site, page)
    byline = view.byline
    page.header = view.header
    page.date, page.date_source = _date(view, listed)
    page.source_name = view.metas.get("contentsource") or byline.source
    national = "articletitle" in view.metas
    page.author = byline.author or (view.metas.get("author", "") if national else "")
    page.attachments = files_of(view.sheet, view.chrome, site.host, site.book, documents)
    if view.body is None:
        return
    page.body = steps_of(view.sheet, view.body)
    part = part_of(view)
    page.text = inline_text_of(part)
    page.images = pictures_of(part, view.sheet, site.host, site.book)
    base = base_of(view.sheet.root, page.address, site.host)
    lost, page.dead_links = dead_links_of(part, base, site.host)
    page.attachments += lost


def part_of(view: View) -> Element:
    """The article's own part as a fresh tree; the view must have a body."""
    runs = view.sheet.runs_in(view.body)
    constant = view.site.templates.constant_of(view.page.address)
    furniture = {run.text for run in runs if run.key in constant}
    return own_part(view.body, title=view.title, furniture=furniture, hiding=view.hiding)


def _of_header(view: View) -> Dated | None:
    """When a document's table says it was published, else when it was made."""
    said = view.header.dates if view.header else {}
    for name, label in (("published", "发布日期"), ("formed", "成文日期")):
        if name in said:
            return replace(said[name], label=label)
    return None


def _date(view: View, listed: Dated | None) -> tuple[Dated | None, str]:
    """The date of publication and what says so: meta, page, list, address."""
    named = view.byline.date
    choices = (
        (view.meta_date, "meta"),
        (named or _of_header(view), "page"),
        (listed, "list"),
        (date_in_address(view.page.address, view.site.zone), "address"),
    )
    return next(((date, source) for date, source in choices if date), (None, ""))
