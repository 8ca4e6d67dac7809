"""Whoever publishes or administers signs in with two factors, and nobody else with theirs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from hosting.console.application import create_console
from hosting.runtime.clock import now
from hosting.runtime.runtime import Runtime
from hosting.security import operations, second_factors, totp
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.audit import AuditEntry
from hosting.security.models import Account, RecoveryCode, SecondFactor, SignIn
from hosting.security.operations import RoleFacts
from parts.people import PASSWORD, Browser
from parts.platform import Place

Browse = Callable[..., Browser]
GATES = "/t/river/gates"


@pytest.fixture
def strict(open_console: Runtime) -> Runtime:
    """The platform where whoever publishes or administers needs two factors."""
    return replace(open_console, settings=replace(open_console.settings, second_factor="required"))


@pytest.fixture
def at_strict(strict: Runtime) -> Browse:
    """`at_strict()` opens a browser at its console."""
    app = create_console(strict)
    return lambda **facts: Browser(app.test_client(), **facts)


@pytest.fixture
def han(hire: Callable[..., Account], river: Place) -> Account:
    """Who issues the county's items, and edits them as well."""
    return hire("han", "issuer", "editor", tenant_id=river.tenant_id)


def secret_on(page: str) -> str:
    found = re.search(r'class="secret"><code>([A-Z2-7 ]+)</code>', page)
    assert found, page
    return found[1].replace(" ", "")


def codes_on(page: str) -> list[str]:
    return re.findall(r"<li><code>([a-z0-9-]+)</code>", page)


def code_of(secret: str) -> str:
    return pyotp.TOTP(secret).at(now())


def enrol(browser: Browser) -> tuple[str, list[str]]:
    """Set an app up on the way in: its secret and the recovery codes."""
    browser.post("/sign-in/set-up/begin", on="/sign-in/set-up")
    secret = secret_on(browser.get("/sign-in/set-up").text)
    done = browser.post("/sign-in/set-up", on="/sign-in/set-up", code=code_of(secret))
    assert done.status_code == 200, done.text
    return secret, codes_on(done.text)


def later(seconds: int = 60) -> time_machine.travel:
    """A moment when the app shows another code."""
    return time_machine.travel(now() + timedelta(seconds=seconds))


def test_who_issues_sets_up_an_app_before_anything_opens(at_strict: Browse, han: Account) -> None:
    browser = at_strict()

    entered = browser.sign_in("han", next=GATES)

    assert entered.location == f"/sign-in/set-up?next={GATES}"
    assert browser.get(GATES).location.startswith("/sign-in?")
    assert browser.get("/account").location.startswith("/sign-in?")

    _, codes = enrol(browser)

    assert len(set(codes)) == 10
    assert browser.get(GATES).status_code == 200


def test_who_only_writes_needs_no_app(at_strict: Browse, li: Account) -> None:
    browser = at_strict()

    assert browser.sign_in("li", next=GATES).location == GATES
    assert browser.get(GATES).status_code == 200


def test_the_password_alone_opens_nothing_once_an_app_is_set_up(
    at_strict: Browse, han: Account
) -> None:
    secret, _ = enrol_at(at_strict)
    browser = at_strict()

    assert browser.sign_in("han", next=GATES).location == f"/sign-in/code?next={GATES}"
    for path in (GATES, "/account", "/city/gates"):
        assert browser.get(path).location.startswith("/sign-in?"), path
    # Nor does the way in for those who have no app yet.
    assert browser.get("/sign-in/set-up").location.startswith("/sign-in?")
    assert browser.post("/sign-in/set-up/begin", on="/sign-in/code").status_code == 303

    with later():
        answer = browser.post(
            f"/sign-in/code?next={GATES}", on="/sign-in/code", code=code_of(secret)
        )
        assert answer.location == GATES
        assert browser.get(GATES).status_code == 200


def enrol_at(browse: Browse) -> tuple[str, list[str]]:
    browser = browse()
    browser.sign_in("han")
    return enrol(browser)


def test_a_code_is_taken_once_alone(at_strict: Browse, han: Account) -> None:
    secret, _ = enrol_at(at_strict)
    with later():
        code = code_of(secret)
        first, second = at_strict(), at_strict()
        for browser in (first, second):
            browser.sign_in("han")

        assert first.post("/sign-in/code", on="/sign-in/code", code=code).status_code == 303
        assert second.post("/sign-in/code", on="/sign-in/code", code=code).status_code == 422
        assert second.get(GATES).status_code == 303


