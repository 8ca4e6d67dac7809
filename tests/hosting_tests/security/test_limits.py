"""Whoever tries too often has to wait, is told how long, and keeps nobody else waiting."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from hosting.console.application import create_console
from hosting.directory.application import HostSwitch
from hosting.runtime.cache import Cache, MemoryCache, RedisCache
from hosting.runtime.errors import LimitReached
from hosting.runtime.runtime import Runtime
from hosting.security.audit import AuditEntry
from hosting.security.limits import Limit, count_each, subscriber
from hosting.security.models import Account
from parts.people import PASSWORD, Browser
from parts.redis_server import RedisSwitch

Browse = Callable[..., Browser]
WRONG = "Wrong-pass-1"


@pytest.fixture(params=["memory", "redis"])
def cache(request: pytest.FixtureRequest) -> Cache:
    """Either form."""
    if request.param == "memory":
        return MemoryCache()
    return RedisCache(request.getfixturevalue("redis_url"))


def tries(limit: Limit, cache: Cache, *subject: str, times: int) -> list[bool]:
    """Which of so many tries were let through."""
    let_through = []
    for _ in range(times):
        try:
            limit.count(cache, *subject)
        except LimitReached:
            let_through.append(False)
        else:
            let_through.append(True)
    return let_through


def test_one_subject_too_many_leaves_the_others_alone(cache: Cache) -> None:
    limit = Limit("tests", 3, 60)

    assert tries(limit, cache, "a", times=5) == [True] * 3 + [False] * 2
    assert tries(limit, cache, "b", times=3) == [True] * 3
    assert tries(Limit("others", 3, 60), cache, "a", times=3) == [True] * 3


def test_a_refusal_says_when_it_is_over(cache: Cache) -> None:
    limit = Limit("tests", 1, 150)
    limit.count(cache, "a")

    with pytest.raises(LimitReached) as reached:
        limit.count(cache, "a")

    assert reached.value.code == "limit_reached"
    assert reached.value.retry_after_seconds in (149, 150)
    assert str(reached.value) == "尝试次数过多，请 3 分钟后再试"


def test_what_comes_at_once_passes_where_nothing_came_before(cache: Cache) -> None:
    limit = Limit("tests", 10, 60)

    limit.count(cache, "a", times=25)
    with pytest.raises(LimitReached):
        limit.count(cache, "a")


def test_what_an_address_is_refused_does_not_use_up_the_tenants_share(cache: Cache) -> None:
    here, of_tenant = Limit("here", 2, 60), Limit("of_tenant", 4, 60)
    for _ in range(50):
        try:
            count_each(cache, ((here, "a"), (of_tenant, "river")))
        except LimitReached:
            continue

    count_each(cache, ((here, "b"), (of_tenant, "river")), times=2)


def test_a_limit_is_never_open_while_redis_comes_and_goes(redis_switch: RedisSwitch) -> None:
    cache, limit = RedisCache(redis_switch.url), Limit("tests", 3, 600)
    assert tries(limit, cache, "a", times=4) == [True] * 3 + [False]

    redis_switch.stop()

    assert tries(limit, cache, "a", times=3) == [False] * 3, "what was reached stays reached"
    assert tries(limit, cache, "b", times=5) == [True] * 3 + [False] * 2


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("nonsense", "nonsense"),
    ],
)
def test_of_ipv6_the_network_counts_that_one_connection_is_given(
    address: str, counts_as: str
) -> None:
    assert subscriber(address) == counts_as


def test_an_ipv6_subscriber_gets_no_more_tries_by_changing_the_address(browse: Browse) -> None:
    answers = [
        browse(environ={"REMOTE_ADDR": f"2001:db8::{number:x}"}).sign_in("nobody", WRONG)
        for number in range(1, 8)
    ]

    assert [each.status_code for each in answers] == [422] * 5 + [429] * 2


def test_who_signs_in_too_often_is_told_when_to_try_again_in_their_language(
    browser: Browser,
) -> None:
    for _ in range(5):
        browser.sign_in("nobody", WRONG)

    chinese = browser.sign_in("nobody", WRONG)
    browser.post("/language", locale="en", back="/sign-in")
    english = browser.sign_in("nobody", WRONG)

    assert chinese.status_code == english.status_code == 429
    assert "尝试次数过多，请 10 分钟后再试" in chinese.text
    assert "Too many attempts. Try again in 10 min" in english.text
    assert 590 <= int(chinese.headers["Retry-After"]) <= 600


def limited(runtime: Runtime) -> list[AuditEntry]:
    """The trail's rows of limits that were reached."""
    with runtime.platform_session(reason="test", reading=True) as session:
        return list(
            session.scalars(select(AuditEntry).where(AuditEntry.action == "sign_in_limited"))
        )


