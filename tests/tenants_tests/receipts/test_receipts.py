"""After a withdrawal every place where readers met the item is asked, and the answer is kept."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from hosting.publishing.lock import locks_folder, site_lock
from hosting.publishing.traces import Place as Traced
from hosting.runtime.areas import Area, Trace
from hosting.runtime.clock import now
from hosting.runtime.errors import Conflict, Forbidden, NotFound, Unavailable
from hosting.runtime.jobs import BULK, PERSON, Job, hurry
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import Work, Worker, loops
from hosting.security.audit import AuditEntry
from parts.office import EDITOR, Desk
from parts.platform import Place
from parts.withdrawal import OLD_ADDRESS, TITLE, County, put_checks_off
from tenants.receipts import jobs
from tenants.receipts.models import WithdrawalCheck, WithdrawalReceipt
from tenants.receipts.operations import LANES, ask_again
from tenants.receipts.queries import proof_of_item, receipts_of_leftovers
from tenants.receipts.sealing import is_whole
from tenants.review.jobs import carry_out_due


def walk(tree: Path, *needles: str) -> Iterator[str]:
    """The addresses of all files of a tree in which one of the words stands, packed or not."""
    for file in sorted(tree.rglob("*")):
        if file.is_file() and ".gone" not in file.parts:
            data = file.read_bytes()
            text = (gzip.decompress(data) if file.suffix == ".gz" else data).decode(
                errors="replace"
            )
            if any(needle in text for needle in needles):
                path = f"/{file.relative_to(tree).as_posix().removesuffix('.gz')}"
                yield path.removesuffix("index.html") if path.endswith("/index.html") else path


def places(county: County) -> dict[str, dict[str, Any]]:
    """The places of the receipt, by path."""
    receipt = county.proof().receipt
    assert receipt is not None
    return {place["path"]: place for place in receipt.places}


def left(county: County) -> dict[str, str]:
    """Where something is left, and what."""
    return {
        path: place["why"] for path, place in places(county).items() if place["verdict"] == "left"
    }


def waiting_jobs(county: County) -> int:
    with county.runtime.platform_session(reason="test", reading=True) as session:
        statement = select(func.count(Job.id)).where(
            Job.kind == "check_withdrawal", Job.state == "waiting"
        )
        return session.scalar(statement) or 0


def trail(county: County) -> list[AuditEntry]:
    with county.runtime.platform_session(reason="test", reading=True) as session:
        rows = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.action.in_(("withdrawal_checked", "withdrawal_check_asked")))
            .order_by(AuditEntry.sequence)
        )
        return list(rows)


def test_every_file_that_showed_the_item_is_asked_for_and_nothing_is_left(county: County) -> None:
    met = set(walk(county.tree, county.path, TITLE))
    files = {
        f"/{file.relative_to(county.tree).as_posix()}"
        for file in (county.tree / "m").rglob("*")
        if file.is_file() and file.suffix != ".gz"
    }
    assert {county.path, "/", "/tzgg/", "/zcwj/", "/llz/", "/llz/gg/", "/feeds/site.rss"} <= met
    assert sum(path.startswith("/sitemap-") for path in met) == 1
    assert len(files) == 3

    county.withdraw()
    county.publish()
    county.check()

    proof, asked = county.proof(), places(county)
    assert proof.receipt is not None
    assert proof.receipt.state == "clean"
    assert met - asked.keys() == set()
    assert files - asked.keys() == set()
    assert asked[county.path]["status"] == 410
    assert {place["verdict"] for place in asked.values()} == {"taken", "silent", "stays"}
    kept = [path for path, place in asked.items() if place["verdict"] == "stays"]
    assert len(kept) == 2
    assert [asked[path]["why"] for path in kept] == ["shown_by", "written_in"]
    assert asked[kept[0]]["by"].startswith("/art/")
    assert asked[OLD_ADDRESS]["status"] == 301
    assert asked[OLD_ADDRESS]["target"] == county.path
    assert [place["kind"] for path, place in asked.items() if "/-/search" in path] == ["search"]


def test_the_receipt_is_kept_in_the_trail_by_its_digest(county: County) -> None:
    county.withdraw()
    county.publish()
    county.check()

    receipt = county.proof().receipt
    assert receipt is not None
    (entry,) = trail(county)

    assert entry.object_id == str(county.item_id)
    assert entry.facts["finding"] == "clean"
    assert entry.facts["digest"] == receipt.digest
    assert is_whole(receipt)
    receipt.places = receipt.places[1:]
    assert not is_whole(receipt)


def test_either_database_keeps_receipts_and_changes_none(
    each_runtime: Runtime, river: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    county = County(each_runtime, river, monkeypatch)
    county.open()
    county.withdraw()
    county.publish()
    county.check()
    assert county.proof().receipt is not None
    assert county.proof().receipt.state == "clean"

    for statement in (
        update(WithdrawalReceipt).values(state="clean"),
        delete(WithdrawalReceipt),
        update(WithdrawalCheck).values(asked_name="x"),
    ):
        with pytest.raises(DBAPIError), each_runtime.tenant_session(river.tenant_id) as session:
            session.execute(statement)


def test_pages_that_wait_are_waited_for(county: County) -> None:
    county.withdraw()
    county.check()

    assert county.proof().is_being_checked

    county.publish()
    county.check()

    receipt = county.proof().receipt
    assert receipt is not None
    assert receipt.state == "clean"


def test_the_next_look_comes_when_what_follows_is_due(county: County) -> None:
    put_checks_off(county.monkeypatch, seconds=1)
    county.withdraw()
    work_off(county.runtime)
    with county.runtime.platform_session(reason="test") as session:
        hurry(session, ["check_withdrawal"])
    work_off(county.runtime)

    assert county.proof().is_being_checked
    due = due_at(county)
    assert due["publish_following"] < due["check_withdrawal"]
    assert due["check_withdrawal"] - due["publish_following"] < timedelta(seconds=5)


def test_whoever_withdraws_very_many_keeps_nobody_waiting(county: County) -> None:
    put_checks_off(county.monkeypatch, seconds=1)
    county.monkeypatch.setattr("tenants.receipts.operations._MANY", 0)
    county.withdraw()
    work_off(county.runtime)

    with county.runtime.platform_session(reason="test", reading=True) as session:
        job = session.scalars(select(Job).where(Job.kind == "check_withdrawal")).one()
    assert job.lane == LANES[1]
    assert job.run_at > now() + timedelta(seconds=20), "feeds and sitemaps are made by then"


def test_who_asks_slowly_holds_up_nothing_that_people_wait_for(county: County) -> None:
    county.withdraw()
    others = Worker(county.runtime, (PERSON, BULK))
    put_checks_off(county.monkeypatch, seconds=0)
    while others.step():
        pass

    assert waiting_jobs(county) == 1, "the loops for people leave it alone"
    with_it = [each._lanes for each in loops(county.runtime) if set(LANES) & set(each._lanes)]
    assert with_it == [LANES], "it has a loop of its own"


def work_off(runtime: Runtime) -> None:
    """Do what is due now, and nothing that is put off."""
    worker = Worker(runtime, (PERSON, BULK, *LANES))
    while worker.step():
        pass


def due_at(county: County) -> dict[str, datetime]:
    """When the site's waiting jobs are due."""
    with county.runtime.platform_session(reason="test", reading=True) as session:
        rows = session.execute(
            select(Job.kind, Job.run_at).where(
                Job.for_tenant_id == county.place.tenant_id, Job.state == "waiting"
            )
        )
        return {row[0]: row[1] for row in rows}


