"""A saved mirror is read, and nothing outside it."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hosting.runtime.errors import Refusal
from migrations.legacy.reading.reader import read_site
from migrations.legacy.sources import mirror
from migrations.legacy.sources.mirror import Mirror
from migrations.legacy.sources.opening import open_source
from parts.old_site import HOST
from parts.refusals import refused


def test_every_file_has_an_address_and_the_host_is_found(old_folder: Path) -> None:
    source = Mirror(old_folder.parent)

    addresses = [found.address for found in source.addresses()]

    assert source.host == HOST
    assert "/show.asp?id=1" in addresses
    assert len(addresses) == sum(1 for path in old_folder.rglob("*") if path.is_file())


def test_reading_twice_gives_the_same(old_folder: Path) -> None:
    source = Mirror(old_folder)

    assert list(source.addresses()) == list(Mirror(old_folder).addresses())
    assert source.read("/index.asp") == source.read("/index.asp")


def test_a_link_out_of_the_folder_is_named_and_not_followed(old_folder: Path) -> None:
    secret = old_folder.parent / "secret.html"
    secret.write_text("<html>secret</html>")
    (old_folder / "out.html").symlink_to(secret)
    (old_folder / "etc").symlink_to("/etc")

    source = Mirror(old_folder)
    found = {one.address: one for one in source.addresses()}

    assert found["/out.html"].trouble == "outside"
    assert not any(address.startswith("/etc/") for address in found)
    with refused("address_unreadable"):
        source.read("/out.html")


def test_a_file_swapped_for_a_link_after_listing_is_not_read(old_folder: Path) -> None:
    source = Mirror(old_folder)
    source.addresses()
    (old_folder / "index.asp").unlink()
    (old_folder / "index.asp").symlink_to("/etc/passwd")

    with pytest.raises(Refusal):
        source.read("/index.asp")


def test_what_is_no_file_is_not_opened(old_folder: Path) -> None:
    os.mkfifo(old_folder / "pipe.html")

    found = {one.address: one for one in Mirror(old_folder).addresses()}

    assert found["/pipe.html"].trouble == "special"


def test_a_file_beyond_the_limit_is_counted_and_not_read(
    old_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "FILE_LIMIT_BYTES", 100)

    found = {one.address: one for one in Mirror(old_folder).addresses()}

    assert found["/index.asp"].trouble == "too_large"


def test_two_files_of_one_address_are_both_kept(old_folder: Path) -> None:
    (old_folder / "show.asp@id=1.html").write_text("<html>again</html>")

    found = [one for one in Mirror(old_folder).addresses() if one.trouble == "same_address"]

    assert [one.location for one in found] == ["show.asp@id=1.html"] or [
        one.location for one in found
    ] == ["show.asp?id=1"]


def test_a_source_that_nothing_can_read_is_refused_with_what_can_be() -> None:
    with refused("source_unknown"):
        open_source("https://www.qhz.gov.cn/")


def test_a_tree_made_to_harm_is_named_and_not_read(old_folder: Path) -> None:
    (old_folder / "deep.html").write_text("<html><body>" + "<div>" * 50_000 + "x")
    (old_folder / "wide.html").write_text("<html><body>" + "<b>x</b>" * 150_000)

    pages = read_site(Mirror(old_folder), ZoneInfo("Asia/Shanghai")).pages

    assert pages["/deep.html"].trouble == "too_complex"
    assert pages["/wide.html"].trouble == "too_complex"
    assert pages["/show.asp?id=1"].title == "关于做好2009年防汛工作的通知"
