"""A banner stands on every page at once, at the cost of the pages that people come to first."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from hosting.publishing import build
from hosting.publishing.changesets import entries_of
from hosting.publishing.models import ChangeSet, StaleMark
from hosting.publishing.tree import PublicFolder
from hosting.runtime.clock import now
from hosting.runtime.jobs import BULK, PERSON, Job
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain, relay_events
from parts.office import EDITOR, ISSUER, SECOND, Desk, office
from parts.platform import Place
from tenants.content.models import Edition
from tenants.review.models import Withdrawal
from tenants.review.operations.signing import issue_urgently, record_secrecy_review, submit
from tenants.review.operations.withdraw import withdraw
from tenants.sites.events import SiteChanged

ITEMS = 8
PERSON_PATHS = {"/index.html", "/site.css", "/tzgg/index.html", "/zcwj/index.html"}
_CLOCKS = ("hosting.runtime.jobs", "tenants.review.due", "tenants.review.operations.scheduled")


@pytest.fixture
def site(runtime: Runtime, river: Place) -> Place:
    """A site with items, all of it public."""
    with office(runtime, river) as desk:
        desk.session.record(SiteChanged(river.tenant_id, river.site_id))
        for number in range(ITEMS):
            desk.pass_all(desk.write(f"通知{number}"))
    drain(runtime)
    return river


def read(runtime: Runtime, place: Place, path: str) -> str:
    tree = PublicFolder(runtime.settings.home).site(place.site_id).current.resolve()
    return (tree / path.lstrip("/")).read_text(encoding="utf-8")


def pages(runtime: Runtime, place: Place) -> dict[str, str]:
    """All HTML pages of the tree."""
    tree = PublicFolder(runtime.settings.home).site(place.site_id).current.resolve()
    found = (each for each in tree.rglob("*.html") if ".gone" not in each.parts)
    return {str(each.relative_to(tree)): each.read_text(encoding="utf-8") for each in found}


def change_sets(runtime: Runtime, place: Place, do: Callable[[Desk], object]) -> list[set[str]]:
    """The paths of each change set that came of what was done, in their order."""
    with runtime.tenant_session(place.tenant_id, reading=True) as session:
        before = session.scalar(select(func.max(ChangeSet.number))) or 0
    with office(runtime, place) as desk:
        do(desk)
    drain(runtime)
    with runtime.tenant_session(place.tenant_id, reading=True) as session:
        new = session.scalars(
            select(ChangeSet).where(ChangeSet.number > before).order_by(ChangeSet.number)
        ).all()
        return [{entry.path for entry in entries_of(each)} for each in new]


def version_of(page: str) -> str:
    found = re.search(r'class="banners" data-version="([0-9a-f]*)"', page)
    assert found
    return found[1]


def put_forward(monkeypatch: pytest.MonkeyPatch, when: datetime) -> None:
    for module in _CLOCKS:
        monkeypatch.setattr(f"{module}.now", lambda: when)


def set_banner(
    runtime: Runtime, place: Place, title: str = "暴雨红色预警", **said: object
) -> Edition:
    with office(runtime, place) as desk:
        made = desk.banner(title, **said)  # type: ignore[arg-type]  # as desk.banner
        desk.pass_all(made)
    drain(runtime)
    return made


def test_a_click_waits_for_home_columns_and_the_shared_file_alone(
    runtime: Runtime, site: Place
) -> None:
    def sign(desk: Desk) -> None:
        desk.pass_all(desk.banner("暴雨红色预警", level="urgent", text="请勿外出", link="/tzgg/"))

    first, *rest = change_sets(runtime, site, sign)

    assert first == PERSON_PATHS
    assert PERSON_PATHS.isdisjoint(*rest)
    assert {path for paths in rest for path in paths if path.startswith("/art/")}
    assert not any(path.startswith(("/feeds/", "/sitemap-")) for paths in rest for path in paths)


def test_all_pages_have_it_built_in_when_the_bulk_is_done(runtime: Runtime, site: Place) -> None:
    set_banner(
        runtime, site, level="urgent", text="请勿外出", link="https://www.cma.gov.cn/a?b=1&c"
    )

    shown = pages(runtime, site)

    assert len(shown) > ITEMS + 4
    for path, page in shown.items():
        assert (
            page.count('<section class="banner banner-urgent" aria-label="紧急公告：暴雨红色预警">')
            == 1
        ), path
        assert page.index('class="banners"') < page.index("<main"), path
        assert 'href="https://www.cma.gov.cn/a?b=1&amp;c"' in page, path
    assert len({version_of(page) for page in shown.values()}) == 1


def test_the_shared_file_says_what_older_pages_do_not(runtime: Runtime, site: Place) -> None:
    older = version_of(read(runtime, site, "/index.html"))
    set_banner(runtime, site, level="warning", text="注意安全")

    css = read(runtime, site, "/site.css")
    version = version_of(read(runtime, site, "/index.html"))

    assert older == ""
    assert f'.banners:not([data-version="{version}"])>*{{display:none}}' in css
    assert 'content:"【警示】暴雨红色预警 注意安全"' in css
    assert f'href="/site.css?{version}"' in read(runtime, site, "/index.html")


def test_taking_it_down_behaves_the_same_way(runtime: Runtime, site: Place) -> None:
    banner = set_banner(runtime, site)
    before = version_of(read(runtime, site, "/index.html"))

    first, *_ = change_sets(
        runtime, site, lambda desk: withdraw(desk.session, banner.item_id, reason="雨停", by=ISSUER)
    )

    assert first == PERSON_PATHS
    after = version_of(read(runtime, site, "/index.html"))
    assert after not in ("", before)
    assert f'[data-version="{after}"])>*{{display:none}}' in read(runtime, site, "/site.css")
    assert "content:" not in read(runtime, site, "/site.css")
    assert not any('<section class="banner' in page for page in pages(runtime, site).values())


def test_the_same_words_set_again_are_another_state(runtime: Runtime, site: Place) -> None:
    """Else a browser that kept the style sheet of before would hide what is new."""
    seen = []
    for _ in range(2):
        banner = set_banner(runtime, site)
        seen.append(version_of(read(runtime, site, "/index.html")))
        with office(runtime, site) as desk:
            withdraw(desk.session, banner.item_id, reason="雨停", by=ISSUER)
        drain(runtime)
        seen.append(version_of(read(runtime, site, "/index.html")))

    assert len(set(seen)) == 4


def test_it_begins_and_ends_by_itself(
    runtime: Runtime, site: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins = now() + timedelta(hours=1)
    set_banner(runtime, site, publish_at=begins)
    waiting = "暴雨" in read(runtime, site, "/index.html")

    put_forward(monkeypatch, begins)
    drain(runtime)
    standing = "暴雨" in read(runtime, site, "/index.html")
    put_forward(monkeypatch, begins + timedelta(hours=6))
    drain(runtime)

    assert (waiting, standing) == (False, True)
    assert "暴雨" not in "".join([*pages(runtime, site).values(), read(runtime, site, "/site.css")])
    with runtime.tenant_session(site.tenant_id, reading=True) as session:
        assert session.scalars(select(Withdrawal)).one().due_at is not None


def test_the_urgent_path_leads_past_two_signatures_and_asks_for_them_afterwards(
    runtime: Runtime, site: Place
) -> None:
    with office(runtime, site) as desk:
        banner = desk.banner("危化品泄漏", level="urgent")
        submit(desk.session, banner.id, digest=banner.digest, by=EDITOR)
        record_secrecy_review(
            desk.session,
            banner.id,
            outcome="cleared",
            basis="不涉密",
            digest=banner.digest,
            by=SECOND,
        )
        issue = issue_urgently(
            desk.session, banner.id, digest=banner.digest, reason="人员正在撤离", by=ISSUER
        )
        assert issue.review_due_at is not None
    drain(runtime)

    assert "危化品泄漏" in read(runtime, site, "/tzgg/index.html")


def test_a_banner_that_is_not_what_was_signed_is_on_no_page(runtime: Runtime, site: Place) -> None:
    banner = set_banner(runtime, site)
    with office(runtime, site) as desk:
        desk.session.execute(
            update(Edition).where(Edition.id == banner.id).values(title="请汇款到以下账户")
        )
        desk.session.record(SiteChanged(site.tenant_id, site.site_id))
    drain(runtime)

    assert not any("请汇款" in page for page in pages(runtime, site).values())
    assert "请汇款" not in read(runtime, site, "/site.css")


def test_hostile_words_stay_words(runtime: Runtime, site: Place) -> None:
    hostile = '</style><script>alert(1)</script>";}*{display:none}\\'
    set_banner(runtime, site, title="提示", text=hostile)

    css = read(runtime, site, "/site.css")

    assert not any("<script>alert" in page for page in pages(runtime, site).values())
    assert "<" not in css
    assert '"' not in css.replace("\\22 ", "").partition("--banners:")[2].split('"')[1]


def test_one_banner_at_a_time_the_newest_signed(runtime: Runtime, site: Place) -> None:
    set_banner(runtime, site, title="暴雨蓝色预警")
    set_banner(runtime, site, title="暴雨红色预警")

    home = read(runtime, site, "/index.html")

    assert "暴雨红色预警" in home
    assert "蓝色" not in home


def test_a_tenants_own_day_of_mourning_costs_one_file_and_ends_by_itself(
    runtime: Runtime, site: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mourn(desk: Desk) -> None:
        desk.pass_all(desk.banner("全县哀悼日", level="grey"))

    assert change_sets(runtime, site, mourn) == [{"/site.css"}]
    assert "grayscale(1)" in read(runtime, site, "/site.css")
    assert "全县哀悼日" not in read(runtime, site, "/site.css")

    put_forward(monkeypatch, now() + timedelta(hours=7))
    drain(runtime)

    assert "grayscale" not in read(runtime, site, "/site.css")


def test_all_other_pages_are_a_job_of_their_own_behind_the_first_pages_of_every_site(
    runtime: Runtime, site: Place
) -> None:
    """A worker that makes one site's first pages goes on with the next site, not with its bulk."""
    with office(runtime, site) as desk:
        desk.pass_all(desk.banner("停水通知"))

    relay_events(runtime)

    with runtime.platform_session(reason="test", reading=True) as session:
        marks = session.execute(select(StaleMark.lane, StaleMark.kind)).all()
        jobs = {each.kind: each for each in session.scalars(select(Job).where(Job.state != "done"))}
    assert {tuple(each) for each in marks} == {(PERSON, "key")}
    assert jobs["publish_site"].lane == PERSON
    assert jobs["build_banners_in"].lane == BULK
    assert jobs["build_banners_in"].run_at > now() + timedelta(seconds=10)


