"""Accounts with the names of the places in which they hold roles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hosting.directory.models import Tenant
from hosting.directory.queries import sites_of_tenant
from hosting.runtime.session import WalledSession
from hosting.security.account_queries import (
    AccountFilter,
    HeldRole,
    account,
    account_rows,
    last_seen,
    roles_by_account,
)
from hosting.security.models import Account
from tenants.sites.models import Column
from tenants.sites.queries import columns_of
from tenants.workspace.queries.columns import in_tree_order


@dataclass(frozen=True)
class Held:
    """A role in its place; `tenant` None: the city, `column` None: all of the tenant."""

    role: HeldRole
    tenant: Tenant | None
    column: Column | None


@dataclass(frozen=True)
class AccountRow:
    """An account with its roles."""

    account: Account
    held: Sequence[Held]
    seen_at: datetime | None

    @property
    def is_city_staff(self) -> bool:
        """Whether the person holds a role on the platform now."""
        return any(each.tenant is None and each.role.is_running for each in self.held)


def account_list(
    session: WalledSession,
    narrowed: AccountFilter,
    *,
    sort: str,
    descending: bool,
    offset: int,
    limit: int,
) -> list[AccountRow]:
    """A page of the list, with the roles that hold now."""
    found = account_rows(
        session, narrowed, sort=sort, descending=descending, offset=offset, limit=limit
    )
    ids = [each.id for each in found]
    roles, seen = roles_by_account(session, ids), last_seen(session, ids)
    named = _placed(session, [each for some in roles.values() for each in some])
    return [
        AccountRow(
            each,
            [named[role.membership_id] for role in roles.get(each.id, ())],
            seen.get(each.id),
        )
        for each in found
    ]


def account_state(session: WalledSession, account_id: int) -> AccountRow:
    """One account with every role it ever held, the newest first; NotFound without one."""
    found = account(session, account_id)
    roles = roles_by_account(session, [account_id], with_ended=True).get(account_id, [])
    named = _placed(session, roles)
    return AccountRow(
        found,
        [named[role.membership_id] for role in reversed(roles)],
        last_seen(session, [account_id]).get(account_id),
    )


def _placed(session: WalledSession, roles: Iterable[HeldRole]) -> dict[int, Held]:
    """Each role in its place, by the id of its membership."""
    roles = list(roles)
    tenant_ids = {role.tenant_id for role in roles}
    column_ids = {role.column_id for role in roles}
    tenants = session.scalars(select(Tenant).where(Tenant.id.in_(tenant_ids)))
    columns = session.scalars(select(Column).where(Column.id.in_(column_ids)))
    tenant_of = {each.id: each for each in tenants}
    column_of = {each.id: each for each in columns}
    return {
        role.membership_id: Held(
            role, tenant_of.get(role.tenant_id), column_of.get(role.column_id or 0)
        )
        for role in roles
    }


def tree_of(session: WalledSession, tenant_id: int) -> list[Column]:
    """The columns of a tenant's sites, the main one first, each in the order of its tree."""
    sites = sites_of_tenant(session, tenant_id)
    return [node for each in sites for node in in_tree_order(columns_of(session, each.id))]
