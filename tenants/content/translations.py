"""Items of foreign-language sites and what they are translations of.

An item of a foreign-language site may name one item of the tenant's main site, which is public to
everybody when it is named; no item has two translations on one site. Which of them readers are led
to is read from live editions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from hosting.directory.models import MAIN, Site
from hosting.runtime.errors import Invalid, Problem
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from tenants.content.models import Edition, EditionTranslation, Item
from tenants.content.queries import newest_edition_id, originals_of_editions

_FIELD = "translation_of_id"


@dataclass(frozen=True)
class Version:
    """A public item as the same in one of the tenant's languages."""

    item_id: int
    site_id: int
    path: str


def check_original(
    session: WalledSession, site_id: int, original_id: int | None, *, item_id: int | None = None
) -> None:
    """Raise Invalid unless an item of the site may be a translation of that one.

    Whoever writes here may name it whatever their columns are: it is public. An item (`item_id`,
    None: a new one) keeps the original that it names already, public or not.
    """
    if original_id is None or _names_already(session, item_id, original_id):
        return
    site = session.scalars(select(Site).where(Site.id == site_id)).one()
    if site.is_main:
        raise _invalid("not_foreign", N_("只有外文版的稿件可以填写原文"))
    original = session.scalars(
        select(Item)
        .join(Site, (Site.tenant_id == Item.tenant_id) & (Site.id == Item.site_id))
        .where(Item.id == original_id, Item.live_edition_id.is_not(None), Site.kind == MAIN)
    ).first()
    if original is None:
        raise _invalid("no_such_original", N_("没有找到这篇原文；原文应是本单位主站上已公开的稿件"))
    others = translations_of(session, original_id, site_id=site_id)
    if any(each.id != item_id for each in others):
        raise _invalid("already_translated", N_("这篇原文在本网站已有译文，请打开已有的译文修改"))


def _names_already(session: WalledSession, item_id: int | None, original_id: int) -> bool:
    if item_id is None:
        return False
    newest = session.scalar(select(newest_edition_id()).where(Item.id == item_id))
    return originals_of_editions(session, [newest or 0]).get(newest or 0) == original_id


def _invalid(code: str, message: str) -> Invalid:
    return Invalid(
        "wrong_item", N_("稿件有误，未保存："), problems=[Problem(_FIELD, code, message)]
    )


def translations_of(
    session: WalledSession, original_id: int, *, site_id: int | None = None
) -> Sequence[Item]:
    """Items whose edition on its way or live edition names this one, the oldest first."""
    statement = (
        select(Item)
        .join(Edition, _is_of_item())
        .join(EditionTranslation, _is_of_edition())
        .where(
            EditionTranslation.original_id == original_id,
            or_(Edition.id == Item.draft_edition_id, Edition.id == Item.live_edition_id),
        )
        .order_by(Item.id)
        .distinct()
    )
    if site_id is not None:
        statement = statement.where(Item.site_id == site_id)
    return session.scalars(statement).all()


def _is_of_item() -> ColumnElement[bool]:
    return (Edition.tenant_id == Item.tenant_id) & (Edition.item_id == Item.id)


def _is_of_edition() -> ColumnElement[bool]:
    return (EditionTranslation.tenant_id == Edition.tenant_id) & (
        EditionTranslation.edition_id == Edition.id
    )


def _is_live() -> ColumnElement[bool]:
    return (EditionTranslation.tenant_id == Item.tenant_id) & (
        EditionTranslation.edition_id == Item.live_edition_id
    )


def versions_of(
    session: WalledSession, item_ids: Collection[int], *, is_main: bool
) -> dict[int, Mapping[int, Version]]:
    """Of public items of one site, the same in all languages that readers find it in, by site.

    Items that stand alone are left out: whose original is not public, or another item is its
    translation there. So each version leads to every other. Three queries at most.
    """
    originals = {each: each for each in item_ids} if is_main else _live_originals(session, item_ids)
    groups = _groups(session, set(originals.values()))
    return {
        item_id: groups[original_id]
        for item_id, original_id in originals.items()
        if any(each.item_id == item_id for each in groups.get(original_id, {}).values())
    }


def _live_originals(session: WalledSession, item_ids: Collection[int]) -> dict[int, int]:
    rows = session.execute(
        select(Item.id, EditionTranslation.original_id)
        .join(EditionTranslation, _is_live())
        .where(Item.id.in_(item_ids))
    )
    return {row[0]: row[1] for row in rows}


def _groups(session: WalledSession, original_ids: Collection[int]) -> dict[int, dict[int, Version]]:
    """Originals that are public with their public translations, at least one, by site."""
    translated: dict[int, dict[int, Version]] = defaultdict(dict)
    for original_id, version in _live_translations(session, original_ids):
        translated[original_id].setdefault(version.site_id, version)
    rows = session.execute(
        select(Item.id, Item.site_id, Item.path).where(
            Item.id.in_(translated), Item.live_edition_id.is_not(None)
        )
    )
    found = (Version(*row) for row in rows)
    return {each.item_id: {each.site_id: each, **translated[each.item_id]} for each in found}


def _live_translations(
    session: WalledSession, original_ids: Iterable[int]
) -> list[tuple[int, Version]]:
    named = session.execute(
        select(EditionTranslation.edition_id, EditionTranslation.original_id).where(
            EditionTranslation.original_id.in_(list(original_ids))
        )
    )
    originals = {row[0]: row[1] for row in named}
    if not originals:
        return []
    # Two steps by key: joined with items, SQLite goes through all of the tenant's.
    items = session.scalars(select(Edition.item_id).where(Edition.id.in_(originals)))
    rows = session.execute(
        select(Item.live_edition_id, Item.id, Item.site_id, Item.path)
        .where(Item.id.in_(set(items)))
        .order_by(Item.id)
    )
    return [(originals[row[0]], Version(*row[1:])) for row in rows if row[0] in originals]


def told_with(session: WalledSession, item_ids: Collection[int]) -> Sequence[Item]:
    """Other items whose pages lead, led or may lead to these: originals and translations."""
    named = session.scalars(
        select(EditionTranslation.original_id)
        .join(Edition, _is_of_edition())
        .where(Edition.item_id.in_(item_ids))
        .distinct()
    )
    originals = {*item_ids, *named}
    translated = {version.item_id for _, version in _live_translations(session, originals)}
    others = (originals | translated) - set(item_ids)
    return session.scalars(select(Item).where(Item.id.in_(others))).all() if others else []


def titles_of(session: WalledSession, item_ids: Iterable[int | None]) -> Mapping[int, str]:
    """The titles of items as readers know them, by id; of what is not public, as last written."""
    ids = {each for each in item_ids if each is not None}
    if not ids:
        return {}
    shown = func.coalesce(Item.live_edition_id, newest_edition_id())
    rows = session.execute(
        select(Item.id, Edition.title)
        .join(Edition, (Edition.tenant_id == Item.tenant_id) & (Edition.id == shown))
        .where(Item.id.in_(ids))
    )
    return {row[0]: row[1] for row in rows}