def test_the_code_shown_when_the_app_was_set_up_signs_nobody_in(
    at_strict: Browse, han: Account
) -> None:
    with time_machine.travel(now(), tick=False):
        secret, _ = enrol_at(at_strict)
        browser = at_strict()
        browser.sign_in("han")

        again = browser.post("/sign-in/code", on="/sign-in/code", code=code_of(secret))

    assert again.status_code == 422


@pytest.mark.parametrize(
    "written",
    [
        lambda code: f" {code} ",
        lambda code: f"{code[:3]} {code[3:]}",
        lambda code: code.translate({48 + digit: 0xFF10 + digit for digit in range(10)}),
    ],
    ids=["blanks", "groups", "full-width"],
)
def test_blanks_and_full_width_digits_make_no_difference(
    at_strict: Browse, han: Account, written: Callable[[str], str]
) -> None:
    secret, _ = enrol_at(at_strict)
    with later():
        typed = written(code_of(secret))
        browser = at_strict()
        browser.sign_in("han")

        assert browser.post("/sign-in/code", on="/sign-in/code", code=typed).status_code == 303


def test_a_recovery_code_stands_in_for_the_app_once(
    at_strict: Browse, han: Account, strict: Runtime
) -> None:
    _, codes = enrol_at(at_strict)
    first, second = at_strict(), at_strict()
    for browser in (first, second):
        browser.sign_in("han")

    typed = codes[3].upper().replace("-", " ")
    assert first.post("/sign-in/code", on="/sign-in/code", code=typed).status_code == 303
    assert first.get(GATES).status_code == 200
    assert second.post("/sign-in/code", on="/sign-in/code", code=codes[3]).status_code == 422
    assert "恢复码还剩 9 个" in first.get("/account").text


def test_guessing_codes_ends_the_sign_in_and_stops_nobody_elsewhere(
    at_strict: Browse, han: Account
) -> None:
    secret, _ = enrol_at(at_strict)
    guesser = at_strict()
    guesser.sign_in("han")

    with later():
        answers = [
            guesser.post("/sign-in/code", on="/sign-in/code", code="000000").status_code
            for _ in range(6)
        ]
        assert answers == [422] * 5 + [429]
        assert guesser.get("/sign-in/code").location.startswith("/sign-in?")

        owner = at_strict(environ={"REMOTE_ADDR": "198.51.100.4"})
        owner.sign_in("han")
        entered = owner.post("/sign-in/code", on="/sign-in/code", code=code_of(secret))
    assert entered.status_code == 303


def test_guessing_codes_of_an_app_not_yet_in_use_is_stopped_too(
    at_strict: Browse, han: Account
) -> None:
    guesser = at_strict()
    guesser.sign_in("han")
    guesser.post("/sign-in/set-up/begin", on="/sign-in/set-up")

    answers = [
        guesser.post("/sign-in/set-up", on="/sign-in/set-up", code="000000").status_code
        for _ in range(6)
    ]

    assert answers == [422] * 5 + [429]


def test_guessers_at_many_addresses_are_stopped_together(at_strict: Browse, han: Account) -> None:
    enrol_at(at_strict)
    answers = []
    for number in range(11):
        guesser = at_strict(environ={"REMOTE_ADDR": f"198.51.100.{number}"})
        guesser.sign_in("han")
        answers += [
            guesser.post("/sign-in/code", on="/sign-in/code", code="000000").status_code
            for _ in range(5)
        ]

    assert answers[:51] == [422] * 50 + [429]


def test_a_half_way_sign_in_waits_ten_minutes_and_no_longer(
    at_strict: Browse, han: Account
) -> None:
    secret, _ = enrol_at(at_strict)
    browser = at_strict()
    browser.sign_in("han")

    with later(601):
        late = browser.post("/sign-in/code", on="/sign-in", code=code_of(secret))

    assert late.location.startswith("/sign-in?")


def test_a_role_that_asks_for_two_factors_does_not_count_with_one(
    at_strict: Browse, browse: Browse, han: Account
) -> None:
    """A sign-in from before the rule, or from before the role was granted."""
    lax = browse()
    lax.sign_in("han")
    assert lax.get(GATES).text == "gates of 101 for ['editor', 'issuer']"

    strict = at_strict()
    strict.take_over(lax.token)

    assert strict.get(GATES).text == "gates of 101 for ['editor']"
    assert "须用两步验证登录后行使" in strict.get("/account").text