def test_what_a_held_publisher_leaves_is_told_after_a_minute(
    county: County, caplog: pytest.LogCaptureFixture
) -> None:
    county.withdraw()
    with site_lock(
        locks_folder(county.runtime.settings.home), f"site-{county.place.site_id}"
    ) as held:
        assert held is not None
        work_off(county.runtime)
        county.put_clock_forward(61)
        county.check()

    receipt = county.proof().receipt
    assert receipt is not None
    assert receipt.state == "left"
    assert left(county)[county.path] == "still_there"
    assert left(county)["/tzgg/"] == "address"
    assert receipt.leftovers == len(left(county))
    assert "something is left" in caplog.text
    assert TITLE not in caplog.text
    assert [entry.facts["finding"] for entry in trail(county)] == ["left"]
    with county.runtime.tenant_session(county.place.tenant_id, reading=True) as session:
        assert [item.id for item, _ in receipts_of_leftovers(session, limit=5)] == [county.item_id]


def test_a_page_put_back_by_hand_is_found(county: County) -> None:
    page = county.tree / county.path[1:]
    data = page.read_bytes()
    county.withdraw()
    county.publish()
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_bytes(data)
    county.put_clock_forward(120)
    county.check()

    assert left(county) == {county.path: "still_there", OLD_ADDRESS: "still_there"}


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_list_that_is_stale_for_some_readers_is_found(county: County, suffix: str) -> None:
    page = county.tree / f"tzgg/index.html{suffix}"
    data = page.read_bytes()
    county.withdraw()
    county.publish()
    page.write_bytes(data)
    county.put_clock_forward(120)
    county.check()

    assert left(county) == {"/tzgg/": "address"}


