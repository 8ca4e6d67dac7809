"""Translations as people work on them: what there is of an item, and what has fallen behind.

A translation is behind when its original was issued anew after the translation was last written,
and alone when its original is not public any more. Nothing is done to it by itself: what it says
may still hold, and whoever answers for it decides, as for all that is signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from hosting.directory.models import Site
from hosting.directory.queries import main_site, sites_of_tenant
from hosting.runtime.errors import NotFound
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.facts import EditionFacts
from tenants.content.models import Edition, EditionTranslation, Item
from tenants.content.queries import WITHOUT_TEXT, edition, item, newest_edition_id
from tenants.content.rules import reach_of
from tenants.content.translations import translations_of
from tenants.review.models import Issue
from tenants.workspace.queries.items import writable_columns

MISSING, CURRENT, BEHIND, ALONE = "missing", "current", "behind", "alone"
"""How a translation stands to its original: there is none; it is of the newest edition; the
original was issued anew since; the original is not public any more."""


@dataclass(frozen=True)
class Translated:
    """What one of the tenant's foreign-language sites has of an item."""

    site: Site
    item: Item | None
    edition: Edition | None
    standing: str
    may_translate: bool


@dataclass(frozen=True)
class Original:
    """What an edition is a translation of, in the words of its live or last edition."""

    item: Item
    edition: Edition
    standing: str


def translated(session: WalledSession, original: Item, by: Actor) -> list[Translated]:
    """An item of the main site in each foreign language; empty for any other."""
    foreign = [each for each in sites_of_tenant(session, session.tenant_id) if not each.is_main]
    if not foreign or original.site_id in {each.id for each in foreign}:
        return []
    found = {each.site_id: each for each in reversed(translations_of(session, original.id))}
    lines = []
    for site in foreign:
        own = found.get(site.id)
        shown = _newest(session, own) if own else None
        standing = _standing(session, original, shown) if shown else MISSING
        may = original.live_edition_id is not None and bool(writable_columns(session, by, site.id))
        lines.append(Translated(site, own, shown, standing, may))
    return lines


def _newest(session: WalledSession, found: Item) -> Edition:
    newest = session.scalar(select(newest_edition_id()).where(Item.id == found.id))
    return edition(session, newest or 0)


def _standing(session: WalledSession, original: Item, written: Edition) -> str:
    if original.live_edition_id is None:
        return ALONE
    issued_at = session.scalar(
        select(Issue.issued_at).where(Issue.edition_id == original.live_edition_id)
    )
    return BEHIND if issued_at is not None and issued_at > written.written_at else CURRENT


def original_of(
    session: WalledSession, translation_of_id: int | None, written: Edition | None = None
) -> Original | None:
    """What an edition that names this item is a translation of; None for what names nothing.

    Without an edition it is about to be written.
    """
    if translation_of_id is None:
        return None
    found = item(session, translation_of_id)
    live = found.live_edition_id
    shown = edition(session, live) if live else _newest(session, found)
    standing = CURRENT if live else ALONE
    return Original(
        found, shown, standing if written is None else _standing(session, found, written)
    )


def public_original(session: WalledSession, item_id: int) -> Original:
    """A public item of the main site, which whoever translates may read; NotFound for any other."""
    found = item(session, item_id)
    if found.live_edition_id is None or found.site_id != main_site(session).id:
        raise NotFound("no_such_item", N_("没有找到这篇稿件"))
    return Original(found, edition(session, found.live_edition_id), CURRENT)


def to_translate(facts: EditionFacts, original_id: int) -> EditionFacts:
    """What the draft of a translation begins with: the texts, files and header of the original.

    Where it stands, when it goes out and whose it is are the translation's own.
    """
    return replace(
        facts,
        translation_of_id=original_id,
        column_id=0,
        extra_column_ids=(),
        keywords="",
        source_name="",
        source_url="",
        author="",
        original_date=None,
        original_date_source="",
        publish_at=None,
        withdraw_at=None,
    )


@dataclass(frozen=True)
class Behind:
    """A translation that its original has left behind."""

    item: Item
    edition: Edition
    standing: str


def behind(session: WalledSession, by: Actor, *, limit: int) -> list[Behind]:
    """Translations within a person's reach that are behind or alone, the longest written first."""
    original, reach = aliased(Item), reach_of(session, by)
    gone = original.live_edition_id.is_(None)
    statement = (
        select(Item, Edition, gone)
        .join(Edition, (Edition.tenant_id == Item.tenant_id) & (Edition.id == _shown()))
        .join(EditionTranslation, _names())
        .join(
            original,
            (original.tenant_id == EditionTranslation.tenant_id)
            & (original.id == EditionTranslation.original_id),
        )
        .outerjoin(
            Issue,
            (Issue.tenant_id == original.tenant_id)
            & (Issue.edition_id == original.live_edition_id),
        )
        .where(or_(gone, Issue.issued_at > Edition.written_at))
        .options(*WITHOUT_TEXT)
        .order_by(Edition.written_at, Edition.id)
        .limit(limit)
    )
    if reach.column_ids is not None:
        statement = statement.where(
            or_(Edition.column_id.in_(reach.column_ids), Item.created_by == reach.created_by)
        )
    return [
        Behind(row[0], row[1], ALONE if row[2] else BEHIND) for row in session.execute(statement)
    ]


def _shown() -> ColumnElement[int]:
    """The edition on its way, else the live one; what is neither needs no care."""
    return func.coalesce(Item.draft_edition_id, Item.live_edition_id)


def _names() -> ColumnElement[bool]:
    return and_(
        EditionTranslation.tenant_id == Edition.tenant_id,
        EditionTranslation.edition_id == Edition.id,
    )


@dataclass(frozen=True)
class Candidate:
    """A public item of the main site, and the foreign site's translation of it, if there is one."""

    item: Item
    edition: Edition
    translation: Item | None


def _public(session: WalledSession, words: str) -> Select[Item, Edition]:
    statement = (
        select(Item, Edition)
        .join(Edition, (Edition.tenant_id == Item.tenant_id) & (Edition.id == Item.live_edition_id))
        .where(Item.site_id == main_site(session).id)
        .options(*WITHOUT_TEXT)
    )
    return statement.where(Edition.title.icontains(words, autoescape=True)) if words else statement


def candidate_count(session: WalledSession, words: str) -> int:
    """How many public items of the main site have these words in their titles."""
    counted = _public(session, words).with_only_columns(Edition.id).subquery()
    return session.scalar(select(func.count()).select_from(counted)) or 0


def candidates(
    session: WalledSession, site_id: int, words: str, *, offset: int, limit: int
) -> Sequence[Candidate]:
    """A page of them, the last issued first; whoever writes on the site may read them all."""
    rows = session.execute(
        _public(session, words)
        .order_by(Item.published_at.desc(), Item.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()
    known = _known(session, site_id, [row[0].id for row in rows])
    return [Candidate(row[0], row[1], known.get(row[0].id)) for row in rows]


def _known(session: WalledSession, site_id: int, item_ids: Sequence[int]) -> dict[int, Item]:
    rows = session.execute(
        select(EditionTranslation.original_id, Item)
        .join(Edition, _names())
        .join(Item, (Item.tenant_id == Edition.tenant_id) & (Item.id == Edition.item_id))
        .where(
            EditionTranslation.original_id.in_(item_ids),
            Item.site_id == site_id,
            or_(Edition.id == Item.draft_edition_id, Edition.id == Item.live_edition_id),
        )
    )
    return {row[0]: row[1] for row in rows}
