"""Whatever of a site changes, those pages are written that show it, and no others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hosting.directory.queries import main_site
from hosting.publishing.changesets import entries_of
from hosting.publishing.models import ChangeSet
from hosting.publishing.tree import PublicFolder
from hosting.publishing.verify import verify_site
from hosting.publishing.whole_site import rebuild_site
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from parts.office import ADMIN, Desk, office
from parts.platform import Place
from tenants.sites.events import SiteChanged
from tenants.sites.models import Column
from tenants.sites.operations.changing import ColumnProposal, set_column
from tenants.sites.operations.growing import ColumnPlan, create_columns
from tenants.sites.queries import column_at
from tenants.sites.rules import ColumnFacts

Change = Callable[[Desk], None]


@pytest.fixture
def site(runtime: Runtime, river: Place) -> Place:
    """Two columns at the top, a subsite with one of its own, and an item in each."""
    with office(runtime, river) as desk:
        below = ColumnPlan(ColumnFacts("镇务公开", "zwgk"))
        plan = ColumnPlan(ColumnFacts("东风镇", "dongfeng", kind="subsite"), (below,))
        create_columns(desk.session, main_site(desk.session), [plan], by=ADMIN)
    with office(runtime, river) as desk:
        for path in ("/tzgg/", "/zcwj/", "/dongfeng/zwgk/"):
            column = column_at(desk.session, river.site_id, path)
            desk.pass_all(desk.write(f"{column.name}里的一篇", column_id=column.id))
        notices = [column_at(desk.session, river.site_id, "/tzgg/").id]
        main_site(desk.session).layout = {"home": [{"kind": "notices", "columns": notices}]}
        desk.session.record(SiteChanged(river.tenant_id, river.site_id))
    drain(runtime)
    return river


def renamed(path: str) -> Change:
    def change(desk: Desk) -> None:
        node = column_at(desk.session, desk.site_id, path)
        proposal = ColumnProposal(replace(_facts(node), name=f"新{node.name}"))
        set_column(desk.session, node.id, proposal=proposal, by=ADMIN)

    return change


def _facts(node: Column) -> ColumnFacts:
    known = ColumnFacts.__dataclass_fields__
    return ColumnFacts(**{name: getattr(node, name) for name in known})


def moved_to_the_front(desk: Desk) -> None:
    node = column_at(desk.session, desk.site_id, "/zcwj/")
    set_column(desk.session, node.id, proposal=ColumnProposal(_facts(node), "first"), by=ADMIN)


def another_main_colour(desk: Desk) -> None:
    site = main_site(desk.session)
    site.tokens = {**site.tokens, "main": "#7a2e1d"}
    desk.session.record(SiteChanged(site.tenant_id, site.id))


def another_telephone(desk: Desk) -> None:
    site = main_site(desk.session)
    site.contact = {**site.contact, "phone": "0571-12345"}
    desk.session.record(SiteChanged(site.tenant_id, site.id))


def another_theme(desk: Desk) -> None:
    site = main_site(desk.session)
    site.theme = "department"
    desk.session.record(SiteChanged(site.tenant_id, site.id))


def other_blocks(desk: Desk) -> None:
    site = main_site(desk.session)
    other = column_at(desk.session, desk.site_id, "/zcwj/").id
    site.layout = {"home": [{"kind": "notices", "columns": [other]}]}
    desk.session.record(SiteChanged(site.tenant_id, site.id))


def nothing(desk: Desk) -> None:
    site = main_site(desk.session)
    desk.session.record(SiteChanged(site.tenant_id, site.id))


def tree(runtime: Runtime, place: Place) -> dict[str, bytes]:
    """All pages; copies follow them."""
    root = PublicFolder(runtime.settings.home).site(place.site_id).current.resolve()
    found = (path for path in root.rglob("*") if path.is_file() and path.suffix != ".gz")
    return {f"/{path.relative_to(root)}": Path(path).read_bytes() for path in found}


def written(runtime: Runtime, place: Place, change: Change) -> set[str]:
    """The addresses that publishing touched because of a change."""
    with runtime.tenant_session(place.tenant_id, reading=True) as session:
        before = session.scalar(select(func.max(ChangeSet.number))) or 0
    with office(runtime, place) as desk:
        change(desk)
    drain(runtime)
    with runtime.tenant_session(place.tenant_id, reading=True) as session:
        new = session.scalars(select(ChangeSet).where(ChangeSet.number > before)).all()
        return {entry.path for change_set in new for entry in entries_of(change_set)}


@pytest.mark.parametrize(
    ("change", "some", "none"),
    [
        # The menu at the top is on every page.
        (renamed("/tzgg/"), {"/index.html", "/zcwj/index.html"}, {"/site.css", "/robots.txt"}),
        # A subsite's own column is in its own menu, and named by its items' pages.
        (renamed("/dongfeng/zwgk/"), {"/dongfeng/zwgk/index.html"}, {"/zcwj/index.html"}),
        (moved_to_the_front, {"/index.html"}, {"/site.css", "/feeds/site.rss"}),
        # Colours stand in one small file, whatever the size of the site.
        (another_main_colour, {"/site.css"}, {"/index.html", "/tzgg/index.html"}),
        (
            another_telephone,
            {"/index.html", "/404.html", "/503-search.html"},
            {"/site.css", "/sitemap.xml"},
        ),
        (another_theme, {"/index.html", "/site.css"}, {"/sitemap.xml", "/feeds/site.rss"}),
        (other_blocks, {"/index.html"}, {"/tzgg/index.html", "/zcwj/index.html"}),
        (nothing, set(), {"/index.html"}),
    ],
    ids=["column", "deep-column", "menu", "colour", "telephone", "theme", "blocks", "nothing"],
)
def test_a_change_writes_exactly_the_pages_that_show_it(
    runtime: Runtime, site: Place, change: Change, some: set[str], none: set[str]
) -> None:
    before = tree(runtime, site)

    paths = written(runtime, site, change)

    rebuild_site(runtime, site.tenant_id, site.site_id)
    after = tree(runtime, site)
    differing = {p for p in before.keys() | after.keys() if before.get(p) != after.get(p)}
    assert paths == differing
    assert some <= paths
    assert not none & paths
    assert verify_site(runtime, site.tenant_id, site.site_id).findings == []
