"""Tenants, their sites, and the host names under which sites answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hosting.runtime.clock import now
from hosting.runtime.records import READ, LedgerRecord, PlatformRecord, TenantRecord

TENANT_KINDS = ("portal", "county", "department")
TENANT_STATES = ("preparing", "open", "suspended", "closing", "closed")

MAIN, FOREIGN = "main", "foreign"
"""Kinds of site: the tenant's own, and one in a foreign language (外文版)."""

OPEN, CLOSED = "open", "closed"
"""States of a site: its hosts show it, or that it is closed. The tenant's own state comes first."""


class Tenant(PlatformRecord):
    """An organisation hosted here: the city, a county or a department.

    preparing -> open <-> suspended; open|suspended -> closing -> closed.
    """

    __tablename__ = "tenant"
    tenant_rights = READ

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="preparing")
    # Until when content may go public under a migration order; the city sets it, cut-over ends it.
    history_until: Mapped[date | None]
    quotas: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def is_serving(self) -> bool:
        """Whether its sites show content rather than a notice."""
        return self.state in ("preparing", "open", "closing")


class Site(TenantRecord):
    """What has hosts and a public tree: a tenant's main site, or one in a foreign language.

    open <-> closed; the main site is open as long as its tenant is. One site a language.
    """

    __tablename__ = "site"
    __table_args__ = (Index("uq_site_locale", "tenant_id", "locale", unique=True),)

    kind: Mapped[str] = mapped_column(default=MAIN)
    state: Mapped[str] = mapped_column(default=OPEN, server_default=OPEN)
    locale: Mapped[str] = mapped_column(default="zh_Hans_CN")
    name: Mapped[str]
    short_name: Mapped[str] = mapped_column(default="")
    theme: Mapped[str] = mapped_column(default="base")
    main_host: Mapped[str]
    # 网站标识码: issued by the national reporting system, stored and never made here.
    site_id_code: Mapped[str] = mapped_column(default="")
    sponsor: Mapped[str] = mapped_column(default="")
    operator: Mapped[str] = mapped_column(default="")
    icp_number: Mapped[str] = mapped_column(default="")
    police_number: Mapped[str] = mapped_column(default="")
    # address, phone, email: what the footer names.
    contact: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Design tokens the tenant chose, checked by the theme.
    tokens: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Home-page blocks, wanted services, menu and footer links.
    layout: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @property
    def is_main(self) -> bool:
        """Whether it is the tenant's own site, and not one in a foreign language."""
        return self.kind == MAIN

    @property
    def is_open(self) -> bool:
        """Whether its hosts show it, as far as it is up to the site."""
        return self.state == OPEN


class Domain(LedgerRecord):
    """A host name and the site that answers under it."""

    __tablename__ = "domain"
    tenant_rights = READ
    __table_args__ = (UniqueConstraint("host"),)

    host: Mapped[str]
    site_id: Mapped[int] = mapped_column(index=True)
    is_main: Mapped[bool] = mapped_column(default=True)
    bound_at: Mapped[datetime] = mapped_column(default=now)
