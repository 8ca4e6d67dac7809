"""Late copies follow their pages, and never outlive them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
from sqlalchemy import select

from hosting.publishing import packing
from hosting.publishing.build import build_site
from hosting.publishing.jobs import pack_sites
from hosting.publishing.lock import locks_folder, publish_lock, site_lock
from hosting.publishing.packing import Packed, pack_site
from hosting.publishing.stale import PACK_SITE
from hosting.publishing.verify import Verification, verify_site
from hosting.publishing.whole_site import rebuild_site, roll_back_site, stage_site, switch_site
from hosting.runtime.clock import now
from hosting.runtime.codings import BROTLI
from hosting.runtime.jobs import Job
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.session import WalledSession
from hosting.runtime.worker import Work, drain
from parts.newsroom import GONE, Newsroom
from parts.platform import RIVER

SITE = (RIVER.tenant_id, RIVER.site_id)
LATE = "art/1.html.br"


def pack(newsroom: Newsroom) -> Packed:
    return pack_site(newsroom.runtime, *SITE, seconds=60)


def verify(newsroom: Newsroom) -> Verification:
    return verify_site(newsroom.runtime, *SITE, repair=True)


def stale(newsroom: Newsroom) -> list[Path]:
    """Late copies beside something that they are no copy of."""
    return [
        path
        for path in newsroom.tree.rglob("*.br")
        if not path.with_suffix("").is_file()
        or not BROTLI.is_copy(path.read_bytes(), path.with_suffix("").read_bytes())
    ]


@pytest.fixture
def packed(newsroom: Newsroom) -> Newsroom:
    """A site whose pages have all their copies."""
    newsroom.write(_1="通告", _2="公示", layout="版式", **{"design-1": "一", "design-2": "二"})
    newsroom.publish()
    assert pack(newsroom).made
    return newsroom


def test_each_page_that_is_worth_it_gets_a_late_copy(packed: Newsroom) -> None:
    prompt = {path.with_suffix("") for path in packed.tree.rglob("*.gz")}

    assert {path.with_suffix("") for path in packed.tree.rglob("*.br")} == prompt
    assert stale(packed) == []
    assert pack(packed) == Packed()
    assert verify(packed).findings == []


def test_a_changed_page_loses_its_late_copy_with_the_change_and_gets_another(
    packed: Newsroom,
) -> None:
    packed.write(_1="更正", _2=GONE)
    packed.publish()

    assert not (packed.tree / LATE).exists()
    assert not (packed.tree / "art/2.html.br").exists()
    assert stale(packed) == []
    assert pack(packed).made
    assert "更正" in brotli.decompress((packed.tree / LATE).read_bytes()).decode()


def test_a_page_that_changes_while_it_is_copied_gets_no_copy_of_what_it_was(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.write(_1="通告")
    newsroom.publish()
    compressed = packing.compressed

    def publish_meanwhile(path: str, body: bytes, coding: object) -> bytes | None:
        copy = compressed(path, body, coding)  # type: ignore[arg-type]
        if path == "/art/1.html":
            newsroom.write(_1="更正")
            newsroom.publish()
        return copy

    monkeypatch.setattr(packing, "compressed", publish_meanwhile)

    assert pack(newsroom).made
    assert not (newsroom.tree / LATE).exists()
    assert stale(newsroom) == []


def test_whoever_publishes_is_not_waited_for(newsroom: Newsroom) -> None:
    newsroom.write(_1="通告")
    newsroom.publish()
    home = newsroom.runtime.settings.home

    with site_lock(locks_folder(home), publish_lock(RIVER.site_id)):
        held = pack(newsroom)

    assert held.made == 0
    assert held.again_seconds
    assert not (newsroom.tree / LATE).exists()


def test_a_turn_ends_after_its_time_and_the_next_goes_on(newsroom: Newsroom) -> None:
    newsroom.write(_1="通告", _2="公示")
    newsroom.publish()

    first = pack_site(newsroom.runtime, *SITE, seconds=0)

    assert first.made == 0
    assert first.again_seconds
    assert pack(newsroom).again_seconds == 0


def waiting(newsroom: Newsroom) -> list[Job]:
    with newsroom.runtime.platform_session(reason="test", reading=True) as session:
        return list(
            session.scalars(
                select(Job).where(
                    Job.kind == PACK_SITE,
                    Job.state == "waiting",
                    Job.for_tenant_id == RIVER.tenant_id,
                )
            )
        )


def make_due(newsroom: Newsroom) -> None:
    with newsroom.runtime.platform_session(reason="test") as session:
        for job in session.scalars(select(Job).where(Job.kind == PACK_SITE)):
            job.run_at = now() - timedelta(seconds=1)


def test_a_publish_promises_late_copies_that_no_command_waits_for(newsroom: Newsroom) -> None:
    newsroom.write(_1="通告")
    newsroom.write(_2="公示")
    drain(newsroom.runtime)

    (job,) = waiting(newsroom)
    assert now() < job.run_at < now() + timedelta(seconds=60)
    assert not (newsroom.tree / LATE).exists()
    make_due(newsroom)
    drain(newsroom.runtime)
    assert (newsroom.tree / LATE).exists()


def test_what_nobody_promised_is_promised_each_hour(packed: Newsroom) -> None:
    (packed.tree / LATE).unlink()
    with packed.runtime.platform_session(reason="test") as session:
        for job in session.scalars(select(Job)):
            session.delete(job)

    assert verify(packed).findings == [], "a late copy may still be to come"
    pack_sites(Work(packed.runtime, PLATFORM_ID))
    make_due(packed)
    drain(packed.runtime)

    assert (packed.tree / LATE).exists()


def test_a_whole_build_takes_over_the_copies_of_pages_that_stay_the_same(
    packed: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.relative_to(packed.tree) for path in packed.tree.rglob("*.br")}
    rebuild_site(packed.runtime, *SITE)
    assert not list(packed.tree.rglob("*.br"))
    monkeypatch.setattr(packing, "compressed", lambda *_: pytest.fail("made once more"))

    pack(packed)

    assert {path.relative_to(packed.tree) for path in packed.tree.rglob("*.br")} == before
    assert stale(packed) == []


def test_an_earlier_tree_comes_back_without_copies_of_what_has_changed_since(
    packed: Newsroom,
) -> None:
    def design(number: int) -> Callable[[WalledSession], None]:
        return lambda _session: packed.redesign(number)

    packed.redesign(1)
    stage_site(packed.runtime, *SITE, design_id=2)
    switch_site(packed.runtime, *SITE, design_id=2, step=lambda _tree: design(2))
    packed.write(_1="更正")
    packed.publish()

    roll_back_site(packed.runtime, *SITE, tree=1, design_id=1, step=design(1))

    assert packed.folder.current_number() == 1
    assert "更正" in packed.read("/art/1.html")
    assert stale(packed) == []
    build_site(packed.runtime, *SITE, following=True)
    assert verify(packed).findings == []


def inject(late: Path) -> None:
    late.write_bytes(brotli.compress(b"<!DOCTYPE html>" + b"\n" * 400))


def cut_short(late: Path) -> None:
    late.write_bytes(late.read_bytes()[:-4])


def blow_up(late: Path) -> None:
    late.write_bytes(brotli.compress(b"\0" * 50_000_000, quality=1))


def link_elsewhere(late: Path) -> None:
    late.unlink()
    late.symlink_to("/etc/passwd")


@pytest.mark.parametrize("attack", [inject, cut_short, blow_up, link_elsewhere])
def test_an_altered_late_copy_is_found_kept_as_evidence_and_made_anew(
    packed: Newsroom, attack: Callable[[Path], None]
) -> None:
    attack(packed.tree / LATE)

    result = verify(packed)

    assert [(each.problem, each.path) for each in result.findings] == [("altered", f"/{LATE}")]
    assert list((packed.runtime.settings.home / "quarantine").rglob("1.html.br"))
    assert not (packed.tree / LATE).exists()
    assert waiting(packed)
    assert pack(packed).made == 1
    assert verify(packed).findings == []


def test_a_late_copy_without_a_page_is_foreign(packed: Newsroom) -> None:
    inject(packed.tree / "casino.html.br")

    assert [each.problem for each in verify(packed).findings] == ["foreign"]
    assert not (packed.tree / "casino.html.br").exists()


def test_a_page_that_is_not_as_it_was_signed_gets_no_copy(newsroom: Newsroom) -> None:
    newsroom.write(_1="通告")
    newsroom.publish()
    (newsroom.tree / "art/1.html").write_bytes(b"<!DOCTYPE html>hacked" + b"\n" * 400)

    pack(newsroom)

    assert not (newsroom.tree / LATE).exists()
