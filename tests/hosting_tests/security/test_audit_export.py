"""Rows of the trail taken out: what was asked for, no cell that calculates, and a row of it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from hosting.runtime.clock import now
from hosting.runtime.command_line import main
from hosting.runtime.events import Event
from hosting.runtime.runtime import Runtime
from hosting.security import audit_export
from hosting.security.actor import Actor
from hosting.security.audit import act_as, seal
from hosting.security.audit_export import begin_export, export_lines
from hosting.security.audit_queries import AuditFilter
from hosting.security.spreadsheets import csv_lines
from parts.platform import Place

AUDITOR = Actor(9, "审计员", frozenset({"audit_admin"}))


@dataclass(frozen=True)
class DoorTried(Event):
    """Something that happens in these tests."""

    door_id: int
    result: str = "done"


def try_doors(runtime: Runtime, tenant_id: int, name: str, *results: str) -> None:
    with runtime.tenant_session(tenant_id) as session:
        act_as(session, Actor(7, name), "203.0.113.7")
        for number, result in enumerate(results, 1):
            session.record(DoorTried(tenant_id, number, result))


def exported(runtime: Runtime, narrowed: AuditFilter, form: str = "jsonl") -> list[str]:
    with runtime.platform_session(reason="test") as session:
        wanted = begin_export(session, narrowed, form=form, by=AUDITOR)
    return list(export_lines(runtime, wanted, form=form))


@pytest.fixture
def tried(each_runtime: Runtime, river: Place, hill: Place) -> Runtime:
    """Doors tried in two tenants, one of them in vain."""
    try_doors(each_runtime, river.tenant_id, "李晓芸", "done", "refused", "done")
    try_doors(each_runtime, hill.tenant_id, "王建国", "done")
    return each_runtime


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        (AuditFilter(), 4),
        (AuditFilter(tenant_id=101), 3),
        (AuditFilter(words="王建国"), 1),
        (AuditFilter(words="203.0.113.7"), 4),
        (AuditFilter(words="2"), 1),
        (AuditFilter(result="done"), 3),
        (AuditFilter(result="refused"), 1),
        (AuditFilter(action="door_tried", since=now() - timedelta(days=1)), 4),
        (AuditFilter(until=now() - timedelta(days=1)), 0),
        (AuditFilter(action="nothing"), 0),
    ],
)
def test_what_was_asked_for_comes_out_and_nothing_else(
    tried: Runtime, narrowed: AuditFilter, found: int
) -> None:
    assert len(exported(tried, narrowed)) == found


def test_an_export_is_a_row_with_what_was_asked_for_and_how_much_there_was(tried: Runtime) -> None:
    exported(tried, AuditFilter(words="李晓芸", result="done"), "csv")

    (line,) = exported(tried, AuditFilter(action="audit_exported"))
    row = json.loads(line)
    assert (row["account_name"], row["for_tenant_id"]) == ("审计员", "0")
    assert row["facts"] == {
        "form": "csv",
        "entries": 2,
        "filter": {"words": "李晓芸", "result": "done"},
    }


def test_many_rows_come_in_their_order_whatever_the_size_of_a_read(
    tried: Runtime, river: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_export, "_BATCH", 2)

    rows = [json.loads(line) for line in exported(tried, AuditFilter(tenant_id=river.tenant_id))]

    assert [row["sequence"] for row in rows] == [1, 2, 3]


def test_rows_come_out_as_they_were_sealed(tried: Runtime, river: Place) -> None:
    """Whoever has the lines can check the chain without the platform."""
    lines = exported(tried, AuditFilter(tenant_id=river.tenant_id))
    rows = [json.loads(line) for line in lines]

    for before, row in pairwise(rows):
        assert row["previous_hash"] == before["hash"]
    for row in rows:
        sealed = {name: value for name, value in row.items() if name not in ("id", "hash")}
        sealed |= {name: int(row[name]) for name in ("for_tenant_id", "account_id")}
        sealed["happened_at"] = datetime.fromisoformat(row["happened_at"])
        assert seal(sealed) == row["hash"]


@pytest.mark.parametrize("cell", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "  =cmd|' /C calc'!A0"])
def test_no_cell_calculates(runtime: Runtime, river: Place, cell: str) -> None:
    try_doors(runtime, river.tenant_id, cell, "done")

    lines = exported(runtime, AuditFilter(), "csv")

    assert lines[0].startswith("\ufeffid,")
    (row,) = csv.DictReader(io.StringIO("".join(lines).removeprefix("\ufeff")))
    assert row["account_name"] == f"'{cell}"
    assert next(iter(csv_lines(["a"], []))) == "\ufeffa\r\n"


def test_the_command_writes_lines_of_the_days_and_tenant_asked_for(
    runtime: Runtime,
    river: Place,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    try_doors(runtime, river.tenant_id, "李晓芸", "done")
    monkeypatch.setenv("JIYUE_HOME", str(runtime.settings.home))
    told = []
    for more in ((), ("--tenant", "river"), ("--until", "2020-01-01"), ("--since", "2020-01-01")):
        with pytest.raises(SystemExit) as ended:
            main(["audit", "export", *more])
        assert not ended.value.code
        told.append([json.loads(line)["action"] for line in capsys.readouterr().out.splitlines()])

    assert told[:3] == [["door_tried"], ["door_tried"], []]
    assert told[3] == ["door_tried", *["audit_exported"] * 3]
