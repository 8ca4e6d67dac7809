"""Rows of the audit trail as the auditor reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from hosting.runtime.events import Event
from hosting.runtime.language import N_
from hosting.runtime.records import PLATFORM_ID
from provisioning.city.presenters.audit_words import (
    RESULTS,
    fact_words,
    object_words,
    value_words,
)

FAULTS: Mapping[str, str] = {
    "altered": N_("“{place}”第 {sequence} 条被改动"),
    "missing": N_("“{place}”第 {sequence} 条缺失"),
    "inserted": N_("“{place}”第 {sequence} 条是插入的"),
    "reordered": N_("“{place}”第 {sequence} 条被调换，原为第 {belongs_at} 条"),
    "checkpoint_missing": N_("“{place}”第 {sequence} 条处的封存点之前缺少一个封存点"),
    "checkpoint_forged": N_("“{place}”截至第 {sequence} 条的封存点是伪造的"),
}


class Entry(Protocol):
    """What is read of a row of the trail."""

    @property
    def for_tenant_id(self) -> int: ...
    @property
    def sequence(self) -> int: ...
    @property
    def happened_at(self) -> datetime: ...
    @property
    def account_id(self) -> int: ...
    @property
    def account_name(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def object_kind(self) -> str: ...
    @property
    def result(self) -> str: ...
    @property
    def facts(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class AuditLine:
    """One row; `action` and `result` are msgids or, where nobody named them, plain names.

    `who` and `place` are empty for the platform. `kind` is a msgid with a place for `what`.
    `facts` are (msgid or name, text or instant).
    """

    sequence: int
    at: datetime
    who: str
    address: str
    action: str
    place: str
    kind: str
    what: str
    result: str
    is_done: bool
    facts: Sequence[tuple[str, str | datetime]]


def audit_lines(
    rows: Iterable[Entry], places: Mapping[int, str], people: Mapping[int, str]
) -> list[AuditLine]:
    """The rows in their order; `places` are the tenants' names, `people` those of accounts."""
    return [_line(row, places, people) for row in rows]


def account_ids(rows: Iterable[Entry]) -> set[int]:
    """The accounts to which something was done."""
    known = (row.facts.get("account_id") for row in rows)
    return {int(each) for each in known if each is not None}


def _line(row: Entry, places: Mapping[int, str], people: Mapping[int, str]) -> AuditLine:
    facts = {name: _value(name, each, people) for name, each in row.facts.items()}
    return AuditLine(
        row.sequence,
        row.happened_at,
        _who(row),
        row.address,
        _action(row.action),
        place_of(row.for_tenant_id, places),
        object_words(row.object_kind),
        str(facts.get(f"{row.object_kind}_id", "")),
        RESULTS.get(row.result, row.result),
        row.result == "done",
        [(fact_words(name), value) for name, value in facts.items()],
    )


def place_of(tenant_id: int, places: Mapping[int, str]) -> str:
    """The tenant's name, its id where it is gone, "" for the platform."""
    return "" if tenant_id == PLATFORM_ID else places.get(tenant_id, str(tenant_id))


def _action(name: str) -> str:
    kind = Event.registry.get(name)
    return kind.label if kind else name


def _value(name: str, value: Any, people: Mapping[int, str]) -> str | datetime:
    if name == "account_id" and value is not None:
        return people.get(int(value), str(value))
    return value_words(name, value)


def _who(row: Entry) -> str:
    return row.account_name if row.account_id else ""


@dataclass(frozen=True)
class VerificationLine:
    """What one check found; `faults` are (msgid, facts), the first of `fault_count`."""

    at: datetime
    began_at: str
    who: str
    chains: int
    entries: int
    fault_count: int
    faults: Sequence[tuple[str, dict[str, Any]]]


def verification_lines(
    rows: Iterable[Entry], places: Mapping[int, str], city: str
) -> list[VerificationLine]:
    """The checks in their order; `city` is what the platform's own chain is called."""
    return [_verification(row, places, city) for row in rows]


def _verification(row: Entry, places: Mapping[int, str], city: str) -> VerificationLine:
    facts = row.facts
    return VerificationLine(
        row.happened_at,
        facts["began_at"],
        _who(row),
        facts["chains"],
        facts["entries"],
        facts["fault_count"],
        [
            (
                FAULTS[fault["kind"]],
                {**fault, "place": place_of(fault["for_tenant_id"], places) or city},
            )
            for fault in facts["faults"]
        ],
    )