def test_a_limit_that_is_reached_leaves_one_row_and_one_line_however_often_one_goes_on(
    browser: Browser, open_console: Runtime, li: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    for _ in range(25):
        browser.sign_in("li", WRONG)

    (row,) = limited(open_console)
    assert (row.object_id, row.result, row.address) == (str(li.id), "limited", "203.0.113.7")
    assert (row.facts["login"], row.facts["limit"]) == ("li", "sign_ins")
    assert caplog.text.count("the limit sign_ins was reached from 203.0.113.7") == 1


def test_an_address_that_goes_through_many_names_leaves_one_row(
    browser: Browser, open_console: Runtime
) -> None:
    for number in range(130):
        browser.sign_in(f"somebody-{number}", WRONG)

    assert [row.facts["limit"] for row in limited(open_console)] == ["sign_ins_here"]


def test_a_password_typed_as_a_name_is_not_in_the_row(
    browser: Browser, open_console: Runtime
) -> None:
    for _ in range(6):
        browser.sign_in("My Secret-Pass 1!", WRONG)

    (row,) = limited(open_console)
    assert row.facts["login"] == ""
    assert "secret" not in str(row.facts).lower()


def test_the_next_window_leaves_a_row_of_its_own(open_console: Runtime, li: Account) -> None:
    at = [1_000.0]
    runtime = replace(open_console, cache=MemoryCache(clock=lambda: at[0]))
    browser = Browser(create_console(runtime).test_client())
    for _ in range(2):
        for _ in range(8):
            browser.sign_in("li", WRONG)
        at[0] += open_console.settings.sign_in_window_seconds

    assert len(limited(open_console)) == 2
    assert browser.sign_in("li").status_code == 303


def test_a_name_tried_from_everywhere_is_shut_to_strangers_and_open_where_its_owner_was_before(
    browse: Browse, open_console: Runtime, li: Account
) -> None:
    office = browse()
    assert office.sign_in("li").status_code == 303
    for number in range(20):
        stranger = browse(environ={"REMOTE_ADDR": f"198.51.100.{number}"})
        for _ in range(5):
            assert stranger.sign_in("li", WRONG).status_code == 422

    fresh = browse(environ={"REMOTE_ADDR": "192.0.2.1"})

    assert fresh.sign_in("li", PASSWORD).status_code == 429
    assert fresh.sign_in("wang", WRONG).status_code == 422, "others are not"
    assert browse().sign_in("li").status_code == 303
    assert [row.facts["limit"] for row in limited(open_console)] == ["sign_ins_elsewhere"]


def test_proofs_of_identity_are_limited_and_noted_like_sign_ins(
    browser: Browser, open_console: Runtime, li: Account
) -> None:
    browser.sign_in("li")

    answers = [
        browser.post("/account/proof", on="/account/proof", password=WRONG) for _ in range(8)
    ]

    assert [each.status_code for each in answers] == [422] * 5 + [429] * 3
    assert "Retry-After" in answers[-1].headers
    (row,) = limited(open_console)
    assert row.account_name == "li同志"


def through_the_switch(runtime: Runtime, trusted: str = "") -> Browser:
    """A browser in front of everything that stands before the console."""
    settings = replace(runtime.settings, trusted_proxies=trusted)
    app = create_console(runtime)
    app.wsgi_app = HostSwitch(  # type: ignore[method-assign]  # as Flask documents
        replace(runtime, settings=settings),
        {"console": _Inner(app.wsgi_app)},  # type: ignore[dict-item]  # has what is called
    )
    return Browser(app.test_client())


class _Inner:
    def __init__(self, wsgi_app: object) -> None:
        self.wsgi_app = wsgi_app


@pytest.mark.parametrize(
    "name",
    ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP", "Via"],
)
def test_no_header_of_the_readers_own_gets_them_more_tries(
    open_console: Runtime, name: str
) -> None:
    browser = through_the_switch(open_console)
    answers = []
    for number in range(7):
        value = f"198.51.100.{number}"
        browser.environ[f"HTTP_{name.upper().replace('-', '_')}"] = (
            f"for={value}" if name == "Forwarded" else value
        )
        answers.append(browser.sign_in("nobody", WRONG).status_code)

    assert answers == [422] * 5 + [429] * 2
    assert {row.address for row in limited(open_console)} == {"203.0.113.7"}


def test_behind_a_trusted_gateway_the_last_hop_counts_and_not_what_the_reader_wrote_before_it(
    open_console: Runtime,
) -> None:
    browser = through_the_switch(open_console, trusted="203.0.113.7")
    answers = []
    for number in range(7):
        browser.environ["HTTP_X_FORWARDED_FOR"] = f"198.51.100.{number}, 192.0.2.9"
        answers.append(browser.sign_in("nobody", WRONG).status_code)
    browser.environ["HTTP_X_FORWARDED_FOR"] = "192.0.2.10"

    assert answers == [422] * 5 + [429] * 2
    assert browser.sign_in("nobody", WRONG).status_code == 422
    assert {row.address for row in limited(open_console)} == {"192.0.2.9"}
