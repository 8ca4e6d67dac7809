"""Every file that is not as it was published is found, and put right."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from hosting.publishing.files import Files
from hosting.publishing.models import PublicPage
from hosting.publishing.verify import Look, Verification, verify_site
from hosting.publishing.whole_site import rebuild_site
from parts.newsroom import GONE, Newsroom


@pytest.fixture
def standing(newsroom: Newsroom) -> Newsroom:
    """A site with pages and a gone marker."""
    newsroom.write(_1="通告", _2="公示", _3=GONE, layout="版式")
    newsroom.publish()
    return newsroom


def verify(newsroom: Newsroom, *, repair: bool = False) -> Verification:
    place = newsroom.place
    return verify_site(newsroom.runtime, place.tenant_id, place.site_id, repair=repair)


def content(newsroom: Newsroom) -> dict[str, bytes]:
    tree = newsroom.tree
    return {
        str(path.relative_to(tree)): path.read_bytes()
        for path in tree.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def found(result: Verification) -> set[tuple[str, str]]:
    return {(finding.problem, finding.path) for finding in result.findings}


def test_an_untouched_tree_is_found_in_order(standing: Newsroom) -> None:
    result = verify(standing, repair=True)

    assert result.findings == []
    assert result.checked == 8
    assert not (standing.runtime.settings.home / "quarantine").exists()


def flip_a_byte(tree: Path) -> None:
    page = tree / "art/1.html"
    data = bytearray(page.read_bytes())
    data[40] ^= 1
    page.write_bytes(data)


def swap_two_pages(tree: Path) -> None:
    first, second = tree / "art/1.html", tree / "art/2.html"
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)


def inject_into_the_copy(tree: Path) -> None:
    (tree / "art/1.html.gz").write_bytes((tree / "index.html.gz").read_bytes())


def break_the_copy(tree: Path) -> None:
    (tree / "art/1.html.gz").write_bytes(b"no gzip")


def remove_a_page(tree: Path) -> None:
    (tree / "art/1.html").unlink()


def remove_a_copy(tree: Path) -> None:
    (tree / "index.html.gz").unlink()


def remove_a_marker(tree: Path) -> None:
    (tree / ".gone/art/3.html").unlink()


def drop_a_script(tree: Path) -> None:
    (tree / "art/shell.php").write_text("<?php")


def drop_a_hidden_file(tree: Path) -> None:
    (tree / ".htaccess").write_text("deny from none")


def drop_a_page(tree: Path) -> None:
    (tree / "casino").mkdir()
    (tree / "casino/index.html").write_text("<a href=//evil>")


def mark_a_page_gone(tree: Path) -> None:
    (tree / ".gone/art/1.html").write_bytes(b"")


def link_a_page_elsewhere(tree: Path) -> None:
    (tree / "art/1.html").unlink()
    (tree / "art/1.html").symlink_to("/etc/passwd")


def link_a_folder(tree: Path) -> None:
    (tree / "etc").symlink_to("/etc")


def open_a_page_to_all(tree: Path) -> None:
    (tree / "art/1.html").chmod(0o666)


def bring_back_a_withdrawn_page(tree: Path) -> None:
    (tree / "art/3.html").write_bytes((tree / "art/1.html").read_bytes())


@pytest.mark.parametrize(
    ("attack", "expected"),
    [
        (flip_a_byte, {("altered", "/art/1.html")}),
        (swap_two_pages, {("altered", "/art/1.html"), ("altered", "/art/2.html")}),
        (inject_into_the_copy, {("altered", "/art/1.html.gz")}),
        (break_the_copy, {("altered", "/art/1.html.gz")}),
        (remove_a_page, {("missing", "/art/1.html")}),
        (remove_a_copy, {("missing", "/index.html.gz")}),
        (remove_a_marker, {("missing", "/.gone/art/3.html")}),
        (drop_a_script, {("foreign", "/art/shell.php")}),
        (drop_a_hidden_file, {("foreign", "/.htaccess")}),
        (drop_a_page, {("foreign", "/casino/index.html")}),
        (mark_a_page_gone, {("foreign", "/.gone/art/1.html")}),
        (link_a_page_elsewhere, {("altered", "/art/1.html")}),
        (link_a_folder, {("foreign", "/etc")}),
        (open_a_page_to_all, {("altered", "/art/1.html")}),
        (bring_back_a_withdrawn_page, {("foreign", "/art/3.html")}),
    ],
)
def test_an_attack_is_found_and_undone(
    standing: Newsroom, attack: Callable[[Path], None], expected: set[tuple[str, str]]
) -> None:
    before = content(standing)
    attack(standing.tree)

    assert found(verify(standing)) == expected, "looking alone finds it and changes nothing"
    result = verify(standing, repair=True)

    assert found(result) == expected
    assert content(standing) == before
    assert not any(path.is_symlink() for path in standing.tree.rglob("*"))
    assert verify(standing).findings == []


def test_a_switch_to_an_older_tree_is_found_and_undone(standing: Newsroom) -> None:
    place = standing.place
    rebuild_site(standing.runtime, place.tenant_id, place.site_id)
    standing.folder.switch(Files(), 1)

    result = verify(standing, repair=True)

    assert found(result) == {("altered", "/current")}
    assert standing.folder.current_number() == 2
    assert verify(standing).findings == []


def test_what_does_not_belong_is_kept_as_evidence(standing: Newsroom) -> None:
    drop_a_script(standing.tree)
    flip_a_byte(standing.tree)

    result = verify(standing, repair=True)

    quarantine = standing.runtime.settings.home / "quarantine" / str(standing.place.site_id)
    kept = {path.name for path in quarantine.rglob("*") if path.is_file()}
    assert kept == {"shell.php", "1.html"}
    assert result.quarantined == ["/art/shell.php"]
    assert result.restored == ["/art/1.html"]


def test_an_older_genuine_page_is_no_substitute(standing: Newsroom) -> None:
    older = (standing.tree / "art/1.html").read_bytes()
    standing.write(_1="更正后的通告")
    standing.publish()
    (standing.tree / "art/1.html").write_bytes(older)

    result = verify(standing, repair=True)

    assert ("altered", "/art/1.html") in found(result)
    assert "更正后" in standing.read("/art/1.html")


@pytest.mark.parametrize("damage", ["deleted", "altered"])
def test_a_page_whose_blob_is_lost_too_is_rendered_again(standing: Newsroom, damage: str) -> None:
    before = content(standing)
    with standing.runtime.tenant_session(standing.place.tenant_id, reading=True) as session:
        digest = session.scalars(select(PublicPage.digest).where(PublicPage.key == "item:1")).one()
    (blob,) = (standing.runtime.settings.home / "blobs").rglob(str(digest))
    if damage == "deleted":
        blob.unlink()
    else:
        blob.write_bytes(b"x" * blob.stat().st_size)
    flip_a_byte(standing.tree)

    result = verify(standing, repair=True)

    assert result.rendered_again == ["item:1"]
    assert content(standing) == before
    assert verify(standing).findings == []


def test_what_a_publish_changes_meanwhile_is_no_finding(
    standing: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspects = Look.suspects

    def publish_first(look: Look) -> set[str]:
        seen = suspects(look)
        standing.write(_1="期间改动", _2=GONE, _9="期间新增")
        standing.publish()
        return {*seen, "/art/1.html", "/art/2.html", "/art/9.html", "/index.html"}

    monkeypatch.setattr(Look, "suspects", publish_first)

    assert verify(standing).findings == []


def test_repairing_restores_the_time_stamp_that_readers_caches_know(standing: Newsroom) -> None:
    page = standing.tree / "art/1.html"
    before = int(page.stat().st_mtime)
    os.utime(page, (0, 0))
    flip_a_byte(standing.tree)

    verify(standing, repair=True)

    assert int((standing.tree / "art/1.html").stat().st_mtime) == before
