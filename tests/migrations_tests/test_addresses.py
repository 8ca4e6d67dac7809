"""Addresses of old sites: one spelling each, resolved as browsers do, read back from file names."""

from __future__ import annotations

import pytest

from migrations.legacy.sources.addresses import (
    ReferenceKind,
    address_of_file,
    host_in_name,
    normalise,
    resolve,
    same_site,
)


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("news/12.html", "/news/12.html"),
        ("show.asp?id=1", "/show.asp?id=1"),
        ("show.asp?id=1.html", "/show.asp?id=1"),
        ("show.asp@id=1&page=2.html", "/show.asp?id=1&page=2"),
        ("show.asp%3Fid=1", "/show.asp?id=1"),
        ("news.php.html", "/news.php"),
        ("index.php?m=list&cid=3", "/index.php?m=list&cid=3"),
        ("user@example.html", "/user@example.html"),
        ("附件/通知.doc", "/附件/通知.doc"),
    ],
)
def test_a_saved_file_gives_back_the_address_it_was_fetched_from(file: str, address: str) -> None:
    assert address_of_file(file)[0] == address


def test_an_index_file_is_also_its_folders_address() -> None:
    assert address_of_file("a/index.html") == ("/a/index.html", ("/a/",))
    assert address_of_file("default.asp") == ("/default.asp", ("/",))


def test_a_name_that_wget_altered_is_still_found_by_that_name() -> None:
    assert "/show.asp?id=1.html" in address_of_file("show.asp?id=1.html")[1]


def test_names_in_gbk_bytes_are_read() -> None:
    gbk_name = "通知.html".encode("gb18030").decode("utf-8", "surrogateescape")

    assert address_of_file(gbk_name)[0] == "/通知.html"


@pytest.mark.parametrize(
    ("written", "kind", "address"),
    [
        ("../b.html", ReferenceKind.OWN, "/b.html"),
        ("?id=2", ReferenceKind.OWN, "/a/show.asp?id=2"),
        (r"..\up\1.jpg", ReferenceKind.OWN, "/up/1.jpg"),
        ("http://qhz.gov.cn/x", ReferenceKind.OWN, "/x"),
        ("//WWW.QHZ.GOV.CN:80/x", ReferenceKind.OWN, "/x"),
        ("%CD%A8%D6%AA.html", ReferenceKind.OWN, "/a/通知.html"),
        ("https://other.cn/x", ReferenceKind.FOREIGN, "https://other.cn/x"),
        ("javascript:;", ReferenceKind.DEAD, "javascript:;"),
        ("", ReferenceKind.DEAD, ""),
        ("#", ReferenceKind.DEAD, "#"),
        ("#top", ReferenceKind.ANCHOR, "#top"),
        ("mailto:a@b.cn", ReferenceKind.MAIL, "mailto:a@b.cn"),
        ("file:///C:/x.png", ReferenceKind.LOCAL, "file:///C:/x.png"),
        (r"D:\x.doc", ReferenceKind.LOCAL, r"D:\x.doc"),
        ("http://[bad", ReferenceKind.DEAD, "http://[bad"),
    ],
)
def test_a_reference_means_what_a_browser_takes_it_for(
    written: str, kind: ReferenceKind, address: str
) -> None:
    found = resolve("/a/show.asp?id=1", written, "www.qhz.gov.cn")

    assert (found.kind, found.address) == (kind, address)


def test_an_address_has_one_spelling() -> None:
    assert normalise("/a/./b/../c//d%20e") == "/a/c/d e"
    assert normalise("../../etc/passwd") == "/etc/passwd"


def test_a_host_is_known_with_and_without_www() -> None:
    assert same_site("WWW.a.gov.cn:8080", "a.gov.cn.")
    assert not same_site("a.gov.cn", "b.a.gov.cn")


@pytest.mark.parametrize(
    ("folder", "host"),
    [
        ("www.qhz.gov.cn", "www.qhz.gov.cn"),
        ("qhz_gov_cn", "qhz.gov.cn"),
        ("www.a.cn+8080", "www.a.cn"),
        ("mirror", None),
        ("2019_backup", None),
    ],
)
def test_a_folder_may_be_named_after_the_host(folder: str, host: str | None) -> None:
    assert host_in_name(folder) == host
