"""The steps of a tenant's life as they are asked about: what each means, and for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hosting.console.language import say
from hosting.directory.models import Tenant
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from provisioning.city.forms.changes import ClosingForm, StepForm, SuspensionForm
from provisioning.city.presenters.tenants import readable
from provisioning.city.queries.tenants import Size
from provisioning.lifecycle.models import TenantStep
from provisioning.lifecycle.operations import announce_closing, close, resume, suspend

Verb = Callable[[WalledSession, Tenant, Any, Actor], TenantStep]


@dataclass(frozen=True)
class Step:
    """One step; words are msgids. `consequences` may name {hosts} {columns} {items} {people}."""

    question: str
    consequences: tuple[str, ...]
    label: str
    icon: str
    tone: str
    done: str
    form: type[StepForm]
    take: Verb

    @staticmethod
    def facts(size: Size) -> dict[str, Any]:
        """What the consequences name."""
        return {
            "hosts": say(N_("、")).join(readable(host) for host in size.hosts),
            "columns": size.columns,
            "items": size.items,
            "people": size.people,
        }


SUSPENSION = Step(
    N_("暂停“{name}”？"),
    (
        N_("读者访问 {hosts} 时只看到“暂停服务”公告"),
        N_("{columns} 个栏目、{items} 篇稿件全部保留，本单位 {people} 人仍可登录办理"),
        N_("可以随时恢复"),
    ),
    N_("暂停网站"),
    "pause",
    "danger",
    N_("“{name}”已暂停，域名随即显示公告"),
    SuspensionForm,
    lambda session, tenant, form, by: suspend(session, tenant, reason=form.reason.data, by=by),
)

RESUMPTION = Step(
    N_("恢复“{name}”？"),
    (
        N_("{hosts} 重新显示网站内容，关停公告（如有）从页面上撤下"),
        N_("{columns} 个栏目、{items} 篇稿件按原样公开"),
    ),
    N_("恢复网站"),
    "restore",
    "primary",
    N_("“{name}”已恢复"),
    StepForm,
    lambda session, tenant, form, by: resume(session, tenant, reason=form.reason.data, by=by),
)

ANNOUNCEMENT = Step(
    N_("发布“{name}”的关停公告？"),
    (
        N_("{hosts} 的每个网页顶部显示关停日期和内容去向，网站照常访问"),
        N_("公告期满后才能关停，期间可以撤回"),
        N_("涉及 {columns} 个栏目、{items} 篇稿件、{people} 个账号"),
    ),
    N_("发布关停公告"),
    "bell",
    "danger",
    N_("“{name}”的关停公告已发布"),
    ClosingForm,
    lambda session, tenant, form, by: announce_closing(
        session,
        tenant,
        reason=form.reason.data,
        successor=form.successor.data or "",
        notice_until=form.notice_until.data,
        by=by,
    ),
)

CLOSING = Step(
    N_("关停“{name}”？"),
    (
        N_("读者访问 {hosts} 时只看到“已关停”公告，此后不能恢复"),
        N_("{columns} 个栏目、{items} 篇稿件归档保留，不再公开"),
        N_("本单位 {people} 人不能再进入工作台"),
    ),
    N_("关停网站"),
    "archive",
    "danger",
    N_("“{name}”已关停"),
    SuspensionForm,
    lambda session, tenant, form, by: close(session, tenant, reason=form.reason.data, by=by),
)
