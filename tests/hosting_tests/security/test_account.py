"""One's own account: roles, open sign-ins, password."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from lxml import html
from sqlalchemy import select
from sqlalchemy.exc import ProgrammingError

from hosting.runtime.errors import Conflict, Invalid
from hosting.runtime.runtime import Runtime
from hosting.security import operations, passwords
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.models import Account, Credential, SignIn
from hosting.security.operations import RoleFacts
from parts.people import PASSWORD, Browser
from parts.platform import Place

Browse = Callable[..., Browser]


def test_the_account_page_shows_my_roles_and_my_open_sign_ins(
    browse: Browse, li: Account, wang: Account
) -> None:
    at_work, at_home, stranger = browse(), browse(environ={"REMOTE_ADDR": "198.51.100.4"}), browse()
    at_work.sign_in("li")
    at_home.sign_in("li")
    stranger.sign_in("wang")

    page = at_work.get("/account").text

    assert "清河县" in page
    assert "编辑" in page
    assert "市教育局" not in page
    assert "203.0.113.7" in page
    assert "198.51.100.4" in page
    assert len(re.findall(r"/account/sign-ins/\d+/end", page)) == 1


def test_signing_out_another_device_of_mine_ends_it_there(browse: Browse, li: Account) -> None:
    at_work, at_home = browse(), browse()
    at_home.sign_in("li")
    at_work.sign_in("li")
    (address,) = re.findall(r"/account/sign-ins/\d+/end", at_work.get("/account").text)

    assert at_work.post(address, on="/account").status_code == 303

    assert at_home.get("/account").status_code == 303
    assert at_work.get("/account").status_code == 200


def test_another_persons_sign_in_is_as_missing_as_none(
    browse: Browse, open_console: Runtime, li: Account, wang: Account
) -> None:
    mine, stranger = browse(), browse()
    mine.sign_in("li")
    stranger.sign_in("wang")
    with open_console.platform_session(reason="test", reading=True) as session:
        (foreign,) = session.scalars(select(SignIn.id).where(SignIn.account_id == wang.id))

    taken = mine.post(f"/account/sign-ins/{foreign}/end", on="/account")
    missing = mine.post("/account/sign-ins/12345/end", on="/account")

    assert taken.status_code == missing.status_code == 404
    assert taken.data == missing.data
    assert stranger.get("/account").status_code == 200


def test_a_new_password_ends_all_other_sign_ins_and_renews_this_one(
    browse: Browse, li: Account
) -> None:
    at_work, at_home, thief = browse(), browse(), browse()
    at_home.sign_in("li")
    at_work.sign_in("li")
    thief.take_over(at_work.token)

    changed = at_work.post(
        "/account/password",
        on="/account",
        current=PASSWORD,
        new="Xin-mi-ma-88",
        repeated="Xin-mi-ma-88",
    )

    assert changed.status_code == 303
    assert "密码已修改" in at_work.get("/account").text
    assert at_home.get("/account").status_code == 303
    assert thief.get("/account").status_code == 303
    assert browse().sign_in("li").status_code == 422
    assert browse().sign_in("li", "Xin-mi-ma-88").status_code == 303


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"current": "Wrong-pass-1"}, "当前密码不正确"),
        ({"new": "Ab1", "repeated": "Ab1"}, "至少 10 个字符，现在是 3 个"),
        ({"new": "xiaoxiexiaoxie", "repeated": "xiaoxiexiaoxie"}, "四类中至少含三类"),
        ({"new": "P@ssw0rd2026!", "repeated": "P@ssw0rd2026!"}, "容易被猜到"),
        ({"repeated": "Another-one-1"}, "两次填写的内容不一致"),
        ({"new": PASSWORD, "repeated": PASSWORD}, "新密码不能与当前密码相同"),
    ],
)
def test_a_password_that_cannot_be_taken_says_which_rule_it_breaks(
    browser: Browser, li: Account, fields: dict[str, str], sentence: str
) -> None:
    browser.sign_in("li")
    whole = {"current": PASSWORD, "new": "Xin-mi-ma-88", "repeated": "Xin-mi-ma-88", **fields}

    answer = browser.post("/account/password", on="/account", **whole)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_language_goes_with_the_person_in_and_out_of_the_console(
    browser: Browser, li: Account
) -> None:
    browser.post("/language", locale="en")

    browser.sign_in("li")

    assert 'lang="en"' in browser.get("/account").text
    browser.post("/sign-out", on="/account")
    assert 'lang="en"' in browser.get("/sign-in").text


@pytest.mark.parametrize(
    ("open_console", "each_runtime"), [("each_runtime", "postgresql")], indirect=True
)
def test_a_persons_day_goes_the_same_way_on_postgresql(
    each_runtime: Runtime, browser: Browser, li: Account
) -> None:
    assert browser.sign_in("li").status_code == 303
    assert browser.post("/t/river/gates/31/paint", on="/account").text == "painted"
    assert browser.post("/language", on="/account", locale="en").status_code == 303
    fields = {"current": PASSWORD, "new": "Xin-mi-ma-88", "repeated": "Xin-mi-ma-88"}
    assert browser.post("/account/password", on="/account", **fields).status_code == 303
    assert 'lang="en"' in browser.get("/account").text
    assert browser.post("/sign-out", on="/account").status_code == 303
    assert browser.get("/account").status_code == 303


@pytest.mark.parametrize("each_runtime", ["postgresql"], indirect=True)
def test_the_tenant_role_of_the_database_cannot_read_password_hashes(
    each_runtime: Runtime, river: Place
) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        each_runtime.tenant_session(river.tenant_id, reading=True) as session,
    ):
        session.scalars(select(Credential.password_hash)).all()


def test_every_broken_rule_is_named_at_once(runtime: Runtime) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.hashed("zq7xyab9", settings=runtime.settings, login="zq7")

    assert [problem.code for problem in refused.value.problems] == [
        "password_too_short",
        "password_too_plain",
        "password_has_login",
    ]


@pytest.mark.parametrize(
    "weak",
    [
        "Admin@123456", "P@ssw0rd123!", "Qwerty!2345", "1qaz@WSX3edc", "Welcome2026!",
        "Abc@123456", "Passw0rd!!!!", "Zhengfu@2026", "Administrator1!", "Huawei@12345",
        "Aa1!Aa1!Aa1!", "Root@20261",
    ],
)  # fmt: skip
def test_words_that_everybody_tries_are_refused_in_any_disguise(weak: str) -> None:
    assert passwords.is_weak(weak)


@pytest.mark.parametrize(
    "good", ["Qing-he-2026", "窗前明月Guang3", "tR4!vb0nQ2", "Correct7horse-staple"]
)
def test_good_passwords_pass(runtime: Runtime, good: str) -> None:
    encoded = passwords.hashed(good, settings=runtime.settings, login="li").encoded

    assert encoded.startswith("$argon2id$")
    assert passwords.verifies(good, encoded)
    assert not passwords.verifies(good + "x", encoded)
    assert not passwords.verifies(good, None)


def test_full_width_and_half_width_letters_are_one_password(runtime: Runtime) -> None:
    encoded = passwords.hashed("Qing-he-2026", settings=runtime.settings, login="li").encoded

    assert passwords.verifies("Ｑｉｎｇ-he-２０２６", encoded)


def test_a_login_belongs_to_one_person(
    each_runtime: Runtime, river: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    hashed = passwords.hashed(PASSWORD, settings=each_runtime.settings, login="li")
    facts = {"name": "李晓芸", "password": hashed, "by": PLATFORM_ACTOR}
    with each_runtime.platform_session(reason="test") as session:
        operations.create_account(session, login="li", **facts)  # type: ignore[arg-type]  # as named

    with (
        pytest.raises(Conflict) as taken,
        each_runtime.platform_session(reason="test") as session,
    ):
        operations.create_account(session, login="li", **facts)  # type: ignore[arg-type]  # as named
    assert taken.value.code == "login_taken"

    with (
        pytest.raises(Invalid) as wrong,
        each_runtime.platform_session(reason="test") as session,
    ):
        operations.create_account(session, login="Li Lei", **{**facts, "name": " "})  # type: ignore[arg-type]  # as named
    assert [problem.field for problem in wrong.value.problems] == ["login", "name"]


def test_hashing_costs_at_least_what_owasp_asks() -> None:
    assert passwords.MEMORY_KIB * passwords.ROUNDS >= 19_456 * 2
    assert passwords.MEMORY_KIB >= 19_456


def test_the_account_page_of_somebody_of_one_tenant_leads_back_there(
    browser: Browser, li: Account
) -> None:
    browser.sign_in("li")

    page = html.fromstring(browser.get("/account").text)

    assert [link.get("href") for link in page.cssselect(".menu-sections a")] == ["/t/river/"]


def test_the_account_page_of_somebody_of_several_tenants_lists_them_once(
    browser: Browser, hire: Callable[..., Account], river: Place, hill: Place, runtime: Runtime
) -> None:
    zhao = hire("zhao", "editor", tenant_id=river.tenant_id)
    with runtime.platform_session(reason="test") as session:
        facts = RoleFacts("contributor", tenant_id=hill.tenant_id)
        operations.grant_role(session, zhao, facts=facts, by=PLATFORM_ACTOR)
    browser.sign_in("zhao")

    page = html.fromstring(browser.get("/account").text)
    found = html.fromstring(browser.get("/palette").text)

    for lines in (page.cssselect(".menu-sections a"), found.cssselect(".places a[href^='/t/']")):
        assert sorted(line.get("href") for line in lines) == ["/t/hill/", "/t/river/"]
