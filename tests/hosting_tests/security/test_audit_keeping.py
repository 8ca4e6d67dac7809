"""The trail is kept for its time; what stands for older rows is signed, and cannot be made up."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from hosting.runtime.clock import now
from hosting.runtime.ids import new_id
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.runtime.worker import Work
from hosting.security import audit, audit_keeping
from hosting.security.audit import AuditEntry
from hosting.security.audit_checkpoints import AuditCheckpoint
from hosting.security.audit_keeping import Pruned
from hosting.security.audit_key import audit_key, key_path, make_audit_key
from hosting.security.jobs import prune_audit
from parts.forging import forging
from parts.old_trail import cut, faults, left, ring
from parts.platform import Place


def stones(runtime: Runtime, tenant_id: int) -> list[AuditCheckpoint]:
    with runtime.platform_session(reason="test", reading=True) as session:
        return list(
            session.scalars(
                select(AuditCheckpoint)
                .where(AuditCheckpoint.for_tenant_id == tenant_id)
                .order_by(AuditCheckpoint.number)
            )
        )


def test_init_makes_a_key_that_its_owner_alone_can_read(runtime: Runtime) -> None:
    assert make_audit_key(runtime.settings)
    first = audit_key(runtime.settings).public

    assert not make_audit_key(runtime.settings)
    assert stat.S_IMODE(key_path(runtime.settings).stat().st_mode) == 0o600
    assert audit_key(runtime.settings).public == first
    assert len(bytes.fromhex(first)) == 32


def test_old_rows_give_way_to_a_signed_checkpoint(aged: Runtime, river: Place, hill: Place) -> None:
    done = cut(aged)

    assert (done.chains, done.entries, done.held_back) == (2, 4, ())
    assert left(aged, river.tenant_id) == [4, 5]
    assert left(aged, hill.tenant_id) == []
    (stone,) = stones(aged, river.tenant_id)
    assert (stone.number, stone.through_sequence, stone.entries) == (1, 3, 3)
    assert stone.algorithm == "ed25519"
    assert now() - stone.first_at > timedelta(days=499)
    assert faults(aged) == []


def test_a_pruned_chain_goes_on_and_is_pruned_again(
    aged: Runtime, river: Place, hill: Place, at: Callable[[timedelta], None]
) -> None:
    cut(aged)
    at(timedelta(days=450))
    ring(aged, hill.tenant_id, 2, 3)
    assert faults(aged) == []

    cut(aged)

    first, second = stones(aged, hill.tenant_id)
    assert (second.number, second.through_sequence, second.entries) == (2, 3, 2)
    assert second.previous_hash == first.hash
    at(timedelta())
    ring(aged, hill.tenant_id, 4)
    assert left(aged, hill.tenant_id) == [4]
    assert faults(aged) == []
    assert cut(aged) == Pruned(0, 0, ())


def test_pruning_that_is_killed_after_its_checkpoint_is_finished_next_time(
    aged: Runtime, river: Place, hill: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(audit_keeping, "_remove_covered", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            cut(aged)
    cut_short = next(each for each in (river, hill) if stones(aged, each.tenant_id))
    assert faults(aged) == [], "what is on its way out is no fault"

    cut(aged)

    assert left(aged, cut_short.tenant_id) == ([4, 5] if cut_short == river else [])
    assert len(stones(aged, cut_short.tenant_id)) == 1
    assert faults(aged) == []


def test_rows_that_were_touched_are_evidence_and_stay(aged: Runtime, river: Place) -> None:
    with forging(aged) as session:
        session.execute(
            update(AuditEntry)
            .where(AuditEntry.for_tenant_id == river.tenant_id, AuditEntry.sequence == 2)
            .values(account_name="别人")
        )

    done = cut(aged)

    assert done.held_back == (river.tenant_id,)
    assert left(aged, river.tenant_id) == [1, 2, 3, 4, 5]
    assert stones(aged, river.tenant_id) == []


def forge(session: WalledSession, stone: AuditCheckpoint) -> None:
    """A chain cut one row further, its hashes made right, without the key."""
    fourth = session.scalars(
        select(AuditEntry).where(
            AuditEntry.for_tenant_id == stone.for_tenant_id, AuditEntry.sequence == 4
        )
    ).one()
    stone.through_sequence, stone.through_hash = 4, fourth.hash
    stone.hash = hashlib.sha256(stone.text()).hexdigest()
    session.delete(fourth)


def forge_a_second(session: WalledSession, stone: AuditCheckpoint) -> None:
    values = {c.key: getattr(stone, c.key) for c in AuditCheckpoint.__mapper__.column_attrs}
    second = AuditCheckpoint(**values | {"id": new_id(), "number": 2})
    second.previous_hash = stone.hash
    forge(session, second)
    session.add(second)


def change_the_count(session: WalledSession, stone: AuditCheckpoint) -> None:
    stone.entries += 1


def name_another_algorithm(session: WalledSession, stone: AuditCheckpoint) -> None:
    stone.algorithm = "none"


def take_out(session: WalledSession, stone: AuditCheckpoint) -> None:
    session.delete(stone)


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (forge, [(4, "checkpoint_forged")]),
        (forge_a_second, [(4, "checkpoint_forged")]),
        (change_the_count, [(3, "checkpoint_forged")]),
        (name_another_algorithm, [(3, "checkpoint_forged")]),
        (take_out, [(1, "missing"), (2, "missing"), (3, "missing")]),
    ],
)
def test_a_checkpoint_that_was_touched_is_found(
    aged: Runtime,
    river: Place,
    tamper: Callable[[WalledSession, AuditCheckpoint], None],
    expected: list[tuple[int, str]],
) -> None:
    cut(aged)
    with forging(aged) as session:
        found = select(AuditCheckpoint).where(AuditCheckpoint.for_tenant_id == river.tenant_id)
        tamper(session, session.scalars(found).one())

    assert [each[1:] for each in faults(aged)] == expected
    assert {each[0] for each in faults(aged)} == {river.tenant_id}


def test_a_checkpoint_that_is_missing_between_two_is_found(
    aged: Runtime, hill: Place, at: Callable[[timedelta], None]
) -> None:
    cut(aged)
    at(timedelta(days=450))
    ring(aged, hill.tenant_id, 2)
    cut(aged)
    with forging(aged) as session:
        session.execute(
            delete(AuditCheckpoint).where(
                AuditCheckpoint.for_tenant_id == hill.tenant_id, AuditCheckpoint.number == 1
            )
        )

    assert faults(aged) == [(hill.tenant_id, 2, "checkpoint_missing")]


def test_what_follows_a_checkpoint_has_to_be_what_followed_it(aged: Runtime, river: Place) -> None:
    cut(aged)
    with forging(aged) as session:
        rows = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.for_tenant_id == river.tenant_id)
            .order_by(AuditEntry.sequence)
        ).all()
        rows[0].previous_hash = "f" * 64
        rows[0].hash = rows[1].previous_hash = rows[0].seal()
        rows[1].hash = rows[1].seal()
        session.execute(
            update(audit.AuditHead)
            .where(audit.AuditHead.for_tenant_id == river.tenant_id)
            .values(hash=rows[1].hash)
        )

    assert faults(aged) == [(river.tenant_id, 4, "altered")]


def test_the_daily_job_says_in_the_trail_what_it_pruned(aged: Runtime, river: Place) -> None:
    prune_audit(Work(aged, PLATFORM_ID))
    prune_audit(Work(aged, PLATFORM_ID))

    with aged.platform_session(reason="test", reading=True) as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action == "audit_pruned")).all()
    assert [(row.facts["chains"], row.facts["entries"]) for row in rows] == [(2, 4)]
    assert faults(aged) == []
