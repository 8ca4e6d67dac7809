"""What was signed to go out, come down or end at a time does so: by itself, once, in its turn."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from hosting.runtime.clock import SHANGHAI, local, now, today
from hosting.runtime.errors import Invalid
from hosting.runtime.jobs import Job
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.runtime.worker import Work, drain
from hosting.security.audit import AuditEntry
from parts.office import EDITOR, ISSUER, Desk, office
from parts.platform import Place
from parts.refusals import refused
from parts.withdrawal import put_checks_off
from tenants.content.facts import EditionFacts, digest_of
from tenants.content.models import (
    DRAFT,
    PUBLISHED,
    SCHEDULED,
    SUPERSEDED,
    WITHDRAWN,
    Edition,
)
from tenants.content.operations import save_draft
from tenants.content.queries import edition, item
from tenants.review.jobs import carry_out_due, sweep_due
from tenants.review.models import Expiry, Issue, Slot, Withdrawal
from tenants.review.operations.issue import make_public
from tenants.review.operations.promises import WHEN_DUE
from tenants.review.operations.scheduled import (
    expire_scheduled,
    issue_scheduled,
    withdraw_scheduled,
)
from tenants.review.operations.signing import issue_urgently, submit, unschedule
from tenants.review.operations.withdraw import withdraw
from tenants.sites.models import CLOSED, OPEN

AN_HOUR = timedelta(hours=1)
# Where it is asked whether a time has come.
_CLOCKS = (
    "hosting.runtime.jobs",
    "tenants.review.due",
    "tenants.review.operations.scheduled",
    "tenants.review.operations.signing",
)


class Clock:
    """The clock of whoever does what is due; it goes on by being put forward."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def put_forward_to(self, when: datetime | None) -> None:
        assert when is not None
        for module in _CLOCKS:
            self._monkeypatch.setattr(f"{module}.now", lambda: when)
        self._monkeypatch.setattr("tenants.review.due.today", lambda: local(when).date())


@pytest.fixture(autouse=True)
def _receipts_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked for after a withdrawal is tried elsewhere; here a clock stands still."""
    put_checks_off(monkeypatch, seconds=10**7)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Shows the present until it is put forward."""
    return Clock(monkeypatch)


def soon() -> datetime:
    """A time in the next hours."""
    return now() + AN_HOUR


def count(session: WalledSession, model: type[Issue | Withdrawal | Expiry]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def states(runtime: Runtime, place: Place, *ids: int) -> list[str]:
    with runtime.tenant_session(place.tenant_id, reading=True) as session:
        return [edition(session, each).state for each in ids]


def trail(runtime: Runtime, place: Place, *actions: str) -> list[tuple[str, str, str]]:
    """(what, which item, who) of these kinds, in the trail's order."""
    with runtime.platform_session(reason="test", reading=True) as session:
        rows = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.for_tenant_id == place.tenant_id, AuditEntry.action.in_(actions))
            .order_by(AuditEntry.sequence)
        )
        return [(row.action, row.object_id, row.account_name) for row in rows]


# What is signed.


def test_an_edition_without_an_end_keeps_the_digest_that_was_signed_before_there_were_ends() -> (
    None
):
    facts = EditionFacts(
        title="关于印发防汛预案的通知",
        column_id=7,
        body_html="<p>正文。</p>",
        publish_at=datetime(2026, 12, 1, 1, 30, tzinfo=UTC),
        doc_number="清政发〔2026〕8号",
        effective_date=date(2026, 12, 1),
        validity="有效",
        extra_column_ids=(9, 8),
    )

    digest = digest_of(facts, attachments=[("附件1", "sha256:" + "ab" * 32)], images=[])

    assert digest == "sha256:d7c79e89aca524a63eb2942024e6415a738903fec668634820f141662c7986fc"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"publish_at": 2, "withdraw_at": 2}, "withdrawn_before_published"),
        ({"publish_at": 3, "withdraw_at": 2}, "withdrawn_before_published"),
        (
            {"effective_date": date(2026, 5, 2), "valid_until": date(2026, 5, 1)},
            "ends_before_effect",
        ),
        ({"valid_until": date(9999, 12, 31)}, "wrong_year"),
        ({"withdraw_at": datetime(1, 1, 1, tzinfo=SHANGHAI)}, "wrong_year"),
        ({"publish_at": datetime(1, 1, 1, tzinfo=SHANGHAI)}, "wrong_year"),
    ],
)
def test_times_that_cannot_be_are_named_at_their_field(
    runtime: Runtime, river: Place, said: dict[str, object], code: str
) -> None:
    present = now()
    said = {
        name: present + timedelta(days=when) if isinstance(when, int) else when
        for name, when in said.items()
    }
    with office(runtime, river) as desk, pytest.raises(Invalid) as caught:
        desk.write("通知", **said)

    assert [each.code for each in caught.value.problems] == [code]


