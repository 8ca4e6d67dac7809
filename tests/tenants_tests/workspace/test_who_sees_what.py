"""Who reaches which page; a foreign thing and a missing thing look the same (law 7)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from lxml import html

from hosting.runtime.guards import guard_of
from hosting.runtime.ids import new_id
from hosting.runtime.runtime import Runtime
from hosting.security import operations as security
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.operations import RoleFacts
from hosting.security.queries import account_by_login
from hosting.security.roles import TENANT_ROLES
from parts.people import Browser
from parts.platform import RIVER
from parts.workplace import Office, bench_of, login_of, picture

EVERYBODY = set(TENANT_ROLES)
WRITERS = {"contributor", "editor", "tenant_admin"}
REVIEWERS = {"first_reviewer", "second_reviewer", "issuer"}
PAGES = {
    "": EVERYBODY,
    "items/": EVERYBODY,
    "items/?state=published&column=&words=%E5%85%AC%E5%91%8A&mine=y&sort=title": EVERYBODY,
    "items/new": WRITERS,
    "reviews/": REVIEWERS,
    "columns/": {"tenant_admin"},
    "columns/new": {"tenant_admin"},
    "media/": EVERYBODY,
    "palette?q=%E9%80%9A%E7%9F%A5": EVERYBODY,
}


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_a_role_reaches_its_pages_and_no_others(county: Office, role: str) -> None:
    browser = county.browser(role)

    answers = {page: browser.get(county.path(page)).status_code for page in PAGES}

    assert answers == {page: 200 if role in roles else 403 for page, roles in PAGES.items()}


def test_the_menu_offers_what_the_role_may_use(county: Office) -> None:
    menu = county.browser("editor").get(county.path("")).text
    admins = county.browser("tenant_admin").get(county.path("")).text

    assert 'href="/t/river/columns/"' not in menu
    assert 'href="/t/river/columns/"' in admins


def test_a_stranger_to_the_tenant_is_told_that_there_is_no_such_tenant(
    county: Office, department: Office
) -> None:
    browser = department.browser("tenant_admin")

    foreign = browser.get("/t/river/items/")
    missing = browser.get("/t/nowhere/items/")

    assert foreign.status_code == missing.status_code == 404
    assert foreign.data == missing.data
    assert list(foreign.headers) == list(missing.headers)


@pytest.fixture
def jack(runtime: Runtime, county: Office) -> Browser:
    """A person of the county who holds every role there, so that only the wall is in the way."""
    with runtime.platform_session(reason="test") as session:
        account = account_by_login(session, login_of(RIVER, "editor"))
        for role in TENANT_ROLES:
            facts = RoleFacts(role, tenant_id=RIVER.tenant_id)
            security.grant_role(session, account, facts=facts, by=PLATFORM_ACTOR)
    return county.browser("editor")


@pytest.fixture
def foreign_ids(department: Office) -> dict[str, int]:
    """One of everything that has an address, in the department."""
    with bench_of(department) as bench:
        written = bench.hand_in(bench.write("市教育局关于中小学寒假时间的通知"))
        asset = bench.keep("校历.png", picture(40, 30))
        return {
            "item_id": written.item_id,
            "edition_id": written.id,
            "column_id": bench.columns["/tzgg/"].id,
            "asset_id": asset.id,
        }


def routes_with_ids(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(method, rule, name of its id) of every route of the workspace that names a thing by id."""
    for rule in app.url_map.iter_rules():
        named = rule.arguments - {"code"}
        if (
            rule.endpoint.startswith("workspace.")
            and named
            and named
            <= {
                "item_id",
                "edition_id",
                "column_id",
                "asset_id",
            }
        ):
            (name,) = named
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, rule.rule, name


def test_each_route_answers_alike_for_a_foreign_and_for_a_missing_id(
    county: Office, jack: Browser, foreign_ids: dict[str, int]
) -> None:
    token = jack.form_token("/t/river/media/")
    fields = {"csrf_token": token, "digest": "sha256:0", "decision": "approve", "direction": "up"}
    fields |= {"outcome": "cleared", "basis": "依据", "reason": "理由", "opinion": "意见"}
    fields |= {"title": "题", "column_id": "1", "name": "名", "slug": "m", "kind": "column"}
    fields |= {"page_size": "20"}
    asked = list(routes_with_ids(county.app))

    for method, rule, name in asked:
        answers = []
        for id_ in (foreign_ids[name], new_id()):
            path = rule.replace("<tenant:code>", "river").replace(f"<id:{name}>", str(id_))
            answer = jack.client.open(
                path,
                method=method,
                data=fields if method == "POST" else None,
                base_url=jack.host,
                environ_base=jack.environ,
            )
            answers.append((answer.status_code, answer.data, list(answer.headers)))
        assert answers[0] == answers[1], f"{method} {rule}"
        assert answers[0][0] == 404, f"{method} {rule}: {answers[0][0]}"

    assert len(asked) > 20


