"""The workspace's part in the platform."""

from __future__ import annotations

from pathlib import Path

from hosting.console.palette import add_source
from hosting.runtime.areas import Area, MenuEntry, Permission
from hosting.runtime.language import N_
from tenants.workspace import palette
from tenants.workspace.blueprint import blueprint
from tenants.workspace.views import (
    banners,
    column_ends,
    columns,
    desk,
    drafts,
    greyscale,
    items,
    media,
    publication,
    receipts,
    reposts,
    reviews,
    schedule,
    translations,
)

VIEWS = (
    desk,
    items,
    drafts,
    reviews,
    publication,
    receipts,
    reposts,
    schedule,
    columns,
    column_ends,
    banners,
    greyscale,
    media,
    translations,
)
"""Modules whose views stand on the blueprint; named, so that importing them has a reader."""

_REVIEWERS = frozenset({"first_reviewer", "second_reviewer", "issuer"})
_WRITERS = frozenset({"contributor", "editor", "tenant_admin"})

add_source(blueprint, palette.find)

area = Area(
    name="workspace",
    needs=("console", "pages", "receipts", "security"),
    console=(blueprint,),
    permissions=(
        Permission("content.read", N_("查看稿件"), _WRITERS | _REVIEWERS),
        Permission("content.edit", N_("撰写稿件"), _WRITERS),
        Permission("review.read", N_("查看待审稿件"), _REVIEWERS),
        Permission("review.first", N_("初审"), frozenset({"first_reviewer"})),
        Permission("review.second", N_("审核"), frozenset({"second_reviewer"})),
        Permission("review.final", N_("审发、撤稿"), frozenset({"issuer"})),
        Permission(
            "review.secrecy", N_("保密审查"), frozenset({"first_reviewer", "second_reviewer"})
        ),
        Permission("banners.edit", N_("撰写横幅、设置灰度"), frozenset({"editor", "tenant_admin"})),
        Permission(
            "reposts.propose",
            N_("提出长期转载规则"),
            frozenset({"editor", "tenant_admin", "issuer"}),
        ),
        Permission("sites.manage", N_("管理栏目"), frozenset({"tenant_admin"})),
    ),
    menu=(
        MenuEntry(N_("工作台"), "workspace.first_page", "content.read", "", "home", 10),
        MenuEntry(N_("审签"), "workspace.reviews", "review.read", "", "review", 20),
        MenuEntry(N_("稿件"), "workspace.items", "content.read", "content", "documents", 10),
        MenuEntry(N_("时间安排"), "workspace.schedule", "content.read", "content", "calendar", 15),
        MenuEntry(N_("转载"), "workspace.reposts", "content.read", "content", "forward", 18),
        MenuEntry(N_("素材库"), "workspace.media", "content.read", "content", "image", 20),
        MenuEntry(N_("横幅和灰度"), "workspace.banners", "content.read", "content", "bell", 17),
        MenuEntry(N_("栏目"), "workspace.columns", "sites.manage", "site", "tree", 10),
    ),
    translations=Path(__file__).resolve().parents[1] / "translations",
)
