"""Old addresses and where they lead."""

from __future__ import annotations

import pytest

from hosting.publishing.redirects import add_redirects, find_redirect, normalised
from hosting.runtime.errors import Invalid
from hosting.runtime.runtime import Runtime
from parts.platform import Place


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("/show.asp?id=1", "/show.asp?id=1"),
        ("/show.asp?b=2&a=1", "/show.asp?a=1&b=2"),
        ("/show.asp?", "/show.asp"),
        ("/show.asp?id=1#top", "/show.asp?id=1"),
        ("/%E9%80%9A%E7%9F%A5/1.htm", "/通知/1.htm"),
        ("/通知/1.htm", "/通知/1.htm"),
        ("/list.asp?name=%b9%ab%b8%e6", "/list.asp?name=%B9%AB%B8%E6"),
        ("/a/../b.htm", "/b.htm"),
        ("?p=12", "/?p=12"),
    ],
)
def test_an_address_has_one_form(written: str, kept: str) -> None:
    assert normalised(written) == kept
    assert normalised(kept) == kept


def test_an_old_address_leads_to_the_new_one(each_runtime: Runtime, river: Place) -> None:
    with each_runtime.tenant_session(river.tenant_id) as session:
        added = add_redirects(
            session,
            river.site_id,
            [("/show.asp?id=1", "/art/2020/ab/x.html", 301), ("/old.htm", "", 410)],
        )
    assert added == 2
    with each_runtime.tenant_session(river.tenant_id, reading=True) as session:
        assert find_redirect(session, river.site_id, "/show.asp?id=1") == (
            301,
            "/art/2020/ab/x.html",
        )
        assert find_redirect(session, river.site_id, "/old.htm") == (410, "")
        assert find_redirect(session, river.site_id, "/show.asp?id=2") is None


def test_addresses_of_windows_servers_are_found_in_any_case(runtime: Runtime, river: Place) -> None:
    with runtime.tenant_session(river.tenant_id) as session:
        add_redirects(session, river.site_id, [("/show.asp?id=1", "/a.html", 301)])

        assert find_redirect(session, river.site_id, "/Show.ASP?ID=1") == (301, "/a.html")


def test_a_later_target_replaces_the_earlier(runtime: Runtime, river: Place) -> None:
    with runtime.tenant_session(river.tenant_id) as session:
        add_redirects(session, river.site_id, [("/a.htm", "/old.html", 301)])
        add_redirects(session, river.site_id, [("/a.htm", "/new.html", 302)])

        assert find_redirect(session, river.site_id, "/a.htm") == (302, "/new.html")


def test_another_site_knows_nothing_of_it(runtime: Runtime, river: Place, hill: Place) -> None:
    with runtime.tenant_session(river.tenant_id) as session:
        add_redirects(session, river.site_id, [("/a.htm", "/b.html", 301)])

    with runtime.tenant_session(hill.tenant_id, reading=True) as session:
        assert find_redirect(session, hill.site_id, "/a.htm") is None
        assert find_redirect(session, river.site_id, "/a.htm") is None


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("https://evil.example/", 301),
        ("//evil.example/", 301),
        ("/\\evil.example", 301),
        ("javascript:alert(1)", 301),
        ("relative.html", 301),
        ("/a\r\nSet-Cookie: x", 301),
        ("", 301),
        ("/a.html", 410),
        ("/a.html", 200),
    ],
)
def test_only_addresses_of_the_same_site_can_be_targets(
    runtime: Runtime, river: Place, target: str, status: int
) -> None:
    with (
        pytest.raises(Invalid) as refused,
        runtime.tenant_session(river.tenant_id) as session,
    ):
        add_redirects(
            session, river.site_id, [("/good.htm", "/good.html", 301), ("/a", target, status)]
        )

    assert [problem.field for problem in refused.value.problems] == ["/a"]
    with runtime.tenant_session(river.tenant_id, reading=True) as session:
        assert find_redirect(session, river.site_id, "/good.htm") is None, "nothing half done"
