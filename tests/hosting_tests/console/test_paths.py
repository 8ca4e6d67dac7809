"""One is only ever sent back to a page of the console."""

from __future__ import annotations

import pytest

from hosting.console.paths import came_from, own_path


@pytest.mark.parametrize("path", ["/", "/t/river/items?state=draft&page=2", "/t/river/#top"])
def test_a_path_of_ours_is_kept(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "/a\r\nSet-Cookie: x=1",
        "javascript:alert(1)",
        "evil.example",
        " //evil.example",
    ],
)
def test_a_way_to_another_host_leads_to_the_first_page(path: str) -> None:
    assert own_path(path) == "/"


def test_where_one_came_from_is_believed_of_our_own_pages_only() -> None:
    ours = "http://console.localhost:8000/"

    assert came_from(f"{ours}t/river/items?page=2", ours) == "/t/river/items?page=2"
    assert came_from(f"{ours}/evil.example/", ours) == "/"
    assert came_from("http://console.localhost.evil.example/x", ours) == "/"
    assert came_from(None, ours) == "/"
