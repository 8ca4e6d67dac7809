"""What is reviewed, by its name and at its page: an item, or what a column shall say."""

from __future__ import annotations

from flask import url_for

from hosting.console.language import say
from hosting.runtime.language import N_
from tenants.content.models import ColumnMatter, Edition, Matter


def title_of(edition: Edition) -> str:
    """How lists call it: an item by its title, a column as the column that it is."""
    if edition.column_facts is None:
        return edition.title
    words = N_("关闭栏目“{name}”") if edition.column_facts["closes"] else N_("栏目“{name}”")
    return say(words, name=edition.title)


def page_of(matter: Matter, edition: Edition) -> str:
    """Where one sees how it stands: an item's page, of a column what is or was to be signed."""
    if isinstance(matter, ColumnMatter):
        return url_for("workspace.review", edition_id=edition.id)
    return url_for("workspace.item", item_id=matter.id)


def draft_of(matter: Matter) -> str:
    """Where its writer goes on."""
    if isinstance(matter, ColumnMatter):
        return url_for("workspace.edit_column", column_id=matter.column_id)
    return url_for("workspace.draft", item_id=matter.id)
