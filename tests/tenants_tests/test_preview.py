"""Who has a preview's token sees one site as it would be, until it runs out, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from werkzeug.test import Client, TestResponse

from hosting.directory.application import create_application
from hosting.publishing.headers import PAGE_POLICY
from hosting.runtime.clock import now
from hosting.runtime.runtime import Runtime
from parts.office import office
from parts.platform import Place
from tenants.content.queries import item
from tenants.pages.preview import preview_token


def answer(runtime: Runtime, token: str, path: str) -> TestResponse:
    """What stands under a token's host."""
    host = f"{token}.{runtime.settings.preview_host}"
    return Client(create_application(runtime)).get(path, base_url=f"http://{host}")


def ask(runtime: Runtime, token: str, path: str = "/tzgg/") -> int:
    """The status under a token's host."""
    return answer(runtime, token, path).status_code


@pytest.fixture
def token(runtime: Runtime, river: Place) -> str:
    with office(runtime, river):
        return preview_token(runtime, river.tenant_id, river.site_id, until=now() + timedelta(1))


def test_a_token_opens_the_preview_of_its_site(runtime: Runtime, token: str) -> None:
    assert ask(runtime, token) == 200


@pytest.mark.parametrize(
    "path", ["/feeds/site.rss", "/feeds/site.atom", "/feeds/site.jsonfeed", "/sitemap.xml"]
)
def test_a_token_shows_feeds_and_sitemaps_too(runtime: Runtime, token: str, path: str) -> None:
    assert ask(runtime, token, path) == 200
    assert ask(runtime, token, path.replace("s", "x", 1)) == 404


def test_a_token_that_was_made_up_or_altered_opens_nothing(
    runtime: Runtime, token: str, river: Place, hill: Place
) -> None:
    altered = token[:-1] + ("a" if token[-1] != "a" else "b")
    early = ("a" if token[0] != "a" else "b") + token[1:]

    for wrong in (altered, early, "a" * len(token), token[:-8], "www"):
        assert ask(runtime, wrong) == 404, wrong


def test_the_seal_of_one_site_does_not_open_another(
    runtime: Runtime, token: str, river: Place, hill: Place
) -> None:
    other = preview_token(runtime, hill.tenant_id, hill.site_id, until=now() + timedelta(1))

    assert ask(runtime, other[:16] + token[16:]) == 404


def test_a_token_runs_out(runtime: Runtime, token: str, river: Place) -> None:
    old = preview_token(runtime, river.tenant_id, river.site_id, until=now() - timedelta(seconds=1))

    assert ask(runtime, token) == 200
    assert ask(runtime, old) == 404


def test_a_preview_may_do_what_the_page_may_but_in_no_frame(runtime: Runtime, token: str) -> None:
    policy = answer(runtime, token, "/tzgg/").headers["Content-Security-Policy"]

    told, framed = policy.rsplit("; ", 1)
    assert told == PAGE_POLICY.rsplit("; ", 1)[0]
    assert framed == "frame-ancestors 'none'"


def test_what_is_stored_is_cleaned_again_when_it_is_rendered(
    runtime: Runtime, token: str, river: Place
) -> None:
    with office(runtime, river) as desk:
        written = desk.write("通知")
        written.body_html = '<p onclick="act()">正文</p><script>act()</script>'
        path = item(desk.session, written.item_id).path

    shown = answer(runtime, token, path).text

    assert "<p>正文</p>" in shown
    assert "act()" not in shown
