"""Which paths a tree can hold, and what a request's path means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hosting.publishing.paths import UnsafePath, checked_path, is_hidden, resolved_path
from hosting.publishing.rendering import Gone, Page


@pytest.mark.parametrize(
    "path",
    [
        "/index.html",
        "/zwgk/tzgg/index.html",
        "/art/2026/7k/0h2m4k7.html",
        "/m/0123456789abcdef/关于印发通知的公告（附件1）.pdf",
        "/.well-known/security.txt",
        "/m/0123456789abcdef/扫描件.PDF",
    ],
)
def test_pages_and_files_have_their_place(path: str) -> None:
    assert checked_path(path) == path


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("index.html", "slash"),
        ("", "slash"),
        ("/", "empty part"),
        ("/zwgk/", "empty part"),
        ("//evil/index.html", "empty part"),
        ("/../index.html", "dot"),
        ("/a/../../etc/passwd.html", "dot"),
        ("/.git/config.txt", "dot"),
        ("/a/.well-known/x.txt", "dot"),
        ("/.gone/a.html", "dot"),
        ("/-/search.html", "application"),
        ("/a\\b.html", "characters"),
        ("/a\x00b.html", "characters"),
        ("/a\nb.html", "characters"),
        ("/cafe\u0301.html", "characters"),
        ("/shell.php", "extension"),
        ("/show.asp", "extension"),
        ("/page.html.gz", "extension"),
        ("/noextension", "extension"),
        ("/a.html/b.html", "named like a file"),
        ("/" + "长" * 81 + ".html", "part"),
        ("/" + "a/" * 600 + "b.html", "longer"),
    ],
)
def test_other_paths_are_refused_with_the_reason(path: str, reason: str) -> None:
    with pytest.raises(UnsafePath, match=reason):
        checked_path(path)


def test_no_page_can_be_made_for_such_a_path() -> None:
    with pytest.raises(UnsafePath):
        Page("/../../etc/cron.d/x.txt", b"", "text/plain")
    with pytest.raises(UnsafePath):
        Gone("/.gone/../x.html")


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("/", "/"),
        ("/a", "/a"),
        ("/a/", "/a/"),
        ("//a///b/", "/a/b/"),
        ("/a/./b", "/a/b"),
        ("/a/../b.html", "/b.html"),
        ("/a/..", "/"),
        ("/a/b/..", "/a/"),
        ("/..", None),
        ("/a/../../etc/passwd", None),
        ("/a\x00b", None),
        ("a", None),
    ],
)
def test_dot_parts_are_resolved_as_the_gateway_does(asked: str, meant: str | None) -> None:
    assert resolved_path(asked) == meant


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        ("/.git/HEAD", True),
        ("/a/.env", True),
        ("/.well-known/security.txt", False),
        ("/.well-known/.x", True),
        ("/a/.well-known/x", True),
        ("/a.b/c", False),
    ],
)
def test_dot_parts_are_hidden_but_for_well_known(path: str, hidden: bool) -> None:
    assert is_hidden(path) is hidden


@given(st.text(alphabet=st.sampled_from("/.ab%\\")))
def test_a_resolved_path_never_climbs(path: str) -> None:
    meant = resolved_path("/" + path)

    assert meant is None or (meant.startswith("/") and "/../" not in meant + "/")
