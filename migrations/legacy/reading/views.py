"""One page looked at with the whole site in mind: its title, byline, weight and signs.

A view holds a tree; it is made, asked and dropped.
"""

from __future__ import annotations

from functools import cached_property

from migrations.legacy.reading.bodies import Weighing, body_of, candidate, weigh
from migrations.legacy.reading.bylines import Byline, is_byline, read_byline
from migrations.legacy.reading.dates import Dated, first_date
from migrations.legacy.reading.documents import Element, metas
from migrations.legacy.reading.headers import DocumentHeader, read_header
from migrations.legacy.reading.hiding import Hiding, hiding_of
from migrations.legacy.reading.lists import Entry, entries
from migrations.legacy.reading.pages import Page
from migrations.legacy.reading.sheets import Run, Sheet, within
from migrations.legacy.reading.sites import Site
from migrations.legacy.reading.titles import Title, find_title

# Names under which pages tell when they were published, best first (the national page labels lead).
_META_DATES = [
    "pubdate",
    "publishdate",
    "publish-date",
    "pubtime",
    "publication_date",
    "article:published_time",
    "firstpublishedtime",
    "og:release_date",
    "releasedate",
    "dc.date",
    "datepublished",
    "article:create_at",
    "createdate",
]
# How far behind a title a byline may begin, in runs, where nothing marks the beginning of the text.
_BYLINE_RUNS = 14
_LONG_RUN = 80
_HEADER_RUNS = 40


class View:
    """Everything that is asked of one page more than once."""

    def __init__(self, site: Site, page: Page) -> None:
        self.site = site
        self.page = page
        self.sheet: Sheet = site.shelf.sheet(page.address)
        self.chrome = site.templates.chrome_of(page.address)

    @cached_property
    def metas(self) -> dict[str, str]:
        return metas(self.sheet.root)

    @cached_property
    def hiding(self) -> Hiding:
        return hiding_of(self.sheet.root, self.site.styles_of(self.sheet))

    @cached_property
    def title(self) -> Title:
        names, habits = self.site.column_names, self.site.habits[self.page.template]
        return find_title(self.sheet, habits, columns=names, chrome=self.chrome)

    @cached_property
    def entries(self) -> list[Entry]:
        return entries(self.sheet, chrome=self.chrome, host=self.site.host, zone=self.site.zone)

    @cached_property
    def own_pictures(self) -> list[Element]:
        return [picture for picture, key in self.sheet.pictures if key not in self.chrome]

    @cached_property
    def weighing(self) -> Weighing:
        return weigh(
            self.sheet, chrome=self.chrome, apart=self._title_runs, pictures=self.own_pictures
        )

    @cached_property
    def candidate(self) -> Element | None:
        """Where this page alone would say that its text stands."""
        return candidate(self.sheet, self.weighing)

    @cached_property
    def body(self) -> Element | None:
        """Where the text stands, once the page's template is known."""
        steps = self.site.bodies.get(self.site.templates.of[self.page.address].number, ())
        return body_of(self.sheet, self.weighing, steps)

    @cached_property
    def byline(self) -> Byline:
        """What stands between title and text; without a date there, what the text begins with."""
        place = self.candidate if self.body is None else self.body
        found = read_byline(self._between(place), self.site.zone)
        if found.date is None and place is not None:
            head = [run for run in self.sheet.runs if within(run.owner, place)][:6]
            inside = read_byline([run for run in head if is_byline(run.text)], self.site.zone)
            found = inside if inside.date and inside.date.label else found
        return found

    @cached_property
    def header(self) -> DocumentHeader | None:
        """What a document published by law says above its text, or before it in its own table."""
        place = self.candidate if self.body is None else self.body
        inside = self.sheet.runs_in(place) if place is not None else []
        stop = inside[min(len(inside), _HEADER_RUNS) - 1].order + 1 if inside else None
        return read_header(self.sheet.runs[:stop], self.site.zone)

    @cached_property
    def meta_date(self) -> Dated | None:
        said = (self.metas.get(name) for name in _META_DATES)
        dates = (first_date(text, self.site.zone) for text in said if text)
        return next(filter(None, dates), None)

    @cached_property
    def _title_runs(self) -> list[Run]:
        """The title wherever the page repeats it, and the pieces of its heading."""
        title = self.title
        return [
            run
            for run in self.sheet.runs
            if run.text == title.text
            or (title.element is not None and within(run.owner, title.element))
        ]

    def _between(self, place: Element | None) -> list[Run]:
        """The runs where a byline stands: behind the title, before the text."""
        runs = self.sheet.runs
        element = self.title.element
        heading = [run.order for run in runs if element is not None and within(run.owner, element)]
        inside = [run.order for run in runs if place is not None and within(run.owner, place)]
        if heading:
            start = heading[-1] + 1
            begins = next((order for order in inside if order >= start), None)
            own_place = begins is not None and inside[0] >= start
            stop = begins if own_place and begins is not None else start + _BYLINE_RUNS
            return _until_text(runs[start : min(stop, start + 4 * _BYLINE_RUNS)])
        before = runs[: inside[0]] if inside else runs[:_BYLINE_RUNS]
        return [run for run in before if run.key not in self.chrome][-_BYLINE_RUNS:]


def _until_text(runs: list[Run]) -> list[Run]:
    """Up to the first paragraph: long, and no byline."""
    for number, run in enumerate(runs):
        if len(run.text) > _LONG_RUN and not is_byline(run.text):
            return runs[:number]
    return runs
