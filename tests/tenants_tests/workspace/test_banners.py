"""A site's banner, as its people write, sign, watch and end it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from hosting.directory.queries import main_site
from hosting.runtime.clock import local, now
from hosting.runtime.errors import Invalid, Problem
from hosting.security.actor import PLATFORM_ACTOR, Actor
from parts.platform import Place
from parts.refusals import refused
from parts.workplace import Bench, Office, bench_of
from provisioning.notices.operations import NoticeFacts, order_notice
from tenants.content.banners import BannerFacts, banner_editions, propose_banner
from tenants.content.columns import propose_column, standing
from tenants.content.models import DRAFT, FIRST_REVIEW, PUBLISHED, WITHDRAWN, Edition
from tenants.content.queries import edition
from tenants.pages.preview import ask
from tenants.review.operations.signing import sign, submit
from tenants.review.operations.withdraw import withdraw
from tenants.sites.banners import BannerWords
from tenants.sites.models import BANNER
from tenants.workspace.queries.waiting import Waiting, waiting_at

AN_HOUR = timedelta(hours=1)
PAGE = "banners/edit"


def typed(hours: int = 6) -> str:
    """So many hours from now, as the field sends it."""
    return f"{local(now() + hours * AN_HOUR):%Y-%m-%dT%H:%M}"


def save(office: Office, role: str = "editor", **said: str) -> tuple[int, str]:
    """Send the form: (status, page)."""
    browser, path = office.browser(role), office.path(PAGE)
    form = browser.get(path).text
    digest = re.search(r'name="digest"[^>]*value="([^"]*)"', form)
    said = {
        "level": "urgent",
        "title": "暴雨红色预警",
        "withdraw_at": typed(),
        "digest": digest[1] if digest else "",
        **said,
    }
    answer = browser.post(path, on=path, **said)
    return answer.status_code, unescape(answer.text)


def newest(bench: Bench) -> Edition:
    return banner_editions(bench.session, bench.site_id)[0]


def page(office: Office, role: str, rest: str = "banners/") -> str:
    return unescape(office.browser(role).get(office.path(rest)).text)


def facts(**said: str) -> BannerFacts:
    words = {"title": "暴雨红色预警", **said}
    return BannerFacts(BannerWords(**words), withdraw_at=now() + AN_HOUR)


def test_it_goes_from_the_form_through_three_signatures_to_the_public(county: Office) -> None:
    status, _ = save(county, text="请勿外出", link="/tzgg/", next="submit")
    assert status == 303
    with bench_of(county) as bench:
        banner = newest(bench)
        assert banner.state == FIRST_REVIEW
        bench.clear(banner)
        for stage in ("first", "second", "final"):
            bench.sign(banner, stage)
        assert banner.state == PUBLISHED

    shown = page(county, "contributor")

    assert "暴雨红色预警" in shown
    assert "周正平 审发" in shown


def test_what_is_wrong_is_said_at_its_field(county: Office) -> None:
    status, shown = save(county, link="javascript:alert(1)", withdraw_at=typed(-1))

    assert status == 422
    assert 'id="link-wrong"' in shown
    assert 'id="withdraw_at-wrong"' in shown
    assert "javascript:alert(1)" in shown, "what was typed stays"


@pytest.mark.parametrize(
    "link",
    [
        "//evil.example/",
        "/\\evil.example",
        "http://www.cma.gov.cn/",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://user@evil.example/",
        "https:///tzgg/",
        "/tzgg/ onclick=x",
        "/tzgg/\n",
        "tzgg/",
        "https://[evil",
        "/" + "x" * 500,
    ],
)
def test_it_leads_to_a_path_of_the_site_or_an_https_address(county: Office, link: str) -> None:
    with bench_of(county) as bench:
        problems = wrong_in(bench, facts(link=link))

        assert [each.field for each in problems] == ["link"]


@pytest.mark.parametrize(
    "link", ["", "/", "/tzgg/", "/art/1.html?a=b#c", "https://www.cma.gov.cn/"]
)
def test_what_leads_somewhere_may_stand(county: Office, link: str) -> None:
    with bench_of(county) as bench:
        assert _propose(bench, facts(link=link)).state == DRAFT


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "字" * 41}, "title"),
        ({"text": "字" * 121}, "text"),
        ({"text": "一行\n又一行"}, "text"),
        ({"title": "藏\u2028着"}, "title"),
        ({"level": "fatal"}, "level"),
    ],
)
def test_what_cannot_stand_is_refused(county: Office, said: dict[str, str], field: str) -> None:
    with bench_of(county) as bench:
        assert field in [each.field for each in wrong_in(bench, facts(**said))]


def test_it_must_name_its_end(county: Office) -> None:
    with bench_of(county) as bench:
        endless = BannerFacts(BannerWords("暴雨红色预警"))

        assert [each.code for each in wrong_in(bench, endless)] == ["end_missing"]


def wrong_in(bench: Bench, said: BannerFacts) -> list[Problem]:
    with pytest.raises(Invalid) as found:
        _propose(bench, said)
    return list(found.value.problems)


def _propose(bench: Bench, said: BannerFacts, by: Actor | None = None) -> Edition:
    site = main_site(bench.session)
    return propose_banner(bench.session, site, facts=said, by=by or bench.actor("editor"))


def test_whoever_is_confined_to_a_column_neither_writes_nor_signs_it(county: Office) -> None:
    with bench_of(county) as bench:
        first = min(bench.columns.values(), key=lambda each: (each.depth, each.position)).id
        editor = bench.actor("editor")
        confined = Actor(editor.account_id, "", editor.roles, {"editor": frozenset({first})})
        with refused("whole_site_not_yours"):
            _propose(bench, facts(), confined)

        banner = _propose(bench, facts())
        submit(bench.session, banner.id, digest=banner.digest, by=editor)
        assert [each.edition.id for each in seen_by(bench, None)] == [banner.id]
        assert list(seen_by(bench, first)) == []
        reviewer = bench.actor("first_reviewer")
        narrow = {"first_reviewer": frozenset({first})}
        elsewhere = Actor(reviewer.account_id, "", reviewer.roles, narrow)
        with refused("column_not_yours"):
            sign(
                bench.session,
                banner.id,
                stage="first",
                decision="approve",
                digest=banner.digest,
                by=elsewhere,
            )


def seen_by(bench: Bench, column_id: int | None) -> Sequence[Waiting]:
    """What waits for the first reviewer, be it one of a column alone."""
    reviewer = bench.actor("first_reviewer")
    columns = {} if column_id is None else {"first_reviewer": frozenset({column_id})}
    return waiting_at(bench.session, "first", replace(reviewer, columns=columns))


def test_what_is_said_of_a_column_is_not_withdrawn(county: Office) -> None:
    with bench_of(county) as bench:
        keeper, node = bench.actor("tenant_admin"), bench.columns["/tzgg/"]
        said = propose_column(bench.session, node.id, proposal=standing(node), by=keeper)

        with refused("no_such_item"):
            withdraw(bench.session, said.item_id, reason="误设", by=bench.actor("issuer"))


def test_the_reviewer_sees_what_is_signed_and_what_would_differ(county: Office) -> None:
    with bench_of(county) as bench:
        bench.publish(bench.banner("暴雨蓝色预警", level="notice"))
        changed = bench.hand_in(bench.banner("暴雨红色预警", level="urgent", link="/tzgg/"))

    shown = page(county, "first_reviewer", f"reviews/{changed.id}/")

    assert "横幅“暴雨红色预警”" in shown
    assert "全站" in shown
    assert re.search(r"<del>.*?暴雨蓝色预警</del>", shown)
    assert re.search(r"<ins>.*?紧急</ins>", shown)
    assert "/tzgg/" in shown


def test_it_waits_at_the_reviewers_desk_like_everything_else(county: Office) -> None:
    with bench_of(county) as bench:
        bench.hand_in(bench.banner("暴雨红色预警"))

    assert "横幅“暴雨红色预警”" in page(county, "first_reviewer", "")
    assert "横幅“暴雨红色预警”" in page(county, "first_reviewer", "reviews/")
    assert "横幅“暴雨红色预警”" in page(county, "tenant_admin", "")


def test_a_change_after_a_signature_sends_it_back(county: Office) -> None:
    with bench_of(county) as bench:
        banner = bench.bring_to(bench.banner("暴雨红色预警"), "first", "second")
        again = bench.banner("暴雨橙色预警")

        assert again.state == DRAFT
        assert edition(bench.session, banner.id).state == "superseded"


def test_its_preview_is_the_home_page_as_it_would_be(county: Office) -> None:
    with bench_of(county) as bench:
        bench.banner("暴雨红色预警")
    answer = county.browser("editor").get(county.path("banners/preview"))

    status, body = ask(county.runtime, county.place.tenant_id, county.place.site_id, "/")

    assert answer.status_code == 303
    assert status == 200
    assert "暴雨红色预警" in body.decode()


def test_an_issuer_ends_it_early_for_a_reason(county: Office) -> None:
    with bench_of(county) as bench:
        banner = bench.publish(bench.banner("暴雨红色预警"))
    issuer, path = county.browser("issuer"), county.path("banners/ending")

    silent = issuer.post(path, on=path, reason="")
    done = issuer.post(path, on=path, reason="雨已停")
    again = issuer.post(path, on=path, reason="雨已停")

    assert (silent.status_code, done.status_code, again.status_code) == (422, 303, 409)
    with bench_of(county) as bench:
        assert edition(bench.session, banner.id).state == WITHDRAWN
    shown = page(county, "editor")
    assert "提前结束：雨已停" in shown
    assert "当前没有横幅，也没有转为灰度。" in shown


def test_a_draft_is_given_up_and_the_banner_that_stands_stays(county: Office) -> None:
    with bench_of(county) as bench:
        live = bench.publish(bench.banner("暴雨红色预警"))
        draft = bench.banner("暴雨橙色预警")
    editor, path = county.browser("editor"), county.path("banners/discarding")

    answer = editor.post(path, on=path, digest=draft.digest)

    assert answer.status_code == 303
    with bench_of(county) as bench:
        assert edition(bench.session, live.id).state == PUBLISHED
    assert "在办" not in page(county, "editor")


def test_a_day_of_mourning_is_set_signed_and_ended_beside_the_banner(county: Office) -> None:
    with bench_of(county) as bench:
        bench.publish(bench.banner("停水通知"))
    editor, path = county.browser("editor"), county.path("banners/greyscale/edit")
    answer = editor.post(
        path, on=path, title="全县哀悼日", withdraw_at=typed(), digest="", next="submit"
    )
    assert answer.status_code == 303, unescape(answer.text)
    with bench_of(county) as bench:
        (grey,) = banner_editions(bench.session, bench.site_id, is_grey=True)
        bench.clear(grey)
        for stage in ("first", "second", "final"):
            bench.sign(grey, stage)

    shown = page(county, "issuer")
    assert "全县哀悼日" in shown
    assert "停水通知" in shown
    assert "灰度“全县哀悼日”" in page(county, "issuer", f"reviews/{grey.id}/")

    issuer, ending = county.browser("issuer"), county.path("banners/greyscale/ending")
    assert issuer.post(ending, on=ending, reason="悼念活动结束").status_code == 303
    with bench_of(county) as bench:
        assert edition(bench.session, grey.id).state == WITHDRAWN
        assert newest(bench).state == PUBLISHED


def test_grey_says_nothing_to_readers(county: Office) -> None:
    with bench_of(county) as bench:
        wordy = facts(title="哀悼日", level="grey", text="沉痛悼念")

        assert [each.code for each in wrong_in(bench, wordy)] == ["grey_says_nothing"]


def test_where_there_is_none_the_page_says_what_it_is_for(county: Office) -> None:
    assert "没有本单位的横幅" in page(county, "editor")
    assert "设置横幅" in page(county, "editor")
    assert "设置横幅" not in page(county, "contributor")


def test_another_office_finds_none_of_it(county: Office, department: Office) -> None:
    with bench_of(county) as bench:
        banner = bench.publish(bench.banner("暴雨红色预警"))
    stranger = department.browser("tenant_admin")

    assert "暴雨红色预警" not in page(department, "tenant_admin")
    assert stranger.get(department.path(f"reviews/{banner.id}/")).status_code == 404
    assert stranger.get(county.path("banners/")).status_code == 404
    with bench_of(department) as bench:
        assert banner_editions(bench.session, county.place.site_id) == ()


@pytest.mark.parametrize("is_ours", [True, False])
def test_what_the_city_puts_over_the_site_is_seen_at_its_desk(
    county: Office, hill: Place, is_ours: bool
) -> None:
    place = county.place if is_ours else hill
    facts = NoticeFacts(
        BANNER, now() + AN_HOUR, words=BannerWords("全市停课"), tenant_ids=(place.tenant_id,)
    )
    with county.runtime.platform_session(reason="test") as session:
        order_notice(session, facts=facts, reason="台风", by=PLATFORM_ACTOR)

    shown = page(county, "editor")

    assert ("全市横幅：全市停课" in shown) is is_ours
    assert "没有本单位的横幅" in shown
    assert "台风" not in shown, "why the city did it is the city's to tell"
