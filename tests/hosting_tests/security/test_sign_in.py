"""Nobody gets in who doesn't belong, and whoever leaves is out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from argon2.exceptions import VerifyMismatchError
from flask_login import encode_cookie
from sqlalchemy import select

from hosting.console.application import create_console
from hosting.publishing.public import create_public
from hosting.runtime.clock import now
from hosting.runtime.runtime import Runtime
from hosting.security import operations
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.audit import AuditEntry
from hosting.security.models import Account, SignIn
from parts.people import PASSWORD, Browser

Browse = Callable[..., Browser]


def test_signing_in_leads_to_where_one_wanted_to_go(browser: Browser, li: Account) -> None:
    to_form = browser.get("/t/river/gates?page=2")
    assert to_form.status_code == 303
    assert to_form.location == "/sign-in?next=/t/river/gates?page%3D2"

    entered = browser.sign_in("LI ", next="/t/river/gates?page=2")

    assert (entered.status_code, entered.location) == (303, "/t/river/gates?page=2")
    assert browser.get("/t/river/gates").text == "gates of 101 for ['editor']"
    assert browser.get("/sign-in").location == "/"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:a()", "/\t/x"],
)
def test_signing_in_never_leads_to_another_host(
    browser: Browser, li: Account, elsewhere: str
) -> None:
    assert browser.sign_in("li", next=elsewhere).location == "/"


def test_each_sign_in_gets_a_new_token_and_ends_the_one_before(
    browser: Browser, browse: Browse, li: Account
) -> None:
    browser.take_over("a token that somebody planted")
    browser.sign_in("li")
    first = browser.token
    assert first not in ("", "a token that somebody planted")

    browser.post("/sign-in", on="/account", login="li", password=PASSWORD)

    assert browser.token != first
    thief = browse()
    thief.take_over(first)
    assert thief.get("/t/river/gates").status_code == 303


def test_a_copied_cookie_is_dead_after_sign_out(
    browser: Browser, browse: Browse, li: Account
) -> None:
    browser.sign_in("li")
    thief = browse()
    thief.take_over(browser.token)
    assert thief.get("/t/river/gates").status_code == 200

    left = browser.post("/sign-out", on="/account")

    assert (left.status_code, left.location) == (303, "/sign-in")
    assert browser.token == ""
    assert thief.get("/t/river/gates").status_code == 303


def test_a_cookie_of_another_console_host_opens_nothing(
    open_console: Runtime, browser: Browser, li: Account
) -> None:
    browser.sign_in("li")
    settings = replace(open_console.settings, console_host="other.localhost")
    other = create_console(replace(open_console, settings=settings))
    stranger = Browser(other.test_client(), host="http://other.localhost:8000")
    stranger.take_over(browser.token, "other.localhost")

    assert stranger.get("/t/river/gates").status_code == 303


def test_the_cookie_is_for_this_host_and_no_script(browser: Browser, li: Account) -> None:
    cookie = next(
        value
        for name, value in browser.sign_in("li").headers
        if name == "Set-Cookie" and value.startswith("jiyue-sign-in=")
    )

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "Secure" not in cookie  # plain http on *.localhost, the one exception


def test_away_from_localhost_the_cookie_is_secure_and_bears_the_host_prefix(
    open_console: Runtime, li: Account
) -> None:
    settings = replace(
        open_console.settings, console_host="console.yunxi.gov.cn", public_scheme="https"
    )
    app = create_console(replace(open_console, settings=settings))
    browser = Browser(app.test_client(), host="https://console.yunxi.gov.cn")

    cookies = browser.sign_in("li").headers.getlist("Set-Cookie")

    ours = [cookie for cookie in cookies if "sign-in=" in cookie]
    assert [cookie.split("=")[0] for cookie in ours] == ["__Host-jiyue-sign-in"]
    assert all("Secure" in cookie for cookie in cookies)


def shown(page: str) -> str:
    """A page without what differs from one answer to the next for everybody."""
    return re.sub(r'(nonce|value)="[^"]*"|"?Im[\w.-]+"?', "", page)


def test_refusals_do_not_tell_who_has_an_account(
    browse: Browse, open_console: Runtime, li: Account, wang: Account
) -> None:
    with open_console.platform_session(reason="test") as session:
        operations.disable_account(
            session, session.get_one(Account, wang.id), reason="调离", by=PLATFORM_ACTOR
        )

    wrong = browse().sign_in("li", "Wrong-pass-1")
    nobody = browse().sign_in("nobody", "Wrong-pass-1")
    disabled = browse().sign_in("wang")

    assert {wrong.status_code, nobody.status_code, disabled.status_code} == {422}
    assert "登录名或密码不正确" in wrong.text
    assert shown(wrong.text) == shown(nobody.text) == shown(disabled.text)


def test_each_try_costs_one_hash_whoever_is_asked_for(
    browser: Browser, li: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Counting:
        def verify(self, encoded: str, password: str) -> bool:
            asked.append(encoded.rsplit("$", 2)[0])
            raise VerifyMismatchError

    monkeypatch.setattr("hosting.security.passwords._HASHER", Counting())
    for login in ("li", "nobody"):
        browser.sign_in(login, "Wrong-pass-1")

    known, nobodys = asked
    assert known.startswith("$argon2id$")
    assert nobodys == "$argon2id$v=19$m=32768,t=3,p=1"


def test_too_many_tries_stop_that_address_and_nobody_else(
    browser: Browser, browse: Browse, li: Account
) -> None:
    answers = [browser.sign_in("li", "Wrong-pass-1").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert browser.sign_in("li").status_code == 429

    at_home = browse(environ={"REMOTE_ADDR": "198.51.100.4"})

    assert at_home.sign_in("li").status_code == 303


def test_tries_against_a_name_that_nobody_has_stop_as_well(browser: Browser) -> None:
    answers = [browser.sign_in("nobody", "Wrong-pass-1").status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]


def test_an_address_that_tries_many_names_is_stopped(
    browser: Browser, browse: Browse, li: Account
) -> None:
    answers = [
        browser.sign_in(f"somebody-{number // 4}", "Wrong-pass-1").status_code
        for number in range(101)
    ]

    assert answers == [422] * 100 + [429]
    assert browser.sign_in("li").status_code == 429, "whoever it tries to be"
    assert browse(environ={"REMOTE_ADDR": "198.51.100.4"}).sign_in("li").status_code == 303


def test_success_forgets_earlier_mistakes(browser: Browser, browse: Browse, li: Account) -> None:
    for _ in range(3):
        for _ in range(4):
            browse().sign_in("li", "Wrong-pass-1")
        assert browse().sign_in("li").status_code == 303


def test_without_a_form_token_nobody_signs_in(browser: Browser, li: Account) -> None:
    answer = browser.client.post(
        "/sign-in", data={"login": "li", "password": PASSWORD}, base_url=browser.host
    )

    assert answer.status_code == 422
    assert browser.token == ""


def test_a_sign_in_in_use_ends_after_half_a_day(
    browser: Browser, open_console: Runtime, li: Account
) -> None:
    browser.sign_in("li")
    start = now()

    for minutes in range(20, 12 * 60, 20):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert browser.get("/t/river/gates").status_code == 200

    end = start + timedelta(seconds=open_console.settings.session_absolute_seconds)
    with time_machine.travel(end):
        assert browser.get("/t/river/gates").status_code == 303


def test_a_sign_in_ends_when_it_is_not_used(
    browser: Browser, open_console: Runtime, li: Account
) -> None:
    browser.sign_in("li")

    idle = timedelta(seconds=open_console.settings.session_idle_seconds + 1)
    with time_machine.travel(now() + idle):
        assert browser.get("/t/river/gates").status_code == 303


def test_only_a_digest_of_the_token_is_stored(
    browser: Browser, open_console: Runtime, li: Account
) -> None:
    browser.sign_in("li")

    with open_console.platform_session(reason="test", reading=True) as session:
        stored = session.scalars(select(SignIn.token_digest)).all()

    assert browser.token not in stored
    assert [len(digest) for digest in stored] == [64]


def test_the_trail_tells_of_sign_ins_refusals_and_sign_outs_but_not_of_passwords(
    browser: Browser, open_console: Runtime, li: Account
) -> None:
    browser.sign_in("li", "Wrong-pass-1")
    browser.sign_in("Wrong-pass-1", "li")
    browser.sign_in("li")
    browser.post("/sign-out", on="/account")

    with open_console.platform_session(reason="test", reading=True) as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()

    last = rows[-4:]
    assert [(row.action, row.result) for row in last] == [
        ("sign_in_refused", "wrong_password"),
        ("sign_in_refused", "unknown"),
        ("signed_in", "done"),
        ("signed_out", "done"),
    ]
    assert {row.address for row in last} == {"203.0.113.7"}
    assert [row.account_name for row in last[2:]] == ["li同志", "li同志"]
    assert all("Wrong-pass-1" not in str(row.facts) for row in rows)


def test_a_form_sent_after_the_sign_in_ended_says_that_it_was_not_kept(
    browser: Browser, open_console: Runtime, li: Account
) -> None:
    browser.sign_in("li")
    token = browser.form_token("/account")
    with open_console.platform_session(reason="test") as session:
        operations.end_sign_ins(session, li.id, reason="signed_out")

    answer = browser.client.post(
        "/t/river/gates/31/paint",
        data={"csrf_token": token},
        base_url=browser.host,
        headers={"Referer": browser.host + "/t/river/gates?page=2"},
    )

    assert answer.location == "/sign-in?next=/t/river/gates?page%3D2"
    assert "刚才提交的内容没有保存" in browser.get(answer.location).text


def test_flask_logins_own_ways_in_are_shut(browse: Browse, li: Account) -> None:
    stranger = browse()
    with stranger.client.application.test_request_context():
        remembered = encode_cookie(str(li.id))
    stranger.client.set_cookie("remember_token", remembered, domain="console.localhost")
    with stranger.client.session_transaction(base_url=stranger.host) as kept:
        kept["_user_id"] = str(li.id)

    assert stranger.get("/t/river/gates").status_code == 303


def test_flask_login_keeps_nothing_in_the_browser(browser: Browser, li: Account) -> None:
    browser.sign_in("li")
    browser.get("/t/river/gates")

    with browser.client.session_transaction(base_url=browser.host) as kept:
        assert not {"_user_id", "_id", "_fresh", "_remember"} & kept.keys()
    assert browser.client.get_cookie("remember_token", domain="console.localhost") is None


def test_the_public_application_knows_no_login(open_console: Runtime) -> None:
    public = create_public(open_console)

    assert not hasattr(public, "login_manager")
    assert public.secret_key is None
    assert not [rule for rule in public.url_map.iter_rules() if not rule.rule.startswith("/-/")]