def test_a_foreign_file_is_not_served(
    county: Office, jack: Browser, department: Office, foreign_ids: dict[str, int]
) -> None:
    with bench_of(department) as bench:
        path = bench.keep("校历.png", picture(40, 30)).path

    foreign = jack.get(f"/t/river{path}")
    missing = jack.get(f"/t/river/m/{'0' * 32}/校历.png")

    assert foreign.status_code == missing.status_code == 404
    assert foreign.data == missing.data
    assert department.browser("editor").get(f"/t/hill{path}").status_code == 200


def test_a_contributor_sees_and_writes_only_items_of_their_own(county: Office) -> None:
    with bench_of(county) as bench:
        mine = bench.write("柳林镇秋收进度", "/llz/zwgk/", "contributor")
        other = bench.write("县政府工作要点")
    browser = county.browser("contributor")

    listed = browser.get(county.path("items/")).text

    assert "柳林镇秋收进度" in listed
    assert "县政府工作要点" not in listed
    assert browser.get(county.path(f"items/{mine.item_id}/draft")).status_code == 200
    assert browser.get(county.path(f"items/{other.item_id}/")).status_code == 403
    assert browser.get(county.path(f"items/{other.item_id}/draft")).status_code == 403
    assert browser.get(county.path(f"reviews/{other.id}/")).status_code == 403


def test_an_editor_of_a_subsite_writes_there_and_nowhere_else(
    runtime: Runtime, county: Office
) -> None:
    with bench_of(county) as bench:
        town, notices = bench.columns["/llz/"].id, bench.columns["/tzgg/"].id
        below = bench.columns["/llz/zwgk/"].id
        other = bench.write("县政府工作要点")
    with runtime.platform_session(reason="test") as session:
        account = account_by_login(session, login_of(RIVER, "contributor"))
        facts = RoleFacts("editor", tenant_id=RIVER.tenant_id, column_id=town)
        security.grant_role(session, account, facts=facts, by=PLATFORM_ACTOR)
        for held in security.running_memberships(session, account.id):
            if held.role == "contributor":
                security.end_membership(session, held, by=PLATFORM_ACTOR)
    browser = county.browser("contributor")
    new = county.path("items/new")

    offered = browser.get(new).text
    inside = browser.post(new, on=new, title="镇务", column_id=below, body_html="<p>文</p>")
    outside = browser.post(new, on=new, title="越界", column_id=notices, body_html="<p>文</p>")
    shown = browser.post(
        new,
        on=new,
        title="越界",
        column_id=below,
        extra_column_ids=[notices],
        body_html="<p>文</p>",
    )

    assert f'value="{below}"' in offered
    assert f'value="{notices}"' not in offered
    assert inside.status_code == 303
    assert outside.status_code == shown.status_code == 403
    assert "这个栏目不在您的职责范围内" in outside.text
    assert browser.get(county.path(f"items/{other.item_id}/")).status_code == 403


def test_every_view_of_the_workspace_asks_for_a_permission(county: Office) -> None:
    without = [
        rule.rule
        for rule in county.app.url_map.iter_rules()
        if rule.endpoint.startswith("workspace.")
        and not getattr(guard_of(county.app.view_functions[rule.endpoint]), "permission", None)
    ]

    assert without == []


def test_every_line_of_the_menu_is_marked_on_its_own_page_and_below_it(county: Office) -> None:
    browser = county.browser("tenant_admin")
    lines = html.fromstring(browser.get(county.path("")).text).cssselect(".menu-sections a")
    addresses = [line.get("href") for line in lines]
    assert len(addresses) > 3

    for address in addresses:
        for asked in (address, address.rstrip("/"), f"{address}?page=1"):
            page = html.fromstring(browser.get(asked).text)
            marked = page.cssselect(".menu-sections [aria-current=page]")
            assert [each.get("href") for each in marked] == [address], asked
    below = html.fromstring(browser.get(county.path("columns/new")).text)
    marked = below.cssselect(".menu-sections [aria-current=page]")
    assert [each.get("href") for each in marked] == [county.path("columns/")]
