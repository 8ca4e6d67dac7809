"""What was published is signed: whoever changes tree, rows or record is found, and it is undone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from hosting.publishing.blobs import digest_of, open_store
from hosting.publishing.changesets import OPEN
from hosting.publishing.manifest.asking import open_signer
from hosting.publishing.manifest.chain import Chain, read_chain, signed_of
from hosting.publishing.manifest.signer import KeyHolder, is_signed, make_signer
from hosting.publishing.manifest.statement import NOTHING_BEFORE
from hosting.publishing.models import ChangeSet, PublicPage
from hosting.publishing.tree import TreeWriter
from hosting.publishing.verify import Verification, verify_site
from hosting.publishing.whole_site import rebuild_site
from parts.newsroom import BROKEN, GONE, Newsroom, newsroom_runtime
from parts.refusals import refused


@pytest.fixture
def standing(each_newsroom: Newsroom) -> Newsroom:
    """A site that was published three times, on either database."""
    each_newsroom.write(_1="通告", _2="公示", _3="启事")
    each_newsroom.publish()
    each_newsroom.write(_3=GONE)
    each_newsroom.publish()
    each_newsroom.write(_1="更正后的通告")
    each_newsroom.publish()
    return each_newsroom


def verify(newsroom: Newsroom, *, repair: bool = False) -> Verification:
    place = newsroom.place
    return verify_site(newsroom.runtime, place.tenant_id, place.site_id, repair=repair)


def found(result: Verification) -> set[tuple[str, str]]:
    return {(finding.problem, finding.path) for finding in result.findings}


def links(newsroom: Newsroom) -> list[ChangeSet]:
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id, reading=True) as session:
        return list(session.scalars(select(ChangeSet).order_by(ChangeSet.number)))


def link_of(newsroom: Newsroom, path: str) -> ChangeSet:
    """The last link that changed this address."""
    return [e for e in links(newsroom) if any(x["path"] == path for x in e.entries)][-1]


def change(newsroom: Newsroom, number: int, **values: Any) -> None:
    """Somebody writes into the table of change sets."""
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id) as session:
        session.execute(update(ChangeSet).where(ChangeSet.number == number).values(**values))


def change_row(newsroom: Newsroom, path: str, **values: Any) -> None:
    """Somebody writes into the table of pages."""
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id) as session:
        session.execute(update(PublicPage).where(PublicPage.path == path).values(**values))


def put(newsroom: Newsroom, path: str, text: str) -> str:
    """Somebody with all rights puts a page of his own in the place of ours, copies and all."""
    place, data = newsroom.place, text.encode()
    (newsroom.tree / path[1:]).write_bytes(data)
    (newsroom.tree / f"{path[1:]}.gz").unlink(missing_ok=True)
    return open_store(newsroom.runtime.settings).put(place.tenant_id, data)


def content(newsroom: Newsroom) -> dict[str, bytes]:
    tree = newsroom.tree
    return {str(p.relative_to(tree)): p.read_bytes() for p in tree.rglob("*") if p.is_file()}


def test_each_publish_is_a_signed_link_that_names_the_one_before(standing: Newsroom) -> None:
    place = standing.place
    key = open_signer(standing.runtime.settings).key()
    signed = [signed_of(each) for each in links(standing)]

    before = NOTHING_BEFORE
    for each in signed:
        assert each is not None
        assert is_signed(each, key)
        assert each.statement.previous == before
        assert (each.statement.tenant_id, each.statement.site_id) == (
            place.tenant_id,
            place.site_id,
        )
        before = each.statement.digest
    assert len(signed) >= 3
    head = open_signer(standing.runtime.settings).head(place.tenant_id, place.site_id)
    assert (head.number, head.digest) == (len(signed), before)
    assert verify(standing).findings == []


def test_the_chain_alone_tells_all_that_the_tree_holds(standing: Newsroom) -> None:
    settings, place = standing.runtime.settings, standing.place
    rebuild_site(standing.runtime, place.tenant_id, place.site_id)
    standing.write(_2="再次公示", _7="新通告")
    standing.publish()

    with standing.runtime.tenant_session(place.tenant_id, reading=True) as session:
        key = open_signer(settings).key()
        chain = read_chain(session, open_store(settings), place.site_id, key)
        rows = session.execute(select(PublicPage.path, PublicPage.digest)).all()

    assert chain.broken == []
    assert {path: here.digest for path, here in chain.standing.items()} == dict(map(tuple, rows))
    for path, here in chain.standing.items():
        if here.digest is not None:
            assert digest_of((standing.tree / path[1:]).read_bytes()) == here.digest


def alter_a_page_and_its_row(newsroom: Newsroom) -> None:
    digest = put(newsroom, "/art/1.html", "伪造的通告")
    change_row(newsroom, "/art/1.html", digest=digest)


def bring_back_an_older_page_and_its_row(newsroom: Newsroom) -> None:
    (older,) = (e for e in links(newsroom)[0].entries if e["path"] == "/art/1.html")
    store = open_store(newsroom.runtime.settings)
    data = store.read(newsroom.place.tenant_id, older["new"])
    put(newsroom, "/art/1.html", data.decode())
    change_row(newsroom, "/art/1.html", digest=older["new"])


def add_a_page_and_its_row(newsroom: Newsroom) -> None:
    (newsroom.tree / "casino.html").write_text("博彩", encoding="utf-8")
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id) as session:
        row = {"key": "item:666", "path": "/casino.html", "digest": digest_of("博彩".encode())}
        session.add(PublicPage(site_id=newsroom.place.site_id, rank=1, changed_at=1, **row))


def remove_a_page_and_its_row(newsroom: Newsroom) -> None:
    (newsroom.tree / "art/2.html").unlink()
    (newsroom.tree / "art/2.html.gz").unlink()
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id) as session:
        session.execute(delete(PublicPage).where(PublicPage.path == "/art/2.html"))


@pytest.mark.parametrize(
    ("attack", "path"),
    [
        (alter_a_page_and_its_row, "/art/1.html"),
        (bring_back_an_older_page_and_its_row, "/art/1.html"),
        (add_a_page_and_its_row, "/casino.html"),
        (remove_a_page_and_its_row, "/art/2.html"),
    ],
)
def test_rows_that_agree_with_a_forged_page_do_not_hide_it(
    standing: Newsroom, attack: Callable[[Newsroom], None], path: str
) -> None:
    before = content(standing)
    attack(standing)

    seen = found(verify(standing, repair=True))

    assert ("record", path) in seen
    assert {each for _, each in seen} <= {path, f"{path}.gz"}
    assert content(standing) == before
    standing.publish()
    assert content(standing) == before
    assert verify(standing).findings == []


def test_a_forged_row_is_found_while_the_tree_is_still_whole(standing: Newsroom) -> None:
    before = content(standing)
    change_row(standing, "/art/1.html", digest=digest_of(b"forged"))
    with standing.runtime.tenant_session(standing.place.tenant_id) as session:
        session.execute(delete(PublicPage).where(PublicPage.path == "/art/2.html"))
        row = {"key": "item:666", "path": "/casino.html", "digest": digest_of(b"casino")}
        session.add(PublicPage(site_id=standing.place.site_id, rank=1, changed_at=1, **row))
    rows = {("record", path) for path in ("/art/1.html", "/art/2.html", "/casino.html")}

    assert found(verify(standing, repair=True)) == rows

    assert content(standing) == before
    assert verify(standing).findings == []


def alter_a_link(newsroom: Newsroom) -> None:
    digest = put(newsroom, "/art/1.html", "伪造的通告")
    entries = [
        {**each, "new": digest} if each["path"] == "/art/1.html" else each
        for each in link_of(newsroom, "/art/1.html").entries
    ]
    change(newsroom, link_of(newsroom, "/art/1.html").number, entries=entries)
    change_row(newsroom, "/art/1.html", digest=digest)


def cut_off_the_end(newsroom: Newsroom) -> None:
    number = link_of(newsroom, "/art/1.html").number
    bring_back_an_older_page_and_its_row(newsroom)
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id) as session:
        session.execute(delete(ChangeSet).where(ChangeSet.number >= number))


def remove_a_link_in_between(newsroom: Newsroom) -> None:
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id) as session:
        session.execute(delete(ChangeSet).where(ChangeSet.number == 2))


def add_a_link_of_ones_own(newsroom: Newsroom) -> None:
    digest = put(newsroom, "/art/1.html", "伪造的通告")
    last = link_of(newsroom, "/art/1.html")
    entries = [{**each, "new": digest} for each in last.entries if each["path"] == "/art/1.html"]
    facts = {each.name: getattr(last, each.name) for each in ChangeSet.__table__.columns}
    number = links(newsroom)[-1].number + 1
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id) as session:
        session.add(ChangeSet(**(facts | {"id": 9, "number": number, "entries": entries})))


def strip_the_signatures(newsroom: Newsroom) -> None:
    alter_a_page_and_its_row(newsroom)
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id) as session:
        session.execute(update(ChangeSet).values(signature=None, previous=None))


def sign_with_another_key(newsroom: Newsroom) -> None:
    folder = newsroom.runtime.settings.home / "signer"
    (folder / "key").unlink()
    make_signer(folder)


ATTACKS = (
    alter_a_link,
    cut_off_the_end,
    remove_a_link_in_between,
    add_a_link_of_ones_own,
    strip_the_signatures,
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_publishing_on_does_not_make_a_forged_chain_good(
    standing: Newsroom, attack: Callable[[Newsroom], None]
) -> None:
    attack(standing)

    standing.write(_2="下一版")
    standing.publish()

    assert "forged" in {problem for problem, _ in found(verify(standing))}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_forged_chain_is_found_and_the_site_built_anew_from_what_was_signed(
    standing: Newsroom, attack: Callable[[Newsroom], None]
) -> None:
    before = content(standing)
    attack(standing)

    assert "forged" in {problem for problem, _ in found(verify(standing))}
    result = verify(standing, repair=True)

    assert result.rebuilt
    assert content(standing) == before
    assert verify(standing).findings == []
    standing.write(_1="下一版")
    standing.publish()
    assert verify(standing).findings == []


def test_a_forged_link_brings_nothing_back_that_was_withdrawn(
    standing: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, placed = TreeWriter.place, []

    def noted(writer: TreeWriter, path: str) -> None:
        placed.append(path)
        place(writer, path)

    monkeypatch.setattr(TreeWriter, "place", noted)
    change(standing, link_of(standing, "/art/3.html").number, entries=[])

    assert verify(standing, repair=True).rebuilt

    assert "/art/3.html" not in placed, "not for a moment"
    assert not standing.has("/art/3.html")
    assert standing.has("/.gone/art/3.html")


def test_a_forged_page_that_cannot_be_rendered_is_not_signed_anew(standing: Newsroom) -> None:
    place = standing.place
    standing.write(_1=BROKEN, _2=BROKEN)
    standing.publish()
    alter_a_page_and_its_row(standing)
    genuine = standing.read("/art/2.html")

    rebuild_site(standing.runtime, place.tenant_id, place.site_id)

    assert not standing.has("/art/1.html"), "rather none than a forged one"
    assert standing.read("/art/2.html") == genuine, "what was signed stays while it cannot be made"


def test_a_chain_that_another_key_signed_is_not_ours(standing: Newsroom) -> None:
    sign_with_another_key(standing)

    assert {problem for problem, _ in found(verify(standing))} >= {"forged"}


def test_the_link_of_another_tenant_is_not_ours(newsroom: Newsroom, neighbour: Newsroom) -> None:
    for each in (newsroom, neighbour):
        each.write(_1="通告")
        each.publish()
    theirs = links(neighbour)[0]
    signed = {name: getattr(theirs, name) for name in ("previous", "key_id", "signature")}
    change(newsroom, 1, entries=theirs.entries, recorded_at=theirs.recorded_at, **signed)

    assert ("forged", "#1") in found(verify(newsroom))
    assert verify(neighbour).findings == []


def test_a_whole_site_put_back_to_an_earlier_day_is_found(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    home = newsroom.runtime.settings.home
    newsroom.write(_1="含有错误的通告")
    newsroom.publish()
    newsroom.runtime.close()
    earlier = {name: tmp_path / name for name in ("jiyue.sqlite3", "public")}
    shutil.copy(home / "jiyue.sqlite3", earlier["jiyue.sqlite3"])
    shutil.copytree(home / "public", earlier["public"], symlinks=True)
    newsroom = Newsroom(newsroom_runtime(newsroom.runtime.settings), newsroom.place)
    newsroom.write(_1="更正后的通告")
    newsroom.publish()
    assert verify(newsroom).findings == []

    newsroom.runtime.close()
    shutil.copy(earlier["jiyue.sqlite3"], home / "jiyue.sqlite3")
    shutil.rmtree(home / "public")
    shutil.copytree(earlier["public"], home / "public", symlinks=True)
    newsroom = Newsroom(newsroom_runtime(newsroom.runtime.settings), newsroom.place)

    place = newsroom.place
    head = open_signer(newsroom.runtime.settings).head(place.tenant_id, place.site_id)
    assert found(verify(newsroom)) == {("forged", f"#{head.number}")}
    verify(newsroom, repair=True)
    assert "更正后" in newsroom.read("/art/1.html")
    assert verify(newsroom).findings == []
    newsroom.runtime.close()


def test_a_link_that_was_opened_again_is_not_done_again(standing: Newsroom) -> None:
    before = content(standing)
    change(standing, 1, state=OPEN)

    standing.publish()

    assert content(standing) == before
    assert verify(standing).findings == []


def test_an_open_link_that_nobody_signed_is_not_done(standing: Newsroom) -> None:
    before = content(standing)
    add_a_link_of_ones_own(standing)
    number = links(standing)[-1].number
    change(standing, number, state=OPEN)
    (standing.tree / "art/1.html").write_bytes(before["art/1.html"])
    (standing.tree / "art/1.html.gz").write_bytes(before["art/1.html.gz"])

    standing.publish()

    assert content(standing) == before
    assert ("forged", f"#{number}") in found(verify(standing))


class Dying(KeyHolder):
    """A signer whose asker dies before or after it is asked."""

    dies_at = ""

    def sign(self, link: Any) -> Any:
        signed = super().sign(link)
        if self.dies_at == "sign":
            raise ConnectionError
        return signed

    def confirm(self, signed: Any) -> None:
        if self.dies_at == "confirm":
            raise ConnectionError
        super().confirm(signed)


@pytest.mark.parametrize("dies_at", ["sign", "confirm"])
def test_a_publisher_that_dies_around_its_signature_is_made_good(
    standing: Newsroom, dies_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing.write(_2="第二次公示")
    with monkeypatch.context() as patched:
        patched.setattr("hosting.publishing.manifest.asking.KeyHolder", Dying)
        patched.setattr(Dying, "dies_at", dies_at)
        with pytest.raises(ConnectionError):
            standing.publish()
    assert "第二次公示" not in standing.read("/art/2.html")

    standing.publish()

    assert "第二次公示" in standing.read("/art/2.html")
    assert verify(standing).findings == []


def test_a_chain_begins_with_what_stood_before_there_was_a_signer(newsroom: Newsroom) -> None:
    newsroom.write(_1="旧通告", _2="旧公示")
    newsroom.publish()
    settings = newsroom.runtime.settings
    shutil.rmtree(settings.home / "signer" / "heads")
    signature = {"signature": None, "previous": None, "key_id": None, "algorithm": None}
    before = links(newsroom)
    for each in before:
        change(newsroom, each.number, **signature)
    assert verify(newsroom).findings == []

    newsroom.write(_1="新通告")
    newsroom.publish()

    added = links(newsroom)[len(before) :]
    assert [each.snapshot is None for each in added][:2] == [False, True]
    assert verify(newsroom).findings == []
    flipped = newsroom.tree / "art/2.html"
    flipped.write_bytes(flipped.read_bytes().replace("旧".encode(), "假".encode()))
    assert found(verify(newsroom)) == {("altered", "/art/2.html")}


def test_a_lost_snapshot_is_found_and_made_anew(newsroom: Newsroom) -> None:
    place = newsroom.place
    newsroom.write(_1="通告")
    newsroom.publish()
    rebuild_site(newsroom.runtime, place.tenant_id, place.site_id)
    open_store(newsroom.runtime.settings).delete(place.tenant_id, str(links(newsroom)[-1].snapshot))

    assert {problem for problem, _ in found(verify(newsroom))} == {"forged"}
    verify(newsroom, repair=True)
    assert verify(newsroom).findings == []


def test_without_a_signer_nothing_is_published_and_nothing_lost(newsroom: Newsroom) -> None:
    newsroom.write(_1="通告")
    key = newsroom.runtime.settings.home / "signer" / "key"
    kept = key.rename(key.with_name("elsewhere"))
    with refused("no_signing_key"):
        newsroom.publish()
    assert not newsroom.has("/art/1.html")

    kept.rename(key)
    newsroom.publish()

    assert "通告" in newsroom.read("/art/1.html")
    (head,) = (key.parent / "heads").iterdir()
    assert json.loads(head.read_text())["statement"]["number"] >= 1


def test_a_long_chain_is_stated_as_a_whole_and_read_from_there(
    standing: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hosting.publishing.verify.LONGEST_CHAIN", 3)
    for text in ("一稿", "二稿", "三稿"):
        standing.write(_1=text)
        standing.publish()
    place = standing.place

    verify_site(standing.runtime, place.tenant_id, place.site_id)
    assert chain_of(standing).length >= 3, "who only looks adds nothing"
    verify_site(standing.runtime, place.tenant_id, place.site_id, repair=True)

    stated = chain_of(standing)
    assert stated.length == 0
    assert "/art/1.html" in stated.standing
    standing.write(_1="四稿", _2=GONE)
    standing.publish()
    assert 0 < chain_of(standing).length < 3, "the item and what follows it"
    assert verify(standing).findings == []
    (standing.tree / "art/1.html").write_text("篡改", "utf-8")
    verify_site(standing.runtime, place.tenant_id, place.site_id, repair=True)
    assert "四稿" in standing.read("/art/1.html")


def chain_of(newsroom: Newsroom) -> Chain:
    """The chain as whoever verifies reads it."""
    runtime, place = newsroom.runtime, newsroom.place
    store, key = open_store(runtime.settings), open_signer(runtime.settings).key()
    with runtime.tenant_session(place.tenant_id, reading=True) as session:
        return read_chain(session, store, place.site_id, key)