def test_a_feed_that_names_it_under_another_address_is_found(county: County) -> None:
    county.withdraw()
    county.publish()
    feed = county.tree / "feeds/site.jsonfeed"
    document = json.loads(feed.read_bytes())
    document["items"].append({"title": TITLE, "url": f"http://{county.place.host}{OLD_ADDRESS}"})
    feed.write_bytes(json.dumps(document).encode())
    feed.with_name(feed.name + ".gz").unlink()
    county.put_clock_forward(120)
    county.check()

    assert left(county) == {"/feeds/site.jsonfeed": "title"}


def test_another_item_with_the_same_title_is_nothing_left(county: County) -> None:
    county.do(lambda desk: desk.pass_all(desk.write(TITLE, body_html="<p>更正。</p>")))
    county.withdraw()
    county.publish()
    county.check()

    receipt = county.proof().receipt
    assert receipt is not None
    assert receipt.state == "clean"


def test_what_was_issued_again_meanwhile_is_superseded_and_no_alarm(
    county: County, caplog: pytest.LogCaptureFixture
) -> None:
    county.withdraw()
    county.reissue()
    county.publish()
    county.put_clock_forward(120)
    county.check()

    receipt = county.proof().receipt
    assert receipt is not None
    assert receipt.state == "superseded"
    assert receipt.places == []
    assert "something is left" not in caplog.text