def test_for_grey_no_page_is_even_looked_at(runtime: Runtime, site: Place) -> None:
    with office(runtime, site) as desk:
        desk.pass_all(desk.banner("全县哀悼日", level="grey"))

    relay_events(runtime)

    with runtime.tenant_session(site.tenant_id, reading=True) as session:
        assert session.scalars(select(StaleMark.subject)).all() == ["tokens:"]


def test_grey_and_a_banner_stand_beside_each_other(runtime: Runtime, site: Place) -> None:
    set_banner(runtime, site, title="停水通知")
    set_banner(runtime, site, title="全县哀悼日", level="grey")

    assert "grayscale(1)" in read(runtime, site, "/site.css")
    assert "停水通知" in read(runtime, site, "/index.html")


def test_grey_that_is_not_what_was_signed_is_not_grey(runtime: Runtime, site: Place) -> None:
    made = set_banner(runtime, site, title="全县哀悼日", level="grey")
    with office(runtime, site) as desk:
        desk.session.execute(update(Edition).where(Edition.id == made.id).values(title="别的"))
        desk.session.record(SiteChanged(site.tenant_id, site.site_id))
    drain(runtime)

    assert "grayscale" not in read(runtime, site, "/site.css")


def test_nothing_is_built_in_the_persons_lane_beyond_a_batch(
    runtime: Runtime, site: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bulk gives way: what a person waits for is one change set, however large the site is."""
    monkeypatch.setattr(build, "BATCH", 5)

    first, *rest = change_sets(runtime, site, lambda desk: desk.pass_all(desk.banner("停水通知")))

    assert first == PERSON_PATHS
    assert len(rest) > 1
