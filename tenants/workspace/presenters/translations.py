"""Originals and translations in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hosting.runtime.language import N_, language_of
from hosting.runtime.settings import Settings
from tenants.content.models import Edition, Item
from tenants.workspace.presenters.states import Badge, badges_of
from tenants.workspace.queries.translations import (
    ALONE,
    BEHIND,
    CURRENT,
    MISSING,
    Candidate,
    Original,
    Translated,
)

STANDINGS: Mapping[str, Badge] = {
    MISSING: Badge(N_("未翻译"), "neutral", "draft"),
    CURRENT: Badge(N_("与原文一致"), "good", "done"),
    BEHIND: Badge(N_("译文待更新"), "warn", "warning"),
    ALONE: Badge(N_("原文已撤下"), "bad", "withdraw"),
}


@dataclass(frozen=True)
class OriginalLine:
    """What an item is a translation of; `address` is where readers find it, "" where nowhere."""

    item_id: int
    title: str
    address: str
    standing: Badge
    is_behind: bool
    is_alone: bool


@dataclass(frozen=True)
class TranslationLine:
    """An item in one foreign language; `item_id` None: there is none yet."""

    site_id: int
    language: str
    tag: str
    item_id: int | None
    title: str
    badges: Sequence[Badge]
    may_translate: bool


@dataclass(frozen=True)
class Languages:
    """What an item's page says of other languages; `titles` as changes.Names wants them."""

    original: OriginalLine | None
    translations: Sequence[TranslationLine]

    @property
    def titles(self) -> Mapping[int, str]:
        """The original's title by its id."""
        return {self.original.item_id: self.original.title} if self.original else {}


def original_line(original: Original | None, host: str, settings: Settings) -> OriginalLine | None:
    """The original in words; `host` is the main site's."""
    if original is None:
        return None
    is_public = original.item.live_edition_id is not None
    return OriginalLine(
        original.item.id,
        original.edition.title,
        settings.address(host, original.item.path) if is_public else "",
        STANDINGS[original.standing],
        original.standing == BEHIND,
        original.standing == ALONE,
    )


def translation_lines(found: Sequence[Translated]) -> list[TranslationLine]:
    """A line for each foreign language."""
    return [
        TranslationLine(
            each.site.id,
            language_of(each.site.locale).name,
            language_of(each.site.locale).tag,
            each.item.id if each.item else None,
            each.edition.title if each.edition else "",
            _badges(each.item, each.edition, each.standing),
            each.may_translate,
        )
        for each in found
    ]


def _badges(item: Item | None, edition: Edition | None, standing: str) -> list[Badge]:
    if item is None or edition is None:
        return [STANDINGS[standing]]
    return [*badges_of(item, edition), STANDINGS[standing]]


@dataclass(frozen=True)
class CandidateLine:
    """A public item of the main site to be translated, or its translation to go on with."""

    item_id: int
    title: str
    address: str
    translation_id: int | None


def candidate_lines(
    found: Sequence[Candidate], host: str, settings: Settings
) -> list[CandidateLine]:
    """Candidates in their order."""
    return [
        CandidateLine(
            each.item.id,
            each.edition.title,
            settings.address(host, each.item.path),
            each.translation.id if each.translation else None,
        )
        for each in found
    ]
