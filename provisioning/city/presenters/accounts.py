"""Accounts as lists and their page show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hosting.runtime.language import N_
from hosting.security.roles import LABELS
from provisioning.city.presenters.badges import ACCOUNT_STATES, Badge
from provisioning.city.queries.accounts import AccountRow, Held

_CITY = N_("全市")


@dataclass(frozen=True)
class RoleLine:
    """A role in its place; `role` is a msgid, `place` too where `is_city`."""

    membership_id: int
    place: str
    is_city: bool
    role: str
    column: str
    reason: str
    granted_at: datetime
    ends_at: datetime | None
    is_running: bool


@dataclass(frozen=True)
class PlaceLine:
    """What somebody does in one place; `roles` are msgids."""

    name: str
    is_city: bool
    roles: Sequence[str]


@dataclass(frozen=True)
class AccountLine:
    """One account of a list."""

    account_id: int
    name: str
    login: str
    state: Badge
    places: Sequence[PlaceLine]
    seen_at: datetime | None
    created_at: datetime


def account_lines(rows: Iterable[AccountRow]) -> list[AccountLine]:
    """The rows in their order."""
    return [
        AccountLine(
            row.account.id,
            row.account.name,
            row.account.login,
            ACCOUNT_STATES[row.account.state],
            _places(row.held),
            row.seen_at,
            row.account.created_at,
        )
        for row in rows
    ]


def _places(held: Iterable[Held]) -> list[PlaceLine]:
    places: dict[str, list[str]] = {}
    for each in held:
        name = each.tenant.name if each.tenant else ""
        places.setdefault(name, []).append(LABELS[each.role.role])
    return [
        PlaceLine(name or _CITY, not name, list(dict.fromkeys(roles)))
        for name, roles in places.items()
    ]


def role_line(each: Held) -> RoleLine:
    """One role."""
    role = each.role
    return RoleLine(
        role.membership_id,
        each.tenant.name if each.tenant else _CITY,
        each.tenant is None,
        LABELS[role.role],
        each.column.name if each.column else "",
        role.reason,
        role.granted_at,
        role.ends_at,
        role.is_running,
    )
