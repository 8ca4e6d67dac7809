"""Signing in by the city's identity provider: a real one, run for the test."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from sqlalchemy import select

from hosting.console.application import create_console
from hosting.runtime.clock import now
from hosting.runtime.errors import Invalid
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from hosting.security import operations
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.audit import AuditEntry
from hosting.security.models import Account, Identity
from parts.identity_provider import PersonThere, Provider
from parts.people import Browser
from parts.platform import Place

GATES = "/t/river/gates"
Browse = Callable[..., Browser]


@pytest.fixture
def linked(open_console: Runtime, provider: Provider) -> Runtime:
    """The platform with the provider."""
    settings = replace(
        open_console.settings,
        openid_issuer=provider.issuer,
        openid_client_id=provider.client_id,
        openid_client_secret_file=str(provider.secret_file),
    )
    return replace(open_console, settings=settings)


def console_of(runtime: Runtime, **settings: str) -> Browse:
    app = create_console(replace(runtime, settings=replace(runtime.settings, **settings)))
    return lambda **facts: Browser(app.test_client(), **facts)


@pytest.fixture
def at_linked(linked: Runtime) -> Browse:
    """`at_linked()` opens a browser at its console."""
    return console_of(linked)


def way_there(browser: Browser, path: str = "/sign-in/openid") -> str:
    """Where the platform sends a browser that wants to the provider."""
    answer = browser.get(path)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def way_by_page(browser: Browser, path: str) -> str:
    answer = browser.post(path, on="/account")
    return answer.headers["Refresh"].removeprefix("0; url=")


def link(browser: Browser, person: PersonThere) -> None:
    """Link the account that is signed in to whom the provider knows."""
    back = browser.get(person.answer(way_by_page(browser, "/account/identity/link")))
    assert back.location == "/account", back.text


def test_an_account_that_was_linked_is_entered_by_the_provider(
    at_linked: Browse, li: Account
) -> None:
    person = PersonThere("li")
    first = at_linked()
    first.sign_in("li")
    link(first, person)
    assert "已绑定" in first.get("/account").text

    browser = at_linked()
    assert "统一身份认证" in browser.get("/sign-in").text
    back = browser.get(person.answer(way_there(browser, f"/sign-in/openid?next={GATES}")))

    assert back.location == GATES
    assert browser.get(GATES).status_code == 200


def test_whom_nobody_here_is_linked_to_stays_outside(
    at_linked: Browse, linked: Runtime, li: Account
) -> None:
    """Though a login here has the very name that the provider gives."""
    browser = at_linked()

    back = browser.get(PersonThere("li").answer(way_there(browser)))

    assert back.status_code == 422
    assert "没有绑定本平台的账号" in back.text
    assert browser.get(GATES).status_code == 303
    with linked.platform_session(reason="test", reading=True) as session:
        row = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert row is not None
    assert (row.action, row.result) == ("sign_in_refused", "unknown_identity")


def test_a_claim_names_the_account_only_where_the_provider_is_trusted_to(
    linked: Runtime, li: Account
) -> None:
    browser = console_of(linked, openid_login_claim="sub")()

    back = browser.get(PersonThere("li").answer(way_there(browser)))

    assert back.location == "/"
    assert browser.get(GATES).status_code == 200
    with linked.platform_session(reason="test", reading=True) as session:
        assert session.scalars(select(Identity.account_id)).all() == [li.id]


def test_one_identity_is_one_account(
    at_linked: Browse, li: Account, hire: Callable[..., Account], river: Place
) -> None:
    hire("zhao", "editor", tenant_id=river.tenant_id)
    person, first, second = PersonThere("li"), at_linked(), at_linked()
    first.sign_in("li")
    link(first, person)
    second.sign_in("zhao")

    second.get(person.answer(way_by_page(second, "/account/identity/link")))

    assert "已绑定本平台的另一个账号" in second.get("/account").text
    assert "未绑定" not in first.get("/account").text


def test_a_disabled_account_is_not_entered(at_linked: Browse, linked: Runtime, li: Account) -> None:
    person, browser = PersonThere("li"), at_linked()
    browser.sign_in("li")
    link(browser, person)
    with linked.platform_session(reason="test") as session:
        account = session.get_one(Account, li.id)
        operations.disable_account(session, account, reason="调离", by=PLATFORM_ACTOR)

    stranger = at_linked()
    back = stranger.get(person.answer(way_there(stranger)))

    assert back.status_code == 422
    assert stranger.get(GATES).status_code == 303


def test_unlinking_shuts_the_way(at_linked: Browse, linked: Runtime, li: Account) -> None:
    person, browser = PersonThere("li"), at_linked()
    browser.sign_in("li")
    link(browser, person)

    browser.post("/account/identity/unlink", on="/account")

    stranger = at_linked()
    assert stranger.get(person.answer(way_there(stranger))).status_code == 422
    with linked.platform_session(reason="test", reading=True) as session:
        actions = set(session.scalars(select(AuditEntry.action)))
    assert actions >= {"identity_linked", "identity_unlinked"}


def test_the_provider_does_not_stand_for_the_second_factor_unless_it_says_so(
    linked: Runtime, hire: Callable[..., Account], river: Place
) -> None:
    hire("han", "issuer", tenant_id=river.tenant_id)
    person, lax = PersonThere("han"), console_of(linked)()
    lax.sign_in("han")
    link(lax, person)

    strict = console_of(linked, second_factor="required")()
    back = strict.get(person.answer(way_there(strict, f"/sign-in/openid?next={GATES}")))

    assert back.location == f"/sign-in/set-up?next={GATES}"
    assert strict.get(GATES).status_code == 303


def test_an_answer_to_a_question_of_another_browser_opens_nothing(
    at_linked: Browse, li: Account
) -> None:
    person, mine, other = PersonThere("li"), at_linked(), at_linked()
    mine.sign_in("li")
    link(mine, person)
    attacker = at_linked()
    back = person.answer(way_there(attacker))

    assert other.get(back).status_code == 422
    assert other.token == ""


def test_an_answer_is_taken_once(at_linked: Browse, li: Account) -> None:
    person, browser = PersonThere("li"), at_linked()
    browser.sign_in("li")
    link(browser, person)
    entering = at_linked()
    back = person.answer(way_there(entering))

    assert entering.get(back).location == "/"

    again = at_linked()
    assert again.get(back).status_code == 422


@pytest.mark.parametrize(
    "bend",
    [
        lambda back: re.sub("code=[^&]*", "code=x", back),
        lambda back: re.sub("state=[^&]*", "state=x", back),
        lambda back: f"{back}&error=access_denied",
        lambda back: back.split("?")[0],
    ],
    ids=["code", "state", "error", "nothing"],
)
def test_a_bent_answer_opens_nothing(
    at_linked: Browse, li: Account, bend: Callable[[str], str]
) -> None:
    person, browser = PersonThere("li"), at_linked()
    browser.sign_in("li")
    link(browser, person)
    entering = at_linked()

    bent = bend(person.answer(way_there(entering)))

    assert entering.get(bent).status_code == 422
    assert entering.get(GATES).status_code == 303


def test_linking_cannot_be_begun_by_another_page(at_linked: Browse, li: Account) -> None:
    browser = at_linked()
    browser.sign_in("li")

    assert browser.get("/account/identity/link").status_code == 405
    answer = browser.client.post("/account/identity/link", base_url=browser.host)
    assert answer.status_code == 422
    assert "Refresh" not in answer.headers


def test_who_left_and_who_came_back_are_one_person(
    at_linked: Browse, linked: Runtime, li: Account, hire: Callable[..., Account], river: Place
) -> None:
    hire("zhao", "editor", tenant_id=river.tenant_id)
    person, browser = PersonThere("li"), at_linked()
    browser.sign_in("li")
    back = person.answer(way_by_page(browser, "/account/identity/link"))
    other = at_linked()
    other.sign_in("zhao")
    browser.take_over(other.token)

    browser.get(back)

    assert "登录已经变化" in browser.get("/account").text
    with linked.platform_session(reason="test", reading=True) as session:
        assert session.scalars(select(Identity.account_id)).all() == []


def test_the_question_carries_state_nonce_and_a_verifiers_digest(at_linked: Browse) -> None:
    asked = parse_qs(urlsplit(way_there(at_linked())).query)

    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == ["http://console.localhost:8000/sign-in/openid/back"]
    assert len(asked["state"][0]) >= 20
    assert len(asked["nonce"][0]) >= 20


def test_the_way_back_is_not_built_from_the_host_header(at_linked: Browse) -> None:
    browser = at_linked()
    browser.host = "http://evil.example:8000"

    asked = parse_qs(urlsplit(way_there(browser)).query)

    assert asked["redirect_uri"] == ["http://console.localhost:8000/sign-in/openid/back"]


def test_a_proof_by_the_provider_is_one_typed_just_now(
    at_linked: Browse, linked: Runtime, li: Account
) -> None:
    person, browser = PersonThere("li"), at_linked()
    browser.sign_in("li")
    link(browser, person)
    with time_machine.travel(now() + timedelta(seconds=linked.settings.proof_seconds + 1)):
        page = browser.get("/account/proof?next=/account").text
        assert "用统一身份认证验证" in unescape(page)
        there = way_by_page(browser, "/account/proof/openid?next=/account")
        asked = parse_qs(urlsplit(there).query)

    assert asked["prompt"] == ["login"]
    assert asked["max_age"] == ["0"]


def test_a_provider_that_is_away_leaves_the_password(linked: Runtime, li: Account) -> None:
    browser = console_of(linked, openid_issuer="http://127.0.0.1:9")()

    answer = browser.get("/sign-in/openid")

    assert answer.status_code == 503
    assert "请用密码登录" in answer.text
    assert browser.sign_in("li").status_code == 303


def test_metadata_of_another_issuer_is_refused(linked: Runtime, provider: Provider) -> None:
    wrong = provider.issuer.replace("127.0.0.1", "localhost") + "/"
    settings = replace(linked.settings, openid_issuer=wrong)
    browser = Browser(create_console(replace(linked, settings=settings)).test_client())

    assert browser.get("/sign-in/openid").status_code == 503


def test_without_a_provider_nothing_speaks_of_it(browser: Browser, li: Account) -> None:
    assert "统一身份" not in browser.get("/sign-in").text
    browser.sign_in("li")
    assert "统一身份" not in browser.get("/account").text
    assert browser.post("/account/identity/link", on="/account").status_code == 422


def test_half_a_setting_stops_the_start() -> None:
    with pytest.raises(Invalid) as refused:
        Settings.from_environment({"JIYUE_OPENID_ISSUER": "https://id.yunxi.gov.cn"})

    assert [each.field for each in refused.value.problems] == ["JIYUE_OPENID_ISSUER"]
