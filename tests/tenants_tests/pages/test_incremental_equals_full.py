"""After any work of an office its tree is what a build from nothing makes, feeds and all."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from hosting.directory.models import Domain, Site, Tenant
from hosting.publishing.build import build_site
from hosting.publishing.tree import PublicFolder
from hosting.publishing.verify import verify_site
from hosting.publishing.whole_site import rebuild_site
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from parts.languages import english_desk, open_english
from parts.office import ADMIN, EDITOR, ISSUER, Desk, office
from parts.platform import Place
from provisioning.domains.operations import choose_main
from tenants.content.banners import banner_matter
from tenants.content.models import Item
from tenants.content.operations import save_draft
from tenants.content.queries import originals_of_editions
from tenants.review.operations.withdraw import withdraw
from tenants.sites.events import SiteChanged

STEPS = 14


@pytest.fixture(autouse=True)
def _short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three addresses a part, so that a few items make several."""
    monkeypatch.setattr("tenants.pages.sitemaps.LONGEST", 3)
    monkeypatch.setattr("tenants.pages.families.sitemaps.LONGEST", 3)
    monkeypatch.setattr("tenants.pages.feeds.newest.LENGTH", 4)
    monkeypatch.setattr("tenants.pages.feeds.newest._DEPTH", 6)


def files(runtime: Runtime, place: Place) -> dict[str, bytes]:
    tree = PublicFolder(runtime.settings.home).site(place.site_id).current.resolve()
    found = (path for path in tree.rglob("*") if path.is_file())
    return {str(path.relative_to(tree)): Path(path).read_bytes() for path in found}


def public(desk: Desk) -> list[Item]:
    return list(desk.session.scalars(select(Item).where(Item.live_edition_id.is_not(None))))


def write(desk: Desk, chance: random.Random, step: int) -> None:
    said: dict[str, object] = {"column_id": chance.choice(desk.columns).id}
    if chance.random() < 0.3:
        said |= {"original_date": date(2003, 1, 1 + step), "original_date_source": "县志"}
    if chance.random() < 0.3:
        others = [each.id for each in desk.columns if each.id != said["column_id"]]
        said["extra_column_ids"] = tuple(others)
    desk.pass_all(desk.write(f"第{step}步的通知", **said))


def rewrite(desk: Desk, chance: random.Random, step: int) -> None:
    """Another title, perhaps in another column."""
    if not (items := public(desk)):
        return
    facts = desk.facts(f"第{step}步改写", column_id=chance.choice(desk.columns).id)
    item_id = chance.choice(items).id
    desk.pass_all(save_draft(desk.session, item_id, facts=facts, expected_digest=None, by=EDITOR))


def take_away(desk: Desk, chance: random.Random, _step: int) -> None:
    if items := public(desk):
        withdraw(desk.session, chance.choice(items).id, reason="内容有误", by=ISSUER)


def warn(desk: Desk, _chance: random.Random, step: int) -> None:
    """Another banner in the place of the one that stands, if any."""
    desk.pass_all(desk.banner(f"第{step}号预警", level="warning"))


def mourn(desk: Desk, _chance: random.Random, step: int) -> None:
    desk.pass_all(desk.banner(f"第{step}个哀悼日", level="grey"))


def all_clear(desk: Desk, chance: random.Random, _step: int) -> None:
    matter = banner_matter(desk.session, desk.site_id, is_grey=chance.random() < 0.5)
    if matter is not None and matter.live_edition_id is not None:
        withdraw(desk.session, matter.id, reason="预警解除", by=ISSUER)


WORK = (write, write, write, rewrite, take_away, warn, mourn, all_clear)


