"""Lists of accounts with what they may do, for whoever gives out rights. Need platform sessions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hosting.runtime.clock import now
from hosting.runtime.errors import NotFound
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.models import Account, Membership, SignIn


@dataclass(frozen=True)
class AccountFilter:
    """What a list of accounts is narrowed to; None and empty values narrow nothing.

    `role` and `tenant_id` (0: the platform) belong together: somebody who holds that role there.
    """

    words: str = ""
    state: str = ""
    role: str = ""
    tenant_id: int | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The words stand in name or login."""
        found: list[ColumnElement[bool]] = []
        if self.words:
            found.append(
                or_(
                    Account.name.icontains(self.words, autoescape=True),
                    Account.login.icontains(self.words, autoescape=True),
                )
            )
        found += [Account.state == self.state] if self.state else []
        if held := self._held():
            holders = select(Membership.account_id).where(_runs(), *held)
            found.append(Account.id.in_(holders))
        return found

    def _held(self) -> list[ColumnElement[bool]]:
        held = [Membership.role == self.role] if self.role else []
        if self.tenant_id is not None:
            held.append(Membership.for_tenant_id == self.tenant_id)
        return held


_SORTS: dict[str, InstrumentedAttribute[Any]] = {
    "login": Account.login,
    "made": Account.created_at,
}


def account_count(session: WalledSession, narrowed: AccountFilter) -> int:
    """How many accounts a filter leaves."""
    return session.scalar(select(func.count(Account.id)).where(*narrowed.conditions())) or 0


def account_rows(
    session: WalledSession,
    narrowed: AccountFilter,
    *,
    sort: str = "login",
    descending: bool = False,
    offset: int = 0,
    limit: int = 30,
) -> Sequence[Account]:
    """A page of the accounts that a filter leaves, sorted by login or made."""
    key = _SORTS[sort]
    return session.scalars(
        select(Account)
        .where(*narrowed.conditions())
        .order_by(key.desc() if descending else key, Account.id)
        .offset(offset)
        .limit(limit)
    ).all()


def account(session: WalledSession, account_id: int) -> Account:
    """One account; NotFound where there is none."""
    found = session.get(Account, account_id)
    if found is None:
        raise NotFound("no_such_account", N_("没有找到这个账号"))
    return found


def account_names(session: WalledSession, account_ids: Iterable[int]) -> dict[int, str]:
    """How some accounts are told apart by people: name and login."""
    rows = session.execute(
        select(Account.id, Account.name, Account.login).where(Account.id.in_(list(account_ids)))
    )
    return {row.id: f"{row.name} {row.login}" for row in rows}


def membership(session: WalledSession, account_id: int, membership_id: int) -> Membership:
    """One role of an account; NotFound where it has no such one."""
    found = session.get(Membership, membership_id)
    if found is None or found.account_id != account_id:
        raise NotFound("no_such_membership", N_("没有找到这项职责"))
    return found


@dataclass(frozen=True)
class HeldRole:
    """A role that somebody holds or held; `tenant_id` 0 is the platform."""

    membership_id: int
    tenant_id: int
    role: str
    column_id: int | None
    reason: str
    granted_at: datetime
    ends_at: datetime | None
    is_running: bool

    @classmethod
    def of(cls, row: Membership) -> HeldRole:
        """As it stands now."""
        return cls(
            row.id,
            row.for_tenant_id,
            row.role,
            row.column_id,
            row.reason,
            row.granted_at,
            row.ends_at,
            row.is_running(now()),
        )


def roles_by_account(
    session: WalledSession, account_ids: Iterable[int], *, with_ended: bool = False
) -> dict[int, list[HeldRole]]:
    """The roles of some accounts in the order they were granted."""
    query = select(Membership).where(Membership.account_id.in_(list(account_ids)))
    if not with_ended:
        query = query.where(_runs())
    held: dict[int, list[HeldRole]] = defaultdict(list)
    for each in session.scalars(query.order_by(Membership.id)):
        held[each.account_id].append(HeldRole.of(each))
    return held


def last_seen(session: WalledSession, account_ids: Iterable[int]) -> dict[int, datetime]:
    """When each of some accounts was last at the console."""
    rows = session.execute(
        select(SignIn.account_id, func.max(SignIn.seen_at))
        .where(SignIn.account_id.in_(list(account_ids)))
        .group_by(SignIn.account_id)
    )
    return {row[0]: row[1] for row in rows}


def member_count(session: WalledSession, tenant_id: int) -> int:
    """How many people hold a role in a tenant now."""
    return (
        session.scalar(
            select(func.count(Membership.account_id.distinct()))
            .join(Account, Account.id == Membership.account_id)
            .where(Membership.for_tenant_id == tenant_id, Account.state == "active", _runs())
        )
        or 0
    )


def _runs() -> ColumnElement[bool]:
    return or_(Membership.ends_at.is_(None), Membership.ends_at > now())