def test_what_is_issued_again_while_it_is_looked_for_is_superseded(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    county.withdraw()
    look = jobs.look

    def slow_look(*arguments: Any) -> Any:
        found = look(*arguments)
        county.reissue()
        return found

    monkeypatch.setattr(jobs, "look", slow_look)
    county.put_clock_forward(120)
    county.check()

    receipt = county.proof().receipt
    assert receipt is not None
    assert receipt.state == "superseded"


def test_what_is_withdrawn_again_while_it_is_looked_for_is_looked_for_anew(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    county.withdraw()
    county.publish()
    look = jobs.look

    def slow_look(*arguments: Any) -> Any:
        found = look(*arguments)
        county.reissue()
        county.withdraw()
        return found

    monkeypatch.setattr(jobs, "look", slow_look)
    county.check()
    assert county.proof().is_being_checked, "what was found was of the withdrawal before"

    monkeypatch.setattr(jobs, "look", look)
    county.publish()
    county.check()
    receipt = county.proof().receipt
    assert receipt is not None
    assert receipt.state == "clean"


def test_whoever_is_killed_after_looking_is_followed_by_one_who_finishes_once(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    county.withdraw()
    county.publish()
    keep = jobs.keep_findings

    def dies(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "keep_findings", dies)
    with pytest.raises(KeyboardInterrupt):
        county.check()
    monkeypatch.setattr(jobs, "keep_findings", keep)
    assert county.proof().is_being_checked
    with county.runtime.platform_session(reason="test") as session:
        session.execute(delete(Job).where(Job.kind == "check_withdrawal"))

    county.put_clock_forward(120)
    jobs.sweep_checks(Work(county.runtime, 0))
    assert waiting_jobs(county) == 1
    county.check()
    county.check()

    with county.runtime.tenant_session(county.place.tenant_id, reading=True) as session:
        assert session.scalar(select(func.count(WithdrawalReceipt.id))) == 1
    assert len(trail(county)) == 1


def test_a_place_that_nobody_answers_for_is_no_proof(county: County) -> None:
    def find(_runtime: Any, _session: Any, withdrawn: Any) -> Any:
        yield Traced("mirror", withdrawn.host, withdrawn.path, "gone", server="mirror.example.cn")

    def ask(_runtime: Any) -> Any:
        def silent(_place: Any) -> Any:
            raise Unavailable("away", "away")

        return silent

    areas = county.runtime.areas
    county.runtime.areas = (*areas, Area("mirrors", traces=(Trace({"mirror": "镜像"}, find, ask),)))
    county.withdraw()
    county.publish()
    county.check()
    assert county.proof().is_being_checked

    county.put_clock_forward(120)
    county.check()

    receipt = county.proof().receipt
    assert receipt is not None
    assert receipt.state == "left"
    (mirror,) = [place for place in receipt.places if place["kind"] == "mirror"]
    assert mirror["verdict"] == "unanswered"
    assert mirror["server"] == "mirror.example.cn"


def test_whoever_may_withdraw_asks_for_a_new_check_and_nobody_else(county: County) -> None:
    county.withdraw()
    county.publish()
    with pytest.raises(Conflict):
        county.ask_again()
    county.check()
    first = county.proof().receipt

    with pytest.raises(Forbidden):
        county.do(lambda desk: ask_again(desk.session, county.item_id, by=EDITOR))
    county.ask_again()
    assert county.proof().is_being_checked
    county.check()

    second = county.proof().receipt
    assert first is not None
    assert second is not None
    assert second.id != first.id
    assert {place["path"] for place in second.places} == {place["path"] for place in first.places}
    asked = [entry.account_name for entry in trail(county) if "check_asked" in entry.action]
    assert asked == ["审发"]


def test_a_new_check_after_the_leftover_is_gone_is_clean(county: County) -> None:
    page = county.tree / "tzgg/index.html"
    stale = page.read_bytes()
    county.withdraw()
    county.publish()
    fresh = page.read_bytes()
    page.write_bytes(stale)
    county.put_clock_forward(120)
    county.check()
    assert left(county) == {"/tzgg/": "address"}

    page.write_bytes(fresh)
    county.ask_again()
    county.check()

    receipt = county.proof().receipt
    assert receipt is not None
    assert receipt.state == "clean"
    with county.runtime.tenant_session(county.place.tenant_id, reading=True) as session:
        assert receipts_of_leftovers(session, limit=5) == []


def test_another_tenant_sees_no_receipt(county: County, hill: Place) -> None:
    county.withdraw()
    county.publish()
    county.check()

    with county.runtime.tenant_session(hill.tenant_id, reading=True) as session:
        with pytest.raises(NotFound):
            proof_of_item(session, county.item_id)
        assert session.scalars(select(WithdrawalReceipt)).all() == []


def test_what_comes_down_by_plan_has_its_receipt_too(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plan(desk: Desk) -> int:
        planned = desk.write("招聘公告", withdraw_at=now() + timedelta(hours=1))
        desk.pass_all(planned)
        return planned.item_id

    county.item_id = county.do(plan)
    county.publish()
    later = now() + timedelta(hours=2)
    for module in ("due", "operations.scheduled"):
        monkeypatch.setattr(f"tenants.review.{module}.now", lambda: later)
    carry_out_due(Work(county.runtime, county.place.tenant_id))
    county.publish()
    county.check()

    proof = county.proof()
    assert proof.withdrawal.due_at is not None
    assert proof.receipt is not None
    assert proof.receipt.state == "clean"