def test_what_would_come_down_before_it_goes_out_is_neither_handed_in_nor_issued(
    runtime: Runtime, river: Place, clock: Clock
) -> None:
    with office(runtime, river) as desk:
        late = desk.write("通知", withdraw_at=now() - timedelta(minutes=1))
        with refused("withdrawal_past"):
            submit(desk.session, late.id, digest=late.digest, by=EDITOR)

        brief = desk.write("通知", withdraw_at=soon())
        desk.pass_all(brief, stages=("first", "second"))
        clock.put_forward_to(brief.withdraw_at)
        with refused("withdrawal_past"):
            desk.sign(brief, "final", ISSUER)
        with refused("withdrawal_past"):
            issue_urgently(desk.session, brief.id, digest=brief.digest, reason="汛情", by=ISSUER)

        assert count(desk.session, Issue) == 0


# One by one.


def test_a_page_comes_down_on_the_word_of_whoever_issued_it_when_its_time_has_come(
    each_runtime: Runtime, river: Place, clock: Clock
) -> None:
    with office(each_runtime, river) as desk:
        written = desk.write("招聘公告", withdraw_at=soon())
        desk.pass_all(written)
        withdraw_scheduled(desk.session, written.id)
        assert written.state == PUBLISHED, "before its time"
        at = written.withdraw_at
    clock.put_forward_to(at)

    drain(each_runtime, seconds=30)

    with each_runtime.tenant_session(river.tenant_id, reading=True) as session:
        (withdrawal,) = session.scalars(select(Withdrawal))
        assert (withdrawal.withdrawn_by, withdrawal.withdrawn_name) == (ISSUER.account_id, "审发")
        assert (withdrawal.due_at, withdrawal.reason) == (at, "")
        assert item(session, written.item_id).live_edition_id is None
        assert [slot.is_shown for slot in session.scalars(select(Slot))] == [False]
    assert states(each_runtime, river, written.id) == [WITHDRAWN]
    assert trail(each_runtime, river, "item_withdrawn") == [
        ("item_withdrawn", str(written.item_id), "审发")
    ]


def test_a_next_edition_without_an_end_stays(runtime: Runtime, river: Place, clock: Clock) -> None:
    with office(runtime, river) as desk:
        first = desk.write("公告", withdraw_at=soon())
        desk.pass_all(first)
        next_ = save_draft(
            desk.session,
            first.item_id,
            facts=desk.facts("公告（长期）"),
            expected_digest=None,
            by=EDITOR,
        )
        desk.pass_all(next_)
        at = first.withdraw_at
    clock.put_forward_to(at)

    drain(runtime, seconds=30)

    assert states(runtime, river, first.id, next_.id) == [SUPERSEDED, PUBLISHED]


def test_a_draft_beside_a_public_edition_changes_nothing_of_its_end(
    runtime: Runtime, river: Place, clock: Clock
) -> None:
    with office(runtime, river) as desk:
        live = desk.write("公告", withdraw_at=soon())
        desk.pass_all(live)
        later = desk.facts("公告", withdraw_at=now() + timedelta(days=30))
        draft = save_draft(desk.session, live.item_id, facts=later, expected_digest=None, by=EDITOR)
        at = live.withdraw_at
    clock.put_forward_to(at)

    drain(runtime, seconds=30)

    assert states(runtime, river, live.id, draft.id) == [WITHDRAWN, DRAFT]


def test_an_end_that_was_altered_behind_the_platforms_back_is_not_acted_on_but_told(
    runtime: Runtime, river: Place
) -> None:
    with office(runtime, river) as desk:
        taken, ended = desk.write("公告"), desk.write("办法")
        for each in (taken, ended):
            desk.pass_all(each)
        taken.withdraw_at = now() - timedelta(minutes=1)
        ended.valid_until = today() - timedelta(days=1)

    for _ in range(2):
        carry_out_due(Work(runtime, river.tenant_id))

    assert states(runtime, river, taken.id, ended.id) == [PUBLISHED, PUBLISHED]
    with runtime.tenant_session(river.tenant_id, reading=True) as session:
        assert count(session, Withdrawal) + count(session, Expiry) == 0
        assert edition(session, taken.id).hindrance == "altered"
    told = trail(runtime, river, "due_refused")
    assert sorted(each[1] for each in told) == sorted([str(taken.item_id), str(ended.item_id)])


