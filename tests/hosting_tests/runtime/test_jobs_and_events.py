"""What was accepted is done: exactly once for events, at least once for jobs, fairly by tenant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hosting.runtime.areas import Area, Every, Job
from hosting.runtime.clock import now
from hosting.runtime.doorbell import SocketDoorbell
from hosting.runtime.errors import Unavailable
from hosting.runtime.events import Event, OutboxEvent, Subscription
from hosting.runtime.jobs import Job as JobRow
from hosting.runtime.jobs import claim
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.runtime.worker import Work, Worker, drain
from parts.platform import Place


@dataclass(frozen=True)
class BellRung(Event):
    """An event of these tests alone."""

    times: int


class Platforms:
    """Platforms with one more area: a job "test", and perhaps a subscriber or a timetable."""

    def __init__(self) -> None:
        self.opened: list[Runtime] = []

    def __call__(
        self,
        runtime: Runtime,
        run: Callable[..., None],
        *,
        handler: Callable[[WalledSession, BellRung], None] | None = None,
        every: int | None = None,
    ) -> Runtime:
        """The same platform, run by these parts alone."""
        area = Area(
            name="test",
            jobs=(Job("test", run),),
            subscriptions=(Subscription(BellRung, handler),) if handler else (),
            timetable=(Every(every, "test"),) if every else (),
        )
        self.opened.append(Runtime.open(runtime.settings, (area,)))
        return self.opened[-1]


@pytest.fixture
def running() -> Iterator[Platforms]:
    """Opens platforms and closes them after the test."""
    platforms = Platforms()
    yield platforms
    for each in platforms.opened:
        each.close()


def states(runtime: Runtime) -> list[str]:
    """States of all jobs of these tests, in the order of their making."""
    with runtime.platform_session(reason="test", reading=True) as session:
        rows = session.scalars(select(JobRow).where(JobRow.kind == "test").order_by(JobRow.id))
        return [row.state for row in rows]


def test_a_job_runs_once_and_gets_its_ids(
    running: Platforms, each_runtime: Runtime, river: Place
) -> None:
    done: list[tuple[int, int]] = []
    platform = running(each_runtime, lambda work, item_id: done.append((work.tenant_id, item_id)))
    with platform.tenant_session(river.tenant_id) as session:
        session.enqueue("test", item_id=7)

    drain(platform, seconds=10)

    assert done == [(river.tenant_id, 7)]
    assert states(platform) == ["done"]


def test_a_change_that_is_rolled_back_leaves_no_job(
    running: Platforms, each_runtime: Runtime, river: Place
) -> None:
    platform = running(each_runtime, lambda work: None)
    with pytest.raises(RuntimeError), platform.tenant_session(river.tenant_id) as session:
        session.enqueue("test")
        raise RuntimeError

    assert states(platform) == []


def test_waiting_jobs_with_the_same_key_are_one(
    running: Platforms, each_runtime: Runtime, river: Place
) -> None:
    platform = running(each_runtime, lambda work: None)
    for _ in range(3):
        with platform.tenant_session(river.tenant_id) as session:
            session.enqueue("test", key="site", lane="bulk")
    with platform.tenant_session(river.tenant_id) as session:
        session.enqueue("test", key="site", lane="person")

    with platform.platform_session(reason="test", reading=True) as session:
        rows = session.scalars(select(JobRow).where(JobRow.kind == "test")).all()
        assert [(row.state, row.lane) for row in rows] == [("waiting", "person")]


def test_a_burst_of_one_tenant_does_not_keep_another_waiting(
    running: Platforms, each_runtime: Runtime, river: Place, hill: Place
) -> None:
    order: list[int] = []
    platform = running(each_runtime, lambda work: order.append(work.tenant_id))
    with platform.tenant_session(river.tenant_id) as session:
        for _ in range(20):
            session.enqueue("test")
    with platform.tenant_session(hill.tenant_id) as session:
        session.enqueue("test")

    drain(platform, seconds=20)

    assert hill.tenant_id in order[:2]


def test_a_job_of_a_killed_worker_comes_back_when_its_lease_runs_out(
    running: Platforms, each_runtime: Runtime, river: Place
) -> None:
    done: list[int] = []
    platform = running(each_runtime, lambda work: done.append(1))
    with platform.tenant_session(river.tenant_id) as session:
        session.enqueue("test")
    with platform.platform_session(reason="a worker that dies here") as session:
        assert claim(session, ("person",), lease_seconds=60) is not None
    assert not Worker(platform).step()

    with platform.platform_session(reason="time goes by") as session:
        job = session.scalars(select(JobRow).where(JobRow.kind == "test")).one()
        job.lease_until = now() - timedelta(seconds=1)
    drain(platform, seconds=10)

    assert done == [1]


def test_a_failing_job_is_tried_again_later_and_given_up_in_the_end(
    running: Platforms, runtime: Runtime, river: Place
) -> None:
    def fail(work: Work) -> None:
        raise Unavailable("away", N_("暂时不可用"))

    runtime.settings = replace(runtime.settings, job_attempts=2)
    platform = running(runtime, fail)
    with platform.tenant_session(river.tenant_id) as session:
        session.enqueue("test")

    Worker(platform).step()
    assert states(platform) == ["waiting"]
    with platform.platform_session(reason="time goes by") as session:
        job = session.scalars(select(JobRow).where(JobRow.kind == "test")).one()
        assert job.run_at > now()
        job.run_at = now()
    Worker(platform).step()

    assert states(platform) == ["failed"]


def test_an_event_reaches_its_subscriber_exactly_once(
    running: Platforms, each_runtime: Runtime, river: Place
) -> None:
    def enqueue_one(session: WalledSession, event: BellRung) -> None:
        session.enqueue("test", times=event.times)

    seen: list[int] = []
    platform = running(each_runtime, lambda work, times: seen.append(times), handler=enqueue_one)
    with platform.tenant_session(river.tenant_id) as session:
        session.record(BellRung(river.tenant_id, 3))

    drain(platform, seconds=10)
    drain(platform, seconds=10)

    assert seen == [3]


def test_a_subscriber_that_fails_loses_nothing(
    running: Platforms, runtime: Runtime, river: Place
) -> None:
    calls: list[int] = []

    def fail_first(session: WalledSession, event: BellRung) -> None:
        calls.append(1)
        session.enqueue("test")
        if len(calls) == 1:
            raise RuntimeError("killed in the middle")

    platform = running(runtime, lambda work: None, handler=fail_first)
    with platform.tenant_session(river.tenant_id) as session:
        session.record(BellRung(river.tenant_id, 1))
    Worker(platform).step()
    assert states(platform) == []

    with platform.platform_session(reason="time goes by") as session:
        session.scalars(select(OutboxEvent)).one().try_at = now()
    drain(platform, seconds=10)

    assert states(platform) == ["done"]


def test_events_are_left_to_who_hands_them_out_unless_they_wait_for_long(
    running: Platforms, runtime: Runtime, river: Place
) -> None:
    heard: list[int] = []
    platform = running(
        runtime, lambda work: None, handler=lambda session, event: heard.append(event.times)
    )
    with platform.tenant_session(river.tenant_id) as session:
        session.record(BellRung(river.tenant_id, 1))

    # As another process, or one that was stopped in the middle.
    with runtime.database.relay.taken() as is_ours:
        assert is_ours
        Worker(platform).step()
        assert heard == []
        with platform.platform_session(reason="time goes by") as session:
            session.scalars(select(OutboxEvent)).one().try_at = now() - timedelta(seconds=6)
        Worker(platform).step()

    assert heard == [1]


def test_the_timetable_makes_up_missed_turns_once(running: Platforms, runtime: Runtime) -> None:
    turns: list[int] = []
    platform = running(runtime, lambda work: turns.append(1), every=3600)

    drain(platform, seconds=10)
    drain(platform, seconds=10)

    assert turns == [1]


def test_the_doorbell_wakes_a_waiting_worker(runtime: Runtime, river: Place) -> None:
    listener = Runtime.open(runtime.settings, ())
    listener.doorbell.wait(0)
    with runtime.tenant_session(river.tenant_id) as session:
        session.enqueue("test")

    assert listener.doorbell.wait(5)
    listener.close()


def test_a_bell_hangs_in_a_folder_whose_name_no_socket_could_bear(tmp_path: Path) -> None:
    deep = tmp_path / ("深" * 40) / "bells"
    listener = SocketDoorbell(deep)
    listener.wait(0)
    SocketDoorbell(deep).ring()

    assert listener.wait(5)
    listener.close()
    assert not list(deep.iterdir())


def test_where_no_bell_can_hang_the_worker_looks_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("AF_UNIX path too long")

    monkeypatch.setattr("hosting.runtime.doorbell.socket.socket.bind", refuse, raising=False)

    assert SocketDoorbell(tmp_path / "bells").wait(0.01) is False
