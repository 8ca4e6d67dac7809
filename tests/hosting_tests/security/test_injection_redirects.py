"""One is only ever sent on to a page of ours, whatever the address, a form or a header asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from hosting.console.paths import came_from, own_path
from hosting.runtime.runtime import Runtime
from hosting.security.models import Account
from parts.house import sources
from parts.people import HOST, PASSWORD, Browser
from parts.ways_out import OWN, WAYS_OUT, E, lands_on

if TYPE_CHECKING:
    from parts.browser import OpenPage

Browse = Callable[..., Browser]


def inner(location: str) -> str:
    """Where the page that one is sent to would send on to."""
    return parse_qs(urlsplit(location).query).get("next", [""])[0]


def assert_ours(answer: TestResponse) -> None:
    """Not sent elsewhere, now or at the next step, and no header more than there should be."""
    for name in ("Location", "HX-Redirect", "Refresh", "Content-Location", "Link"):
        for value in answer.headers.getlist(name):
            assert lands_on(value) == "", value
            assert lands_on(inner(value)) == "", value
    assert len(answer.headers.getlist("Location")) <= 1
    assert not [value for _, value in answer.headers if re.search(r"[\r\n\0]", value)]
    assert not answer.headers.getlist("X-Injected")
    for target in re.findall(r'(?:href|action|src|value)="([^"]*)"', answer.text):
        if E in target and lands_on(target):
            # What was asked for may stand in no link; a field holds it only as a path of ours.
            raise AssertionError(target)


@pytest.mark.parametrize("way", WAYS_OUT)
def test_a_way_out_leads_to_the_first_page(way: str) -> None:
    assert own_path(way) == "/"


@pytest.mark.parametrize("path", OWN)
def test_a_path_of_ours_is_kept_however_it_looks(path: str) -> None:
    assert own_path(path) == path
    assert lands_on(path) == ""


@pytest.mark.browser
def test_a_browser_reads_all_that_is_kept_as_our_own_host(open_page: OpenPage) -> None:
    """Every pair of characters behind the slash, as the browser itself understands them."""
    odd = [*map(chr, range(256)), *"\u2028\u2029\u202e\u3000\ufeff\uff0f\u2044\u2215\uff3c。．"]
    written = [
        *WAYS_OUT,
        *OWN,
        *(f"/{one}{two}{E}" for one in odd for two in ("", "/", "\\", "\t")),
    ]
    kept = sorted({own_path(each) for each in written})
    page = open_page()

    hosts = page.evaluate(
        "([kept, base]) => kept.map((each) => new URL(each, base).host)", [kept, HOST]
    )

    assert len(kept) > 350
    assert set(hosts) == {"console.localhost:8000"}


Tried = Callable[[str, object], None]
SENT = [way.encode("utf-8", "replace").decode() for way in WAYS_OUT]


def test_signing_in_leads_to_pages_of_ours(
    browse: Browse, li: Account, record_property: Tried
) -> None:
    for way in SENT:
        browser = browse()
        form = browser.get("/sign-in", query_string={"next": way})
        entered = browser.sign_in("li", next=way)
        again = browser.get("/sign-in", query_string={"next": way})

        assert (entered.status_code, again.status_code) == (303, 303)
        for answer in (form, entered, again):
            assert_ours(answer)
    record_property("tried", 3 * len(SENT))


STEPS = ("/sign-in/code", "/sign-in/set-up", "/sign-in/new-password")


def test_no_step_of_a_sign_in_hands_a_way_out_on(browser: Browser, record_property: Tried) -> None:
    token = browser.form_token("/sign-in")
    for asked in ({"next": way} for way in SENT):
        for path in (*STEPS, "/sign-in/openid", "/sign-in/openid/back"):
            assert_ours(browser.get(path, query_string=asked))
        for step in (*STEPS, "/sign-in/set-up/begin"):
            answer = browser.client.post(
                step,
                query_string=asked,
                data={"csrf_token": token, **asked},
                base_url=browser.host,
                environ_base=browser.environ,
            )
            assert_ours(answer)
    record_property("tried", 9 * len(SENT))


def test_proof_and_language_lead_to_pages_of_ours(
    browser: Browser, li: Account, record_property: Tried
) -> None:
    browser.sign_in("li")
    for way in SENT:
        shown = browser.get("/account/proof", query_string={"next": way})
        proof = {"password": PASSWORD, "next": way}
        proved = browser.post("/account/proof", on="/account/proof", **proof)
        by_provider = browser.post("/account/proof/openid", on="/account/proof", next=way)
        chosen = browser.post("/language", on="/account", locale="en", back=way)

        assert proved.status_code == chosen.status_code == 303
        for answer in (shown, proved, by_provider, chosen):
            assert_ours(answer)
    record_property("tried", 4 * len(SENT))


def test_a_referrer_is_a_way_back_only_when_it_is_ours(
    browser: Browser, record_property: Tried
) -> None:
    token = browser.form_token("/sign-in")
    for way in SENT:
        line = re.sub(r"[\r\n]", "", way).encode().decode("latin-1")
        for referrer in (line, f"{HOST}{line}", f"{HOST}/{line}", f"{HOST}@{E}/{line}"):
            answer = browser.client.post(
                "/t/river/gates/31/paint",
                data={"csrf_token": token},
                base_url=browser.host,
                headers={"Referer": referrer},
            )
            assert answer.status_code == 303
            assert_ours(answer)
            assert lands_on(came_from(referrer, f"{HOST}/")) == ""
    record_property("tried", 4 * len(SENT))


def test_an_address_that_needs_a_sign_in_leads_back_to_itself_alone(
    browser: Browser, record_property: Tried
) -> None:
    for way in SENT:
        plain = re.sub(r"[\r\n\t\0 ]", "", way).encode().decode("latin-1")
        for path in ("/t/river/gates", "/"):
            for headers in ({}, {"HX-Request": "true"}):
                answer = browser.client.get(
                    path, query_string=plain, base_url=browser.host, headers=headers
                )
                assert answer.status_code in (303, 401)
                assert_ours(answer)
    record_property("tried", 4 * len(SENT))


# Where an address is taken from what a reader sends, and the test above that tries it. A new place
# is tried in the same way before it is named here.
TAKEN = {
    "hosting.console.views": "test_proof_and_language_lead_to_pages_of_ours",
    "hosting.console.errors": "test_a_referrer_is_a_way_back_only_when_it_is_ours",
    "hosting.security.guards": "test_a_referrer_is_a_way_back_only_when_it_is_ours",
    "hosting.security.views.openid": "test_no_step_of_a_sign_in_hands_a_way_out_on",
    "hosting.security.views.second_factor": "test_proof_and_language_lead_to_pages_of_ours",
    "hosting.security.views.signing_in": "test_signing_in_leads_to_pages_of_ours",
}
# There "next" is the name of a button, compared with one word.
BUTTONS = {
    "provisioning.city.views.notices",
    "tenants.workspace.overhead",
    "tenants.workspace.views.columns",
    "tenants.workspace.views.drafts",
}
ASKED = re.compile(
    r"""(?:args|form|values)(?:\.get\(|\[)\s*["'](?:next|back|to|url|return|redirect|goto)"""
    r"""|form\.(?:next|back)\.data|request\.referrer|request\.full_path"""
)


def test_every_place_that_takes_an_address_is_tried() -> None:
    found = {each.module for each in sources() if ASKED.search(each.text)}

    assert found == set(TAKEN) | BUTTONS
    assert set(TAKEN.values()) <= set(globals())
    assert all(
        "own_path" in each.text or "came_from" in each.text
        for each in sources()
        if each.module in TAKEN
    )


# --- hosts ----------------------------------------------------------------------------------------

LIES = [
    {"X-Forwarded-Host": E},
    {"X-Forwarded-Server": E},
    {"X-Host": E},
    {"X-Original-Host": E},
    {"X-Forwarded-Proto": "javascript"},
    {"X-Forwarded-Scheme": "https"},
    {"X-Forwarded-Port": "1@evil.example"},
    {"X-Forwarded-Prefix": f"//{E}"},
    {"X-Script-Name": f"//{E}"},
    {"X-Original-URL": f"//{E}/"},
    {"X-Rewrite-URL": f"//{E}/"},
    {"Forwarded": f'for=1.2.3.4;host="{E}";proto=https'},
    {"X-HTTP-Method-Override": "DELETE", "Origin": f"https://{E}"},
]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: next(iter(lie)))
def test_no_header_names_the_host_of_a_link(
    browser: Browser, open_console: Runtime, li: Account, lie: dict[str, str]
) -> None:
    stranger = browser.get("/t/river/gates", headers=lie)
    form = browser.get("/sign-in", headers=lie)
    browser.sign_in("li")
    pages = [
        browser.get(path, headers=lie) for path in ("/", "/account", "/nothing", "/city/gates")
    ]

    for answer in (stranger, form, *pages):
        assert_ours(answer)
        assert E not in answer.text
        assert not [value for _, value in answer.headers if E in value]