def translate(desk: Desk, chance: random.Random, step: int) -> None:
    """Another translation of something that has none here, or of nothing any more."""
    done = originals_of_editions(desk.session, (each.live_edition_id or 0 for each in ours(desk)))
    others = [each.id for each in public(desk) if each.site_id != desk.site_id]
    free = [each for each in others if each not in set(done.values())]
    said: dict[str, object] = {"column_id": chance.choice(desk.columns[:3]).id}
    said["translation_of_id"] = chance.choice(free) if free and chance.random() < 0.9 else None
    mine = ours(desk)
    if mine and chance.random() < 0.3:
        facts = desk.facts(f"Step {step}, again", **said)
        item_id = chance.choice(mine).id
        saved = save_draft(desk.session, item_id, facts=facts, expected_digest=None, by=EDITOR)
        desk.pass_all(saved)
    else:
        desk.pass_all(desk.write(f"Step {step}", **said))


def ours(desk: Desk) -> list[Item]:
    return [each for each in public(desk) if each.site_id == desk.site_id]


def take_away_any(desk: Desk, chance: random.Random, _step: int) -> None:
    """An original or a translation."""
    if items := public(desk):
        withdraw(desk.session, chance.choice(items).id, reason="内容有误", by=ISSUER)


@pytest.mark.parametrize("seed", range(3))
def test_two_languages_end_like_a_build_from_nothing(
    runtime: Runtime, river: Place, seed: int
) -> None:
    chance = random.Random(seed)
    with office(runtime, river) as desk:
        desk.pass_all(desk.write("开站公告"))
    english = open_english(runtime, river)
    for step in range(STEPS):
        work = chance.choice((write, translate, translate, translate, take_away_any))
        at_work = office(runtime, river) if work is write else english_desk(runtime, english)
        with at_work as desk:
            work(desk, chance, step)
        if chance.random() < 0.5:
            drain(runtime)
    drain(runtime)

    for place in (river, english):
        incremental = files(runtime, place)
        again = build_site(runtime, place.tenant_id, place.site_id, following=True)
        rebuild_site(runtime, place.tenant_id, place.site_id)
        assert again.written == again.rendered == 0
        assert files(runtime, place) == incremental


@pytest.mark.parametrize("seed", range(3))
def test_what_an_office_does_ends_like_a_build_from_nothing(
    runtime: Runtime, river: Place, seed: int
) -> None:
    chance = random.Random(seed)
    with office(runtime, river) as desk:
        desk.session.record(SiteChanged(river.tenant_id, river.site_id))
    drain(runtime)
    for step in range(STEPS):
        with office(runtime, river) as desk:
            chance.choice(WORK)(desk, chance, step)
        if chance.random() < 0.5:
            drain(runtime)
    drain(runtime)
    incremental = files(runtime, river)

    again = build_site(runtime, river.tenant_id, river.site_id, following=True)
    rebuild_site(runtime, river.tenant_id, river.site_id)

    assert again.written == again.rendered == 0
    assert files(runtime, river) == incremental
    assert len([path for path in incremental if path.startswith("sitemap-")]) > 4
    assert verify_site(runtime, river.tenant_id, river.site_id).findings == []


def test_another_main_host_stands_in_every_feed_and_sitemap(runtime: Runtime, river: Place) -> None:
    with office(runtime, river) as desk:
        desk.session.record(SiteChanged(river.tenant_id, river.site_id))
        desk.pass_all(desk.write("防汛通知"))
    drain(runtime)
    with runtime.platform_session(reason="test") as session:
        session.add(Domain(host="www.qinghe.cn", for_tenant_id=101, site_id=1101, is_main=False))
        session.flush()
        tenant = session.scalars(select(Tenant).where(Tenant.id == river.tenant_id)).one()
        site = session.scalars(select(Site).where(Site.id == river.site_id)).one()
        choose_main(session, tenant, site, "www.qinghe.cn", by=ADMIN)
    drain(runtime)

    tree = files(runtime, river)

    named = [path for path, data in tree.items() if b"www.river.gov.cn" in data]
    assert named == []
    for path in ("feeds/site.rss", "feeds/site.jsonfeed", "sitemap.xml", "robots.txt"):
        assert b"http://www.qinghe.cn" in tree[path], path
