"""Turning facts into edition rows: cleaned, checked, digested; one or many, in the same way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from hosting.runtime.clock import now
from hosting.runtime.errors import Invalid, Problem
from hosting.runtime.ids import new_id
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession, insert_many
from hosting.security.actor import Actor
from hosting.security.html import clean
from hosting.security.html_text import body_text
from tenants.content.facts import ROW_FIELDS, EditionFacts, digest_of, problems_of
from tenants.content.models import (
    DRAFT,
    Edition,
    EditionAsset,
    EditionColumn,
    EditionTranslation,
)
from tenants.media.models import DIGEST_LENGTH, Asset
from tenants.media.queries import assets, assets_by_digest, referenced_digests
from tenants.sites.models import Column

ATTACHMENT, IMAGE = "attachment", "image"


@dataclass(frozen=True)
class CleanFacts:
    """Facts whose text went through the sanitiser; made by `clean_facts` alone.

    Cleaning takes a millisecond a page, so bulk imports do it before their transaction.
    """

    facts: EditionFacts
    body_text: str
    image_digests: tuple[str, ...]


def clean_facts(facts: EditionFacts | CleanFacts) -> CleanFacts:
    """Sanitise the text and take its plain words and images out; what is clean stays as it is."""
    if isinstance(facts, CleanFacts):
        return facts
    body = clean(facts.body_html)
    cleaned = replace(
        facts,
        title=" ".join(facts.title.split()),
        body_html=body,
        extra_column_ids=tuple(sorted(set(facts.extra_column_ids) - {facts.column_id})),
    )
    return CleanFacts(cleaned, body_text(body), tuple(referenced_digests(body)))


@dataclass(frozen=True)
class Draft:
    """An edition about to be written, with the rows that go with it."""

    row: dict[str, Any]
    asset_rows: list[dict[str, Any]]
    column_rows: list[dict[str, Any]]
    translation_rows: list[dict[str, Any]]

    @property
    def digest(self) -> str:
        """The digest of all it says."""
        return str(self.row["digest"])


def draft_editions(
    session: WalledSession,
    site_id: int,
    many: Sequence[CleanFacts],
    *,
    by: Actor,
    names: Sequence[str] | None = None,
) -> list[Draft]:
    """Check facts against the tenant's columns and files and make rows of them, in order.

    Two queries however many there are. The rows lack `item_id` and `number`. Raises Invalid with
    every problem; `names` say where each stands ("line 12").
    """
    columns = _known_columns(session, site_id)
    attached = assets(session, (a.asset_id for each in many for a in each.facts.attachments))
    shown = _shown_images(session, many)
    problems: list[Problem] = []
    drafts: list[Draft] = []
    for place, each in enumerate(many):
        prefix = f"{names[place]}: " if names else ""
        wrong = problems_of(each.facts, prefix=prefix)
        wrong += _reference_problems(each, columns, attached, shown, prefix)
        problems += wrong
        if not wrong:
            drafts.append(_draft(each, attached, shown, by))
    if problems:
        raise Invalid("wrong_item", N_("稿件有误，未保存："), problems=problems)
    return drafts


def write_editions(session: WalledSession, drafts: Sequence[Draft]) -> None:
    """Insert editions whose rows are complete, with their files, columns and originals."""
    insert_many(session, Edition, [each.row for each in drafts])
    insert_many(session, EditionAsset, [row for each in drafts for row in each.asset_rows])
    insert_many(session, EditionColumn, [row for each in drafts for row in each.column_rows])
    translated = [row for each in drafts for row in each.translation_rows]
    insert_many(session, EditionTranslation, translated)


def _known_columns(session: WalledSession, site_id: int) -> set[int]:
    return set(session.scalars(select(Column.id).where(Column.site_id == site_id)))


def _shown_images(session: WalledSession, many: Sequence[CleanFacts]) -> dict[str, Asset]:
    """Files that the texts refer to, by their short digest."""
    wanted = [digest for each in many for digest in each.image_digests]
    return {each.digest[:DIGEST_LENGTH]: each for each in assets_by_digest(session, wanted)}


def _reference_problems(
    each: CleanFacts,
    columns: set[int],
    attached: dict[int, Asset],
    shown: dict[str, Asset],
    prefix: str,
) -> list[Problem]:
    problems: list[Problem] = []
    if not {each.facts.column_id, *each.facts.extra_column_ids} <= columns:
        problems.append(Problem(prefix + "column_id", "no_such_column", N_("没有找到这个栏目")))
    if any(a.asset_id not in attached for a in each.facts.attachments):
        problems.append(Problem(prefix + "attachments", "no_such_asset", N_("没有找到这个附件")))
    if missing := [digest for digest in each.image_digests if digest not in shown]:
        problems.append(
            Problem(
                prefix + "body_html",
                "image_missing",
                N_("正文引用了 {count} 个不在本单位素材库中的文件，请重新上传"),
                {"count": len(missing)},
            )
        )
    return problems


def _draft(
    each: CleanFacts, attached: dict[int, Asset], shown: dict[str, Asset], by: Actor
) -> Draft:
    facts = each.facts
    images = [shown[digest] for digest in each.image_digests]
    digest = digest_of(
        facts,
        attachments=[(a.name, attached[a.asset_id].digest) for a in facts.attachments],
        images=[image.digest for image in images],
    )
    edition_id = new_id()
    row = {field: getattr(facts, field) for field in ROW_FIELDS}
    row |= {
        "id": edition_id,
        "state": DRAFT,
        "body_text": each.body_text,
        "lost_attachments": list(facts.lost_attachments),
        "digest": digest,
        "written_by": [by.account_id],
        "written_at": now(),
    }
    return Draft(
        row,
        _asset_rows(edition_id, facts, images),
        [
            {"id": new_id(), "edition_id": edition_id, "column_id": column_id}
            for column_id in facts.extra_column_ids
        ],
        _translation_rows(edition_id, facts),
    )


def _translation_rows(edition_id: int, facts: EditionFacts) -> list[dict[str, Any]]:
    if facts.translation_of_id is None:
        return []
    return [{"id": new_id(), "edition_id": edition_id, "original_id": facts.translation_of_id}]


def _asset_rows(
    edition_id: int, facts: EditionFacts, images: Sequence[Asset]
) -> list[dict[str, Any]]:
    shown = [(ATTACHMENT, a.asset_id, a.name) for a in facts.attachments]
    shown += [(IMAGE, image.id, "") for image in images]
    return [
        {
            "id": new_id(),
            "edition_id": edition_id,
            "asset_id": asset_id,
            "role": role,
            "position": position,
            "name": name,
        }
        for position, (role, asset_id, name) in enumerate(shown)
    ]
