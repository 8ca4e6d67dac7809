"""What is reviewed, by its name and at its page: an item, what a column shall say, a banner."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for

from hosting.console.language import say
from hosting.runtime.language import N_
from tenants.content.models import BannerMatter, ColumnMatter, Edition, Matter
from tenants.sites.banners import GREY


def title_of(edition: Edition) -> str:
    """How lists call it: an item by its title, a column or a banner as what it is."""
    if edition.banner_facts is not None:
        is_grey = edition.banner_facts["level"] == GREY
        return say(N_("灰度“{title}”") if is_grey else N_("横幅“{title}”"), title=edition.title)
    if edition.column_facts is None:
        return edition.title
    words = N_("关闭栏目“{name}”") if edition.column_facts["closes"] else N_("栏目“{name}”")
    return say(words, name=edition.title)


def place_of(edition: Edition, columns: Mapping[int, str]) -> str:
    """Where it stands: the column's way from the top, or the whole site."""
    if edition.place_id is None:
        return say(N_("全站"))
    return columns.get(edition.place_id, "")


def page_of(matter: Matter, edition: Edition) -> str:
    """Where one sees how it stands: an item's page, of others what is or was to be signed."""
    if isinstance(matter, ColumnMatter | BannerMatter):
        return url_for("workspace.review", edition_id=edition.id)
    return url_for("workspace.item", item_id=matter.id)


def draft_of(matter: Matter) -> str:
    """Where its writer goes on."""
    if isinstance(matter, BannerMatter):
        return url_for("workspace.edit_greyscale" if matter.is_grey else "workspace.edit_banner")
    if isinstance(matter, ColumnMatter):
        return url_for("workspace.edit_column", column_id=matter.column_id)
    return url_for("workspace.draft", item_id=matter.id)
