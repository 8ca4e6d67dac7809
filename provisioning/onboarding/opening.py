"""What is said of a tenant to be opened, and everything that is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from hosting.directory.models import TENANT_KINDS, Tenant
from hosting.directory.queries import taken_hosts
from hosting.runtime.clock import today
from hosting.runtime.errors import Invalid, Problem, Refusal
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from provisioning.blueprints.blueprint import Blueprint
from provisioning.blueprints.loader import blueprint
from provisioning.domains.names import CheckedHosts, PlatformHosts, check_hosts

CODE = re.compile(r"[a-z][a-z0-9-]{0,30}[a-z0-9]")
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Opening:
    """The facts of a new tenant; `hosts` as people wrote them, the first is the main one.

    `blueprint` empty: the one of its kind. `history_until` None: what was public until today may
    be taken over under a migration order.
    """

    code: str
    name: str
    kind: str
    hosts: tuple[str, ...]
    blueprint: str = ""
    short_name: str = ""
    site_facts: dict[str, str] = field(default_factory=dict)
    history_until: date | None = None

    @property
    def plan(self) -> Blueprint:
        """The blueprint it is opened from, with the tenant's names in it."""
        chosen = blueprint(self.blueprint or self.kind)
        return chosen.named(name=self.name, short_name=self.called)

    @property
    def called(self) -> str:
        """Its short name; 清河县 for 清河县人民政府 where nobody said."""
        return self.short_name.strip() or self.name.strip().removesuffix("人民政府")

    @property
    def history_end(self) -> date:
        """The first day whose content can no longer be taken over as history."""
        return self.history_until or today() + timedelta(days=1)


@dataclass(frozen=True)
class CheckedOpening:
    """An opening against which nothing stands; `warnings` are for whoever opens to know."""

    opening: Opening
    hosts: list[str]
    warnings: list[Problem]


def check_opening(
    session: WalledSession, opening: Opening, *, platform_hosts: PlatformHosts
) -> CheckedOpening:
    """Check all of it, and what is taken already; Invalid lists every problem at once."""
    checked = check_hosts(opening.hosts, kind=opening.kind, platform=platform_hosts)
    problems = [
        *_code_problems(session, opening.code),
        *name_problems(opening.name, opening.short_name),
        *_kind_problems(opening),
        *checked.problems,
        *taken_problems(session, checked),
    ]
    if problems:
        raise Invalid("wrong_opening", N_("租户未开通，请先改正以下各项："), problems=problems)
    return CheckedOpening(opening, checked.hosts, checked.warnings)


def _code_problems(session: WalledSession, code: str) -> list[Problem]:
    if not CODE.fullmatch(code):
        return [
            Problem(
                "code",
                "wrong_code",
                N_("代码“{code}”应为 2 至 32 位小写字母、数字或连字符，以字母开头"),
                {"code": code},
            )
        ]
    if session.scalar(select(Tenant.id).where(Tenant.code == code)) is not None:
        return [Problem("code", "code_taken", N_("代码“{code}”已被占用"), {"code": code})]
    return []


def name_problems(name: str, short_name: str) -> list[Problem]:
    """What is wrong with an organisation's name and its short form."""
    problems = []
    if not name.strip():
        problems.append(Problem("name", "name_missing", N_("请填写单位名称")))
    for field_name, value in (("name", name), ("short_name", short_name)):
        if len(value) > _LONGEST_NAME or not value.isprintable():
            problems.append(
                Problem(
                    field_name,
                    "wrong_name",
                    N_("名称不得超过 {limit} 个字，且不能含有控制字符"),
                    {"limit": _LONGEST_NAME},
                )
            )
    return problems


def _kind_problems(opening: Opening) -> list[Problem]:
    problems = []
    if opening.kind not in TENANT_KINDS:
        facts = {"kind": opening.kind, "known": "、".join(TENANT_KINDS)}
        problems.append(
            Problem("kind", "unknown_kind", N_("没有“{kind}”这种租户；可用的有：{known}"), facts)
        )
    if opening.blueprint or not problems:
        problems += _blueprint_problems(opening.blueprint or opening.kind)
    return problems


def _blueprint_problems(code: str) -> list[Problem]:
    try:
        blueprint(code)
    except Refusal as refusal:
        return [Problem("blueprint", refusal.code, refusal.message, refusal.facts)]
    return []


def taken_problems(session: WalledSession, checked: CheckedHosts) -> list[Problem]:
    """Those of the hosts that some tenant has already."""
    return [
        Problem(
            checked.fields[host],
            "host_taken",
            N_("域名“{host}”已绑定给租户“{tenant}”"),
            {"host": host, "tenant": code},
        )
        for host, code in taken_hosts(session, checked.hosts).items()
    ]