def test_validity_ends_with_its_last_day_and_the_page_stays(
    each_runtime: Runtime, river: Place, clock: Clock
) -> None:
    with office(each_runtime, river) as desk:
        written = desk.write("暂行办法", validity="有效", valid_until=today())
        desk.pass_all(written)
        expire_scheduled(desk.session, written.id)
        assert count(desk.session, Expiry) == 0, "on its last day it is in force"
        ends_at = written.ends_at
    assert ends_at is not None
    assert ends_at.astimezone(SHANGHAI) - now() < timedelta(days=1)
    assert promised(each_runtime, river) == [ends_at]

    clock.put_forward_to(ends_at)
    for _ in range(2):
        carry_out_due(Work(each_runtime, river.tenant_id))

    with each_runtime.tenant_session(river.tenant_id, reading=True) as session:
        (expiry,) = session.scalars(select(Expiry))
        assert (expiry.edition_id, expiry.signed_name) == (written.id, "审发")
        assert edition(session, written.id).validity == "有效", "what was signed stays as it was"
    assert states(each_runtime, river, written.id) == [PUBLISHED]
    assert trail(each_runtime, river, "item_expired") == [
        ("item_expired", str(written.item_id), "审发")
    ]


def promised(runtime: Runtime, place: Place) -> Sequence[datetime]:
    """When the ledger will look for what is due at a place."""
    with runtime.platform_session(reason="test", reading=True) as session:
        jobs = select(Job.run_at).where(
            Job.kind == WHEN_DUE, Job.for_tenant_id == place.tenant_id, Job.state == "waiting"
        )
        return session.scalars(jobs.order_by(Job.run_at)).all()


# After a time without a worker.


def overslept(desk: Desk, base: datetime) -> dict[str, Edition]:
    """Pages whose times lie between one another, written in another order."""
    late = desk.write("丙", publish_at=base + 4 * AN_HOUR)
    between = desk.write("乙", publish_at=base + AN_HOUR)
    short = desk.write("甲", publish_at=base, withdraw_at=base + 2 * AN_HOUR)
    notice = desk.write("丁", withdraw_at=base + 3 * AN_HOUR)
    for each in (late, between, short, notice):
        desk.pass_all(each)
    follows = save_draft(
        desk.session,
        notice.item_id,
        facts=desk.facts("丁（续）", publish_at=base + 5 * AN_HOUR),
        expected_digest=None,
        by=EDITOR,
    )
    desk.pass_all(follows)
    return {"甲": short, "乙": between, "丙": late, "丁": notice, "续": follows}


def test_all_that_was_due_while_nobody_worked_is_done_once_and_in_the_order_of_its_times(
    each_runtime: Runtime, river: Place, clock: Clock
) -> None:
    base = soon()
    with office(each_runtime, river) as desk:
        made = overslept(desk, base)
        assert [made[each].state for each in "甲乙丙续"] == [SCHEDULED] * 4
    clock.put_forward_to(base + 6 * AN_HOUR)

    for _ in range(2):
        drain(each_runtime, seconds=60)
        carry_out_due(Work(each_runtime, river.tenant_id))

    ids = {name: str(each.item_id) for name, each in made.items()}
    done = trail(each_runtime, river, "items_issued", "item_withdrawn")[1:]  # 丁 was out before
    assert [each[0] for each in done] == [
        "items_issued",
        "items_issued",
        "item_withdrawn",
        "item_withdrawn",
        "items_issued",
        "items_issued",
    ]
    assert [each[1] for each in done if each[0] == "item_withdrawn"] == [ids["甲"], ids["丁"]]
    with each_runtime.tenant_session(river.tenant_id, reading=True) as session:
        numbers = select(Issue.edition_id).order_by(Issue.number)
        order = ["丁", "甲", "乙", "丙", "续"]
        assert list(session.scalars(numbers)) == [made[each].id for each in order]
        slots = session.scalars(select(Slot.item_id).order_by(Slot.number)).all()
        assert slots == [made[each].item_id for each in ("丁", "甲", "乙", "丙")]
        assert count(session, Withdrawal) == 2
    names = [made[each].id for each in ("甲", "乙", "丙", "丁", "续")]
    assert states(each_runtime, river, *names) == [
        WITHDRAWN,
        PUBLISHED,
        PUBLISHED,
        WITHDRAWN,
        PUBLISHED,
    ]


def test_a_lost_job_loses_nothing(
    each_runtime: Runtime, river: Place, clock: Clock, hill: Place
) -> None:
    base = soon()
    with office(each_runtime, river) as desk:
        goes = desk.write("去", publish_at=base)
        ends = desk.write("来", withdraw_at=base)
        for each in (goes, ends):
            desk.pass_all(each)
    with office(each_runtime, hill) as desk:
        theirs = desk.write("外单位的", publish_at=base + timedelta(days=1))
        desk.pass_all(theirs)
    with each_runtime.platform_session(reason="test") as session:
        session.execute(delete(Job).where(Job.kind == WHEN_DUE))
    clock.put_forward_to(base)

    sweep_due(Work(each_runtime, 0))
    drain(each_runtime, seconds=30)

    assert states(each_runtime, river, goes.id, ends.id) == [PUBLISHED, WITHDRAWN]
    assert states(each_runtime, hill, theirs.id) == [SCHEDULED]


