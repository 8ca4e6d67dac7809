"""What the console lets a browser do with its pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hosting.console.application import create_console
from hosting.console.cookies import cookie_name, is_local
from hosting.runtime.settings import Settings
from parts.console_guide import guide_runtime


def policy(client: FlaskClient, address: str) -> dict[str, str]:
    """The policy of a page by directive."""
    written = client.get(address).headers["Content-Security-Policy"]
    return dict(part.partition(" ")[::2] for part in written.split("; "))


@pytest.mark.parametrize(
    "address", ["/t/river/guide", "/t/plain", "/t/river/refused/403", "/t/river/refused/503"]
)
def test_every_page_is_fenced(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Cookie" in headers["Vary"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert len(headers.getlist("X-Content-Type-Options")) == 1


def test_only_scripts_with_this_pages_nonce_run(client: FlaskClient) -> None:
    answer = client.get("/t/river/guide")

    nonces = set(re.findall(r"nonce-([\w-]+)", answer.headers["Content-Security-Policy"]))
    assert len(nonces) == 1
    assert set(re.findall(r'<script nonce="([\w-]+)"', answer.text)) == nonces
    assert answer.text.count("<script") == answer.text.count("<script nonce=")
    assert not re.search(r"\son\w+=|style=", answer.text)


def test_a_nonce_is_used_once(client: FlaskClient) -> None:
    first, second = (policy(client, "/t/river/guide")["script-src"] for _ in range(2))

    assert first != second


def test_style_attributes_are_allowed_on_pages_with_rich_text_alone(client: FlaskClient) -> None:
    assert policy(client, "/t/river/list")["style-src-attr"] == "'none'"
    assert policy(client, "/t/river/form")["style-src-attr"] == "'unsafe-inline'"
    assert policy(client, "/t/river/form")["style-src"] == "'self'"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_write_that_another_hosts_page_asks_for_is_refused(
    client: FlaskClient, site: str
) -> None:
    answer = client.post("/language", data={"locale": "en"}, headers={"Sec-Fetch-Site": site})

    assert answer.status_code == 403


def test_a_write_without_a_token_is_refused_and_says_that_nothing_is_lost(
    client: FlaskClient,
) -> None:
    answer = client.post("/t/river/form", data={"title": "通知"})

    assert answer.status_code == 422
    assert "页面已过期" in answer.text


def test_strict_transport_is_asked_for_where_there_is_https(home: Path) -> None:
    settings = Settings(home=home, console_host="console.yunxi.gov.cn", public_scheme="https")
    runtime = guide_runtime(settings)

    answer = create_console(runtime).test_client().get("/t/plain", base_url="https://x/")

    assert "max-age" in answer.headers["Strict-Transport-Security"]
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-jiyue-form=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    runtime.close()


def test_a_plain_cookie_name_is_for_this_machine_alone() -> None:
    away = Settings(console_host="console.yunxi.gov.cn", public_scheme="http")

    assert cookie_name(Settings(), "jiyue") == "jiyue"
    assert not is_local(away)
    assert cookie_name(away, "jiyue") == "__Host-jiyue"
    assert cookie_name(Settings(public_scheme="https"), "jiyue") == "__Host-jiyue"
