"""The signed manifest tells the digests of compressed copies; what it does not tell is unpacked."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from sqlalchemy import select

from hosting.publishing import copies
from hosting.publishing.blobs import digest_of, open_store
from hosting.publishing.manifest.asking import open_signer
from hosting.publishing.manifest.chain import Chain, read_chain
from hosting.publishing.models import ChangeSet
from hosting.publishing.verify import verify_site
from hosting.publishing.whole_site import rebuild_site
from parts.newsroom import GONE, Newsroom


def published(newsroom: Newsroom) -> Newsroom:
    newsroom.write(_1="通告", _2=GONE, layout="版式")
    newsroom.publish()
    return newsroom


def chain_of(newsroom: Newsroom) -> Chain:
    runtime, place = newsroom.runtime, newsroom.place
    with runtime.tenant_session(place.tenant_id, reading=True) as session:
        key = open_signer(runtime.settings).key()
        return read_chain(session, open_store(runtime.settings), place.site_id, key)


def told(newsroom: Newsroom) -> dict[str, dict[str, str]]:
    return {path: dict(here.copies) for path, here in chain_of(newsroom).standing.items()}


def lying(tree: Path) -> dict[str, dict[str, str]]:
    """What stands beside each page; nothing does beside a marker and what is too small."""
    copies = {
        f"/{path.relative_to(tree)}".removesuffix(".gz"): {".gz": digest_of(path.read_bytes())}
        for path in tree.rglob("*.gz")
    }
    return {"/art/2.html": {}, "/site.css": {}, **copies}


def found(newsroom: Newsroom) -> list[tuple[str, str]]:
    place = newsroom.place
    result = verify_site(newsroom.runtime, place.tenant_id, place.site_id)
    return [(each.problem, each.path) for each in result.findings]


def test_what_is_signed_tells_the_copies_of_each_page(newsroom: Newsroom) -> None:
    published(newsroom)

    assert told(newsroom) == lying(newsroom.tree)
    assert len(lying(newsroom.tree)) > 2


def test_a_whole_build_tells_them_too(newsroom: Newsroom) -> None:
    published(newsroom)

    rebuild_site(newsroom.runtime, newsroom.place.tenant_id, newsroom.place.site_id)

    assert told(newsroom) == lying(newsroom.tree)
    assert found(newsroom) == []


def test_links_from_before_that_are_verified_by_unpacking(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "digests_of", lambda _copy: {})
    published(newsroom)

    with newsroom.runtime.tenant_session(newsroom.place.tenant_id, reading=True) as session:
        entries = [e for c in session.scalars(select(ChangeSet)) for e in c.entries]
    assert entries
    assert not any("copies" in entry for entry in entries)
    assert found(newsroom) == []
    copy = newsroom.tree / "art/1.html.gz"
    copy.write_bytes((newsroom.tree / "index.html.gz").read_bytes())
    assert found(newsroom) == [("altered", "/art/1.html.gz")]


def test_a_copy_by_another_compressor_is_its_pages_copy(newsroom: Newsroom) -> None:
    published(newsroom)
    page = newsroom.tree / "art/1.html"

    (newsroom.tree / "art/1.html.gz").write_bytes(gzip.compress(page.read_bytes(), 1, mtime=7))

    assert found(newsroom) == []


@pytest.mark.parametrize("behind", [b"\0", gzip.compress("另一页".encode())])
def test_nothing_may_stand_behind_the_page_in_its_copy(newsroom: Newsroom, behind: bytes) -> None:
    published(newsroom)
    copy = newsroom.tree / "art/1.html.gz"

    copy.write_bytes(copy.read_bytes() + behind)

    assert found(newsroom) == [("altered", "/art/1.html.gz")]


def test_a_copy_that_is_cut_short_is_altered(newsroom: Newsroom) -> None:
    published(newsroom)
    copy = newsroom.tree / "art/1.html.gz"

    copy.write_bytes(copy.read_bytes()[:-4])

    assert found(newsroom) == [("altered", "/art/1.html.gz")]
