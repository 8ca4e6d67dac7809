"""What a column may be called and where it may stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hosting.runtime.errors import Forbidden, Problem
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.sites.models import COLUMN_KINDS, MAXIMUM_DEPTH
from tenants.sites.queries import lineages

_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?")
# Paths of pages that are no columns: items, media, assets, list pages.
_TAKEN_AT_TOP = frozenset({"art", "m", "assets", "feeds", "sitemap"})

COLUMN_TYPES = (
    "首页",
    "概况信息",
    "机构职能",
    "负责人信息",
    "工作动态",
    "政策文件",
    "信息公开指南",
    "信息公开目录",
    "信息公开年报",
    "依申请公开",
    "数据发布",
    "数据开放",
    "政策解读",
    "回应关切",
    "办事服务",
    "咨询投诉",
    "征集调查",
    "在线访谈",
)
"""ColumnType values of the page-label rules; the official list is open at its end."""


MANAGER = "tenant_admin"
"""The role that keeps columns."""


@dataclass(frozen=True)
class ColumnFacts:
    """What a person says of a column."""

    name: str
    slug: str
    kind: str = "column"
    description: str = ""
    keywords: str = ""
    column_type: str = ""
    update_class: str = "default"
    update_days: int | None = None
    page_size: int = 20
    theme_variant: str = ""


@dataclass(frozen=True)
class ColumnProposal:
    """What is signed of a column: its facts, where it stands, or that it goes.

    `place` is where among its siblings: "" (there where it is), "first", or the id, as text, of the
    column it follows.
    """

    facts: ColumnFacts
    place: str = ""
    closes: bool = False


def problems_of(facts: ColumnFacts, *, depth: int, prefix: str = "") -> list[Problem]:
    """All that is wrong with a column's facts at this depth; fields are named with the prefix."""
    problems: list[Problem] = []

    def refuse(field: str, code: str, message: str, **said: object) -> None:
        problems.append(Problem(prefix + field, code, message, said))

    if not 1 <= len(facts.name.strip()) <= 40:
        refuse("name", "wrong_column_name", N_("栏目名称应为 1 至 40 个字"))
    if not _SLUG.fullmatch(facts.slug):
        refuse(
            "slug",
            "wrong_slug",
            N_("路径名“{slug}”只能用小写字母、数字和连字符，且不以连字符开头或结尾"),
            slug=facts.slug,
        )
    if depth == 1 and facts.slug in _TAKEN_AT_TOP:
        refuse("slug", "slug_reserved", N_("路径名“{slug}”由平台保留"), slug=facts.slug)
    if facts.kind not in COLUMN_KINDS:
        refuse("kind", "wrong_column_kind", N_("栏目类别只能是栏目或子站"))
    if depth > MAXIMUM_DEPTH:
        refuse("parent", "column_too_deep", N_("栏目最多 {limit} 级"), limit=MAXIMUM_DEPTH)
    if not 5 <= facts.page_size <= 100:
        refuse("page_size", "wrong_page_size", N_("每页条数应为 5 至 100"))
    if facts.update_days is not None and not 1 <= facts.update_days <= 3660:
        refuse("update_days", "wrong_update_days", N_("更新期限应为 1 至 3660 天"))
    return problems


def check_manager(session: WalledSession, by: Actor, column_id: int | None) -> None:
    """Raise Forbidden for an administrator who is confined to other columns (None: the top)."""
    confined = by.columns.get(MANAGER)
    if confined is None:
        return
    line = () if column_id is None else lineages(session).get(column_id, ())
    if confined.isdisjoint(line):
        raise Forbidden("column_not_yours", N_("这个栏目不在您的管理范围内"))