def test_where_it_is_offered_people_set_it_up_and_take_it_away_themselves(
    browser: Browser, browse: Browse, li: Account
) -> None:
    other = browse()
    other.sign_in("li")
    browser.sign_in("li")
    browser.post("/account/second-factor/begin", on="/account")
    secret = secret_on(browser.get("/account/second-factor").text)

    done = browser.post("/account/second-factor", on="/account/second-factor", code=code_of(secret))

    assert len(codes_on(done.text)) == 10
    assert other.get("/account").status_code == 303, "other sign-ins end"
    assert browse().sign_in("li").location == "/sign-in/code?next=/"

    removed = browser.post("/account/second-factor/removal", on="/account/second-factor/removal")
    assert removed.location == "/account"
    assert browse().sign_in("li").location == "/"


def test_an_app_comes_into_use_only_by_its_own_code(browser: Browser, li: Account) -> None:
    browser.sign_in("li")
    browser.post("/account/second-factor/begin", on="/account")
    other = pyotp.random_base32(32)

    wrong = browser.post("/account/second-factor", on="/account", code=code_of(other))

    assert wrong.status_code == 422
    assert "未启用" in browser.get("/account").text


def test_another_telephone_replaces_the_first_when_its_code_is_shown(
    at_strict: Browse, han: Account
) -> None:
    browser = at_strict()
    browser.sign_in("han")
    old, _ = enrol(browser)
    browser.post("/account/second-factor/begin", on="/account")
    new = secret_on(browser.get("/account/second-factor").text)
    with later():
        half_way = at_strict()
        half_way.sign_in("han")
        assert half_way.post("/sign-in/code", on="/sign-in/code", code=code_of(old)).location == "/"

        browser.post("/account/second-factor", on="/account", code=code_of(new))

    with later(120):
        again = at_strict()
        again.sign_in("han")
        assert again.post("/sign-in/code", on="/sign-in/code", code=code_of(old)).status_code == 422
        assert again.post("/sign-in/code", on="/sign-in/code", code=code_of(new)).location == "/"


def test_new_recovery_codes_replace_the_old_ones(at_strict: Browse, han: Account) -> None:
    browser = at_strict()
    browser.sign_in("han")
    _, old = enrol(browser)

    new = codes_on(browser.post("/account/second-factor/codes", on="/account").text)

    assert len(new) == 10
    assert not set(new) & set(old)
    other = at_strict()
    other.sign_in("han")
    assert other.post("/sign-in/code", on="/sign-in/code", code=old[0]).status_code == 422
    assert other.post("/sign-in/code", on="/sign-in/code", code=new[0]).status_code == 303


def test_who_must_have_it_cannot_take_it_away(at_strict: Browse, han: Account) -> None:
    browser = at_strict()
    browser.sign_in("han")
    enrol(browser)

    assert browser.get("/account/second-factor/removal").status_code == 403
    assert browser.post("/account/second-factor/removal", on="/account").status_code == 403


def test_the_database_holds_neither_secret_nor_codes_in_clear(
    at_strict: Browse, han: Account, strict: Runtime
) -> None:
    secret, codes = enrol_at(at_strict)

    with strict.platform_session(reason="test", reading=True) as session:
        kept = repr([row.sealed_secret for row in session.scalars(select(SecondFactor))])
        kept += repr([row.code_digest for row in session.scalars(select(RecoveryCode))])
        kept += repr([row.facts for row in session.scalars(select(AuditEntry))])

    assert secret not in kept
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


def test_a_lost_telephone_is_reset_by_somebody_else_and_told_in_the_trail(
    at_strict: Browse, han: Account, strict: Runtime
) -> None:
    browser = at_strict()
    browser.sign_in("han")
    enrol(browser)

    with strict.platform_session(reason="test") as session:
        second_factors.reset(session, han.id, reason="手机丢失", by=PLATFORM_ACTOR)

    assert browser.get("/account").status_code == 303, "its sign-ins end"
    assert at_strict().sign_in("han").location == "/sign-in/set-up?next=/"
    with strict.platform_session(reason="test", reading=True) as session:
        rows = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "second_factor_removed")
        ).all()
    assert [row.facts["reason"] for row in rows] == ["手机丢失"]


def test_the_trail_tells_by_what_somebody_signed_in(
    at_strict: Browse, han: Account, strict: Runtime
) -> None:
    enrol_at(at_strict)
    guesser = at_strict()
    guesser.sign_in("han")
    guesser.post("/sign-in/code", on="/sign-in/code", code="000000")

    with strict.platform_session(reason="test", reading=True) as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()

    told = [(row.action, row.result, row.facts.get("method")) for row in rows][-3:]
    assert told == [
        ("second_factor_set", "done", None),
        ("signed_in", "done", "totp"),
        ("sign_in_refused", "wrong_code", None),
    ]