def test_the_sweep_is_on_the_timetable(runtime: Runtime) -> None:
    every = [each for area in runtime.areas for each in area.timetable]

    assert [each.seconds for each in every if each.kind == "sweep_due"] == [60]


def test_jobs_that_come_late_early_or_twice_do_nothing_more(runtime: Runtime, river: Place) -> None:
    with office(runtime, river) as desk:
        gone = desk.write("公告", withdraw_at=now() + timedelta(hours=1))
        later = desk.write("通知", publish_at=now() + timedelta(hours=1))
        for each in (gone, later):
            desk.pass_all(each)
        withdraw(desk.session, gone.item_id, reason="内容有误", by=ISSUER)
        unschedule(desk.session, later.id, opinion="日期有变", by=ISSUER)
    for _ in range(2):
        carry_out_due(Work(runtime, river.tenant_id))
    with office(runtime, river) as desk:
        gone.withdraw_at = later.publish_at = None
        for each in (gone, later):
            withdraw_scheduled(desk.session, each.id)
            expire_scheduled(desk.session, each.id)
            issue_scheduled(desk.session, each.id, by=ISSUER)

        assert (count(desk.session, Issue), count(desk.session, Withdrawal)) == (1, 1)
    assert states(runtime, river, gone.id, later.id) == [WITHDRAWN, DRAFT]


def test_two_workers_at_the_same_work_do_each_thing_once_and_in_order(
    each_runtime: Runtime, river: Place, clock: Clock
) -> None:
    base = soon()
    with office(each_runtime, river) as desk:
        made = [
            desk.write(f"第{place}号", publish_at=base + (8 - place) * AN_HOUR)
            for place in range(8)
        ]
        for each in made:
            desk.pass_all(each)
    clock.put_forward_to(base + 8 * AN_HOUR)

    both = [
        threading.Thread(target=carry_out_due, args=(Work(each_runtime, river.tenant_id),))
        for _ in range(2)
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(timeout=30)

    with each_runtime.tenant_session(river.tenant_id, reading=True) as session:
        issued = session.scalars(select(Issue.edition_id).order_by(Issue.number)).all()
        assert issued == [each.id for each in reversed(made)]
    assert trail(each_runtime, river, "due_refused") == []


# What stands in the way.


def test_what_cannot_be_done_stops_nothing_else_is_told_once_and_done_when_it_can_be(
    each_runtime: Runtime, river: Place, clock: Clock
) -> None:
    base = soon()
    with office(each_runtime, river) as desk:
        stuck = desk.write("受阻的", column_id=desk.columns[1].id, publish_at=base)
        other = desk.write("照常的", publish_at=base + AN_HOUR)
        for each in (stuck, other):
            desk.pass_all(each)
        desk.columns[1].state = CLOSED
    clock.put_forward_to(base + AN_HOUR)

    drain(each_runtime, seconds=30)
    carry_out_due(Work(each_runtime, river.tenant_id))

    assert states(each_runtime, river, stuck.id, other.id) == [SCHEDULED, PUBLISHED]
    with office(each_runtime, river) as desk:
        assert edition(desk.session, stuck.id).hindrance == "column_not_open"
        desk.columns[1].state = OPEN
    assert len(trail(each_runtime, river, "due_refused")) == 1

    sweep_due(Work(each_runtime, 0))
    drain(each_runtime, seconds=30)

    with each_runtime.tenant_session(river.tenant_id, reading=True) as session:
        freed = edition(session, stuck.id)
        assert (freed.state, freed.hindrance) == (PUBLISHED, None)


def test_what_breaks_at_one_item_is_done_for_the_others_and_tried_again(
    runtime: Runtime, river: Place, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = soon()
    with office(runtime, river) as desk:
        broken, other = desk.write("甲", publish_at=base), desk.write("乙", publish_at=base)
        for each in (broken, other):
            desk.pass_all(each)
    clock.put_forward_to(base)

    def breaks(session: WalledSession, editions: Sequence[Edition], **said: Any) -> None:
        if editions[0].id == broken.id:
            raise RuntimeError("what nobody foresaw")
        make_public(session, editions, **said)

    with monkeypatch.context() as patched:
        patched.setattr("tenants.review.operations.scheduled.make_public", breaks)
        with pytest.raises(RuntimeError):
            carry_out_due(Work(runtime, river.tenant_id))
    assert states(runtime, river, broken.id, other.id) == [SCHEDULED, PUBLISHED]

    carry_out_due(Work(runtime, river.tenant_id))

    assert states(runtime, river, broken.id, other.id) == [PUBLISHED, PUBLISHED]
