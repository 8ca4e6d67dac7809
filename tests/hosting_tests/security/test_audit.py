"""The trail tells everything that happened, and what was done to it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import delete, select, update

from hosting.runtime.events import Event
from hosting.runtime.ids import new_id
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from hosting.security.audit import AuditEntry, AuditHead, act_as
from hosting.security.audit_verification import Fault, verify
from parts.forging import forging
from parts.platform import Place


@dataclass(frozen=True)
class GateOpened(Event):
    """Something that happens in these tests."""

    gate_id: int
    digest: str = ""


LI = Actor(7, "李晓芸", frozenset({"editor"}))


def open_gates(runtime: Runtime, tenant_id: int, *gates: int) -> None:
    with runtime.tenant_session(tenant_id) as session:
        act_as(session, LI, "203.0.113.7")
        for gate in gates:
            session.record(GateOpened(tenant_id, gate, digest=f"digest of {gate}"))


def trail(session: WalledSession, tenant_id: int) -> list[AuditEntry]:
    return list(
        session.scalars(
            select(AuditEntry)
            .where(AuditEntry.for_tenant_id == tenant_id)
            .order_by(AuditEntry.sequence)
        )
    )


def faults(runtime: Runtime) -> list[Fault]:
    with runtime.platform_session(reason="test", reading=True) as session:
        return list(verify(session, runtime.settings).faults)


def test_a_row_says_when_who_from_where_did_what_to_what(
    each_runtime: Runtime, river: Place
) -> None:
    open_gates(each_runtime, river.tenant_id, 31)

    with each_runtime.platform_session(reason="test", reading=True) as session:
        (entry,) = trail(session, river.tenant_id)

    assert (entry.account_id, entry.account_name, entry.address) == (7, "李晓芸", "203.0.113.7")
    assert (entry.action, entry.object_kind, entry.object_id) == ("gate_opened", "gate", "31")
    assert (entry.object_digest, entry.result) == ("digest of 31", "done")
    assert entry.facts == {"gate_id": 31, "digest": "digest of 31"}


def test_chains_of_tenants_and_platform_are_apart_and_sound(
    each_runtime: Runtime, river: Place, hill: Place
) -> None:
    open_gates(each_runtime, river.tenant_id, 1, 2, 3)
    open_gates(each_runtime, hill.tenant_id, 1)
    open_gates(each_runtime, river.tenant_id, 4)
    with each_runtime.platform_session(reason="test") as session:
        session.record(GateOpened(PLATFORM_ID, 5))
        session.record(GateOpened(hill.tenant_id, 6))

    with each_runtime.platform_session(reason="test", reading=True) as session:
        found = verify(session, each_runtime.settings)
        lengths = [len(trail(session, t)) for t in (river.tenant_id, hill.tenant_id, PLATFORM_ID)]

    assert (found.chains, found.entries, found.faults) == (3, 7, ())
    assert lengths == [4, 2, 1]


def test_what_was_rolled_back_leaves_no_row(runtime: Runtime, river: Place) -> None:
    with pytest.raises(ZeroDivisionError), runtime.tenant_session(river.tenant_id) as session:
        session.record(GateOpened(river.tenant_id, 1))
        raise ZeroDivisionError

    with runtime.platform_session(reason="test", reading=True) as session:
        assert trail(session, river.tenant_id) == []


def test_what_was_rolled_back_leaves_no_row_when_the_session_goes_on(
    runtime: Runtime, river: Place
) -> None:
    with runtime.tenant_session(river.tenant_id) as session:
        session.record(GateOpened(river.tenant_id, 1))
        session.rollback()
        session.record(GateOpened(river.tenant_id, 2))

    with runtime.platform_session(reason="test", reading=True) as session:
        assert [entry.object_id for entry in trail(session, river.tenant_id)] == ["2"]


def test_what_a_savepoint_took_back_leaves_no_row(runtime: Runtime, river: Place) -> None:
    with runtime.tenant_session(river.tenant_id) as session:
        session.record(GateOpened(river.tenant_id, 1))
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            session.record(GateOpened(river.tenant_id, 2))
            raise ZeroDivisionError
        with session.begin_nested():
            session.record(GateOpened(river.tenant_id, 3))

    with runtime.platform_session(reason="test", reading=True) as session:
        assert [entry.object_id for entry in trail(session, river.tenant_id)] == ["1", "3"]
    assert faults(runtime) == []


def test_an_action_whose_row_cannot_be_written_does_not_happen(
    runtime: Runtime, river: Place
) -> None:
    with pytest.raises(TypeError), runtime.tenant_session(river.tenant_id) as session:
        session.add(AuditHead(for_tenant_id=river.tenant_id, sequence=1, hash="x"))
        act_as(session, LI, object())  # type: ignore[arg-type]  # on purpose
        session.record(GateOpened(river.tenant_id, 1))

    with runtime.platform_session(reason="test", reading=True) as session:
        assert session.scalars(select(AuditHead)).all() == []


def alter(session: WalledSession, third: AuditEntry) -> None:
    third.account_name = "王五"


def alter_and_seal_again(session: WalledSession, third: AuditEntry) -> None:
    third.account_name = "王五"
    third.hash = third.seal()


def take_out(session: WalledSession, third: AuditEntry) -> None:
    session.delete(third)


def swap(session: WalledSession, third: AuditEntry) -> None:
    fourth = trail(session, third.for_tenant_id)[3]
    for entry, place in ((third, 99), (fourth, 3), (third, 4)):
        entry.sequence = place
        session.flush()


def put_in(session: WalledSession, third: AuditEntry) -> None:
    for entry in reversed(trail(session, third.for_tenant_id)[2:]):
        entry.sequence += 1
        session.flush()
    values = {c.key: getattr(third, c.key) for c in AuditEntry.__mapper__.column_attrs}
    forged = AuditEntry(**(values | {"id": new_id(), "sequence": 3, "account_name": "王五"}))
    forged.hash = forged.seal()
    session.add(forged)
    session.execute(
        update(AuditHead)
        .where(AuditHead.for_tenant_id == third.for_tenant_id)
        .values(sequence=AuditHead.sequence + 1)
    )


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (alter, [(3, "altered", None)]),
        (alter_and_seal_again, [(3, "altered", None)]),
        (take_out, [(3, "missing", None)]),
        (swap, [(3, "reordered", 4), (4, "reordered", 3)]),
        (
            put_in,
            [
                (3, "inserted", None),
                (4, "reordered", 3),
                (5, "reordered", 4),
                (6, "reordered", 5),
            ],
        ),
    ],
)
def test_a_chain_that_was_touched_says_which_row(
    runtime: Runtime,
    river: Place,
    hill: Place,
    tamper: Callable[[WalledSession, AuditEntry], None],
    expected: list[tuple[int, str, int | None]],
) -> None:
    open_gates(runtime, river.tenant_id, 1, 2, 3, 4, 5)
    open_gates(runtime, hill.tenant_id, 1, 2, 3)

    with forging(runtime) as session:
        tamper(session, trail(session, river.tenant_id)[2])

    found = faults(runtime)
    assert [(f.sequence, f.kind, f.belongs_at) for f in found] == expected
    assert {f.for_tenant_id for f in found} == {river.tenant_id}


def test_a_cut_end_is_missing_and_a_grown_end_is_inserted(runtime: Runtime, river: Place) -> None:
    open_gates(runtime, river.tenant_id, 1, 2, 3)
    with forging(runtime) as session:
        session.delete(trail(session, river.tenant_id)[2])
    assert [(f.sequence, f.kind) for f in faults(runtime)] == [(3, "missing")]

    with forging(runtime) as session:
        session.execute(
            update(AuditHead)
            .where(AuditHead.for_tenant_id == river.tenant_id)
            .values(sequence=1, hash=trail(session, river.tenant_id)[0].hash)
        )
    assert [(f.sequence, f.kind) for f in faults(runtime)] == [(2, "inserted")]


def test_a_chain_without_its_head_or_without_its_rows_is_found(
    runtime: Runtime, river: Place, hill: Place
) -> None:
    open_gates(runtime, river.tenant_id, 1, 2)
    open_gates(runtime, hill.tenant_id, 1, 2)
    with forging(runtime) as session:
        session.execute(delete(AuditHead).where(AuditHead.for_tenant_id == river.tenant_id))
        session.execute(delete(AuditEntry).where(AuditEntry.for_tenant_id == hill.tenant_id))

    assert [replace(f, entry_id=None) for f in faults(runtime)] == [
        Fault(river.tenant_id, 0, "missing"),
        Fault(hill.tenant_id, 1, "missing"),
        Fault(hill.tenant_id, 2, "missing"),
    ]


def test_people_who_act_at_once_make_one_sound_chain(each_runtime: Runtime, river: Place) -> None:
    def act(person: int) -> None:
        for number in range(5):
            open_gates(each_runtime, river.tenant_id, person * 10 + number, person * 10 + 9)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(4)))

    with each_runtime.platform_session(reason="test", reading=True) as session:
        found = verify(session, each_runtime.settings)
    assert (found.entries, found.faults) == (40, ())