def test_a_password_set_by_somebody_else_or_too_old_is_replaced_first(
    browser: Browser, browse: Browse, open_console: Runtime, li: Account
) -> None:
    days = open_console.settings.password_maximum_age_days
    with time_machine.travel(now() + timedelta(days=days, seconds=5)):
        assert browser.sign_in("li", next=GATES).location == (f"/sign-in/new-password?next={GATES}")
        assert browser.get(GATES).status_code == 303, "nothing else opens before"

        def give(new: str) -> int:
            page = f"/sign-in/new-password?next={GATES}"
            return browser.post(page, on=page, new=new, repeated=new).status_code

        assert give(PASSWORD) == 422, "the same again"
        assert give("Ab1") == 422
        assert give("Xin-mi-ma-88") == 303
        assert browser.get(GATES).status_code == 200
        assert browse().sign_in("li", "Xin-mi-ma-88", next=GATES).location == GATES
    with open_console.platform_session(reason="test", reading=True) as session:
        assert "password_changed" in set(session.scalars(select(AuditEntry.action)))


def test_steps_are_taken_in_turn(at_strict: Browse, han: Account, strict: Runtime) -> None:
    enrol_at(at_strict)
    with time_machine.travel(now() + timedelta(days=100)):
        browser = at_strict()
        assert browser.sign_in("han").location == "/sign-in/code?next=/"
        # The password can't be replaced before the code was shown.
        page = "/sign-in/new-password"
        fields = {"new": "Xin-mi-ma-88", "repeated": "Xin-mi-ma-88"}
        assert browser.post(page, on="/sign-in/code", **fields).location.startswith("/sign-in?")
        assert at_strict().sign_in("han", "Xin-mi-ma-88").status_code == 422


def test_rights_that_change_renew_the_token(
    browser: Browser, browse: Browse, open_console: Runtime, li: Account, river: Place
) -> None:
    browser.sign_in("li")
    old = browser.token
    with open_console.platform_session(reason="test") as session:
        account = session.get_one(Account, li.id)
        facts = RoleFacts("contributor", tenant_id=river.tenant_id)
        operations.grant_role(session, account, facts=facts, by=PLATFORM_ACTOR)

    assert browser.get(GATES).text == "gates of 101 for ['contributor', 'editor']"

    assert browser.token not in ("", old)
    thief = browse()
    thief.take_over(old)
    assert thief.get(GATES).status_code == 200, "requests on their way are let through"
    with time_machine.travel(now() + timedelta(seconds=31)):
        assert thief.get(GATES).status_code == 303
        assert browser.get(GATES).status_code == 200


def test_each_step_of_a_sign_in_has_a_token_of_its_own(
    at_strict: Browse, han: Account, strict: Runtime
) -> None:
    browser = at_strict()
    browser.sign_in("han")
    half = browser.token

    enrol(browser)

    assert browser.token != half
    thief = at_strict()
    thief.take_over(half)
    assert thief.get(GATES).status_code == 303
    with strict.platform_session(reason="test", reading=True) as session:
        assert session.scalars(select(SignIn.previous_digest)).all() == [None]


def test_codes_follow_rfc_6238() -> None:
    """The last six digits of the RFC's own examples (appendix B, SHA-1)."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (2000000000, "279037")):
        with time_machine.travel(seconds, tick=False):
            at = now()
        step = seconds // totp.PERIOD_SECONDS
        assert totp.matching_step(secret, code, at=at, after=0) == step
        assert totp.matching_step(secret, code, at=at, after=step) is None


@pytest.mark.parametrize(
    ("open_console", "each_runtime"), [("each_runtime", "postgresql")], indirect=True
)
def test_the_whole_way_in_goes_on_postgresql_as_well(
    each_runtime: Runtime, at_strict: Browse, han: Account
) -> None:
    secret, codes = enrol_at(at_strict)
    browser = at_strict()
    browser.sign_in("han")
    with later():
        assert browser.post("/sign-in/code", on="/sign-in/code", code=code_of(secret)).location
    other = at_strict()
    other.sign_in("han")
    assert other.post("/sign-in/code", on="/sign-in/code", code=codes[0]).location == "/"
    assert other.get("/account").status_code == 200
