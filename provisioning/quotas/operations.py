"""Setting quotas, and refusing what goes beyond them at the write (not at the end of a build)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from hosting.directory.models import Tenant
from hosting.runtime.errors import Invalid, LimitReached, Problem
from hosting.runtime.events import Event
from hosting.runtime.language import N_
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.session import WalledSession
from hosting.security.account_queries import member_count
from hosting.security.actor import Actor
from hosting.security.events import RoleGranted
from provisioning.events import QuotasSet
from provisioning.quotas.queries import item_count, storage_bytes


@dataclass(frozen=True)
class Quotas:
    """How much a tenant may keep; None: as much as it likes."""

    items: int | None = None
    storage_bytes: int | None = None
    accounts: int | None = None

    @classmethod
    def of(cls, tenant: Tenant) -> Quotas:
        """Those that were set for a tenant."""
        known = {field.name for field in fields(cls)}
        return cls(**{key: value for key, value in tenant.quotas.items() if key in known})


def set_quotas(session: WalledSession, tenant: Tenant, *, quotas: Quotas, by: Actor) -> None:
    """Set how much a tenant may keep. What it has beyond that stays. Records QuotasSet."""
    facts = {key: value for key, value in asdict(quotas).items() if value is not None}
    problems = [
        Problem(key, "wrong_quota", N_("配额应为正整数"))
        for key, value in facts.items()
        if value < 1
    ]
    if problems:
        raise Invalid("wrong_quotas", N_("配额未改动："), problems=problems)
    tenant.quotas = facts
    session.record(QuotasSet(tenant.id, facts), by=by)


def check_items(session: WalledSession, happened: Event) -> None:
    """Refuse the transaction that brought a tenant's items beyond its quota."""
    if session.sees_all:
        return
    limit = _quotas(session, happened).items
    if limit is not None and (count := item_count(session, happened.tenant_id)) > limit:
        raise LimitReached(
            "item_quota_reached",
            N_("稿件数量将达到 {count} 篇，超过配额 {limit} 篇，请联系市级管理员调整"),
            count=count,
            limit=limit,
        )


def check_storage(session: WalledSession, happened: Event) -> None:
    """Refuse the transaction that brought a tenant's files beyond its quota."""
    if session.sees_all:
        return
    limit = _quotas(session, happened).storage_bytes
    if limit is not None and (size := storage_bytes(session, happened.tenant_id)) > limit:
        raise LimitReached(
            "storage_quota_reached",
            N_("文件总量将达到 {megabytes} MB，超过配额 {limit} MB，请联系市级管理员调整"),
            megabytes=-(-size // 1_000_000),
            limit=limit // 1_000_000,
        )


def check_accounts(session: WalledSession, happened: RoleGranted) -> None:
    """Refuse the transaction that gave more people a role in a tenant than its quota has."""
    limit = _quotas(session, happened).accounts
    if limit is None:
        return
    if (count := member_count(session, happened.tenant_id)) > limit:
        raise LimitReached(
            "account_quota_reached",
            N_("账号将达到 {count} 个，超过配额 {limit} 个，请联系市级管理员调整"),
            count=count,
            limit=limit,
        )


def _quotas(session: WalledSession, happened: Event) -> Quotas:
    if happened.tenant_id == PLATFORM_ID:
        return Quotas()
    tenant = session.get(Tenant, happened.tenant_id)
    return Quotas() if tenant is None else Quotas.of(tenant)
