"""Before rights, accounts or tenants change, people prove again who they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from hosting.runtime.clock import now
from hosting.runtime.runtime import Runtime
from hosting.security.audit import AuditEntry
from hosting.security.models import Account
from parts.people import PASSWORD, Browser

Browse = Callable[..., Browser]


@pytest.fixture
def an(hire: Callable[..., Account]) -> Account:
    """Who says who may do what."""
    return hire("an", "security_admin")


def open_gates(browser: Browser) -> int:
    return browser.post("/city/gates", on="/account").status_code


def test_what_weighs_more_asks_for_the_password_again_after_a_while(
    browser: Browser, open_console: Runtime, an: Account
) -> None:
    browser.sign_in("an")
    assert browser.get("/city/gates/key").text == "the key"
    assert browser.post("/city/gates", on="/account").text == "opened"

    with time_machine.travel(now() + timedelta(seconds=open_console.settings.proof_seconds)):
        assert browser.get("/city/gates").text == "all gates", "reading goes on"
        asked = browser.get("/city/gates/key")
        assert asked.location == "/account/proof?next=/city/gates/key"
        refused = browser.post("/city/gates", on="/account")
        assert refused.location == "/account/proof?next=/account"
        assert "没有保存" in browser.get("/account/proof").text

        proved = browser.post(
            "/account/proof", on="/account/proof", password=PASSWORD, next="/city/gates/key"
        )

        assert proved.location == "/city/gates/key"
        assert browser.get("/city/gates/key").text == "the key"
        assert browser.post("/city/gates", on="/account").text == "opened"


def test_a_wrong_password_proves_nothing_and_is_told_in_the_trail(
    browser: Browser, open_console: Runtime, an: Account
) -> None:
    browser.sign_in("an")
    with time_machine.travel(now() + timedelta(seconds=1200)):
        wrong = browser.post("/account/proof", on="/account/proof", password="Wrong-pass-1")

        assert wrong.status_code == 422
        assert browser.get("/city/gates/key").status_code == 303
        tries = [
            browser.post("/account/proof", on="/account/proof", password="Wrong-pass-1").status_code
            for _ in range(5)
        ]
        assert tries[-1] == 429
    with open_console.platform_session(reason="test", reading=True) as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action == "identity_proved"))
        assert {(row.result, row.account_name) for row in rows} == {("wrong_password", "an同志")}


def test_whoever_has_an_app_proves_with_a_code_as_well(
    browser: Browser, browse: Browse, an: Account
) -> None:
    browser.sign_in("an")
    browser.post("/account/second-factor/begin", on="/account")
    page = browser.get("/account/second-factor").text
    secret = page.split('class="secret"><code>')[1].split("<")[0].replace(" ", "")
    browser.post("/account/second-factor", on="/account", code=pyotp.TOTP(secret).at(now()))

    with time_machine.travel(now() + timedelta(seconds=1200)):

        def prove(**fields: str) -> int:
            return browser.post(
                "/account/proof", on="/account/proof", password=PASSWORD, **fields
            ).status_code

        assert prove() == 422
        assert prove(code="000000") == 422
        assert browser.get("/city/gates/key").status_code == 303
        assert prove(code=pyotp.TOTP(secret).at(now())) == 303
        assert browser.get("/city/gates/key").status_code == 200


def test_a_copied_token_is_dead_soon_after_the_owner_has_proved(
    browser: Browser, browse: Browse, an: Account
) -> None:
    browser.sign_in("an")
    thief = browse()
    thief.take_over(browser.token)

    browser.post("/account/proof", on="/account/proof", password=PASSWORD)

    with time_machine.travel(now() + timedelta(seconds=31)):
        assert thief.get("/account").status_code == 303
        assert browser.get("/account").status_code == 200


def test_proving_never_leads_to_another_host(browser: Browser, an: Account) -> None:
    browser.sign_in("an")

    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        answer = browser.post(
            "/account/proof", on="/account/proof", password=PASSWORD, next=elsewhere
        )
        assert answer.location == "/"
