"""Items as lists and their own page show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hosting.console.language import say
from hosting.runtime.language import N_
from hosting.runtime.settings import Settings
from hosting.security.actor import Actor
from tenants.content.models import DRAFT, SCHEDULED, Edition
from tenants.review.models import FINAL, STAGES, Issue
from tenants.review.rules import CLEARED, ROLE_OF_STAGE, STATE_OF_STAGE, Dossier
from tenants.sites.models import Column
from tenants.workspace.changes import FIELDS, Names, said
from tenants.workspace.presenters.planned import End, ends_of
from tenants.workspace.presenters.receipts import ReceiptBadge, receipt_badge
from tenants.workspace.presenters.reposts import RepostNote, repost_note
from tenants.workspace.presenters.states import STAGES as STAGE_NAMES
from tenants.workspace.presenters.states import Badge, Fate, badges_of, fate_of, why_missing
from tenants.workspace.presenters.steps import StepLine, register_number, step_line
from tenants.workspace.presenters.translations import Languages, OriginalLine, TranslationLine
from tenants.workspace.presenters.trees import names
from tenants.workspace.queries.items import ItemList, ItemState


@dataclass(frozen=True)
class ItemLine:
    """A line of the list of items."""

    item_id: int
    title: str
    column: str
    language: str
    author: str
    badges: Sequence[Badge]
    written_at: datetime
    published_at: datetime | None


def item_lines(found: ItemList, columns: Sequence[Column]) -> list[ItemLine]:
    """A page of items in words."""
    ways = names({each.id: each for each in columns})
    return [
        ItemLine(
            item.id,
            edition.title,
            ways.get(edition.column_id, ""),
            found.languages.get(item.site_id, ""),
            found.names.get(item.created_by, ""),
            badges_of(item, edition, is_expired=edition.id in found.expired),
            edition.written_at,
            item.published_at,
        )
        for item, edition in found.rows
    ]


@dataclass(frozen=True)
class PublicPlace:
    """Where readers find the item: its address, and in words whether they do."""

    address: str
    label: str
    tone: str
    since: datetime | None
    is_live: bool
    note: str = ""


@dataclass(frozen=True)
class ItemView:
    """An item's page."""

    item_id: int
    edition: Edition
    title: str
    column: str
    badges: Sequence[Badge]
    place: PublicPlace
    receipt: ReceiptBadge | None
    reposts: RepostNote | None
    progress: Sequence[dict[str, Any]]
    fate: Fate | None
    ends: Sequence[End]
    missing: str | None
    issue: Issue | None
    register_number: str
    steps: Sequence[StepLine]
    facts: Sequence[tuple[str, str]]
    attachments: Sequence[str]
    may_edit: bool
    may_submit: bool
    may_delete: bool
    may_sign: bool
    may_withdraw: bool
    may_send: bool
    may_unschedule: bool
    version_count: int
    original: OriginalLine | None
    translations: Sequence[TranslationLine]


def item_view(state: ItemState, actor: Actor, settings: Settings, languages: Languages) -> ItemView:
    """An item's page in words, with the actions that are open to this person."""
    edition = state.shown.edition
    ways = names(state.columns)
    issue = state.issues[0] if state.issues else None
    open_state = state.open.edition.state if state.open else ""
    is_draft = open_state == DRAFT
    return ItemView(
        item_id=state.item.id,
        edition=edition,
        title=edition.title,
        column=ways.get(edition.column_id, ""),
        badges=badges_of(state.item, edition, is_expired=state.is_expired),
        place=_place(state, settings),
        receipt=receipt_badge(state.proof) if state.proof else None,
        reposts=repost_note(state.reposts, state.item, edition),
        progress=_progress(state.open) if state.open else [],
        fate=fate_of(state.open) if state.open and edition.publish_at else None,
        ends=_ends(state),
        missing=why_missing(state.open) if state.open else None,
        issue=issue,
        register_number=register_number(issue) if issue else "",
        steps=[step_line(each) for each in state.steps],
        facts=_facts(state, Names(ways, settings.zone, languages.titles)),
        attachments=[shown.name or asset.name for shown, asset in state.shown.attachments],
        may_edit=state.may_edit,
        may_submit=state.may_edit and is_draft,
        may_delete=state.may_edit and is_draft,
        may_sign=_may_sign(state.open, actor),
        may_withdraw=state.is_live and ROLE_OF_STAGE[FINAL] in actor.roles,
        may_send=state.is_live and ROLE_OF_STAGE[FINAL] in actor.roles and not state.reposts.copy,
        may_unschedule=open_state == SCHEDULED and ROLE_OF_STAGE[FINAL] in actor.roles,
        version_count=max(
            (each.row.number for each in state.steps if isinstance(each.row, Edition)), default=0
        ),
        original=languages.original,
        translations=languages.translations,
    )


def _ends(state: ItemState) -> Sequence[End]:
    """How what readers see ends; of what they have yet to see, how it would."""
    if state.live is not None:
        return ends_of(state.live, is_live=True, is_expired=state.is_expired)
    return ends_of(state.open.edition, is_live=False) if state.open else ()


def _may_sign(open_: Dossier | None, actor: Actor) -> bool:
    return open_ is not None and any(
        open_.edition.state == state and ROLE_OF_STAGE[stage] in actor.roles
        for stage, state in STATE_OF_STAGE.items()
    )


def _facts(state: ItemState, words: Names) -> list[tuple[str, str]]:
    """What the edition says of itself, less what it does not say and what stands elsewhere."""
    shown = ((FIELDS[each], said(state.shown.facts, each, words)) for each in FIELDS)
    return [(label, value) for label, value in shown if value and label != FIELDS["title"]]


def _place(state: ItemState, settings: Settings) -> PublicPlace:
    address = settings.address(state.site.main_host, state.item.path)
    way = state.way
    at = way.standing.stood_at if way.standing else None
    is_shown = way.standing is not None and way.standing.digest is not None
    if way.failure is not None:
        label, note = _FAILED[is_shown]
        return PublicPlace(address, label, "bad", way.failure.failed_at, is_shown, note)
    if state.is_live and is_shown:
        return PublicPlace(address, N_("网页已上线"), "good", at, True)
    if state.is_live:
        making = N_("正在生成网页，通常几秒内上线")
        return PublicPlace(address, making, "info", way.waits_since, True)
    if way.standing is not None and not is_shown:
        return PublicPlace(address, N_("网页已撤下，原网址提示内容已删除"), "neutral", at, False)
    if is_shown:
        return PublicPlace(address, N_("正在撤下网页，通常几秒内完成"), "warn", at, False)
    return PublicPlace(address, N_("尚未公开，发布后使用这个网址"), "neutral", None, False)


_FAILED = {
    True: (N_("网页更新失败"), N_("读者看到的还是上一版。系统会自动重试，也请告知运维。")),
    False: (N_("网页生成失败"), N_("读者还看不到。系统会自动重试，也请告知运维。")),
}


def _progress(open_: Dossier) -> list[dict[str, Any]]:
    """The way of the edition that is open, as the shell's steps: done, current, waiting."""
    approvals, edition = open_.approvals(), open_.edition
    is_written = edition.state != DRAFT
    lines = [_line(N_("撰写"), "done" if is_written else "current", "", edition.written_at)]
    for stage in STAGES:
        signed = approvals.get(stage)
        if signed is not None:
            lines.append(_line(STAGE_NAMES[stage], "done", signed.signed_name, signed.signed_at))
        else:
            is_here = edition.state == STATE_OF_STAGE[stage]
            lines.append(_line(STAGE_NAMES[stage], "current" if is_here else "waiting"))
        if stage == STAGES[1]:
            lines.append(_secrecy(open_))
    scheduled = edition.state == SCHEDULED
    lines.append(_line(N_("发布"), "current" if scheduled else "waiting", "", edition.publish_at))
    return lines


def _secrecy(open_: Dossier) -> dict[str, Any]:
    last = next(
        (each for each in reversed(open_.secrecy) if each.digest == open_.edition.digest), None
    )
    if last is None:
        return _line(N_("保密审查"), "waiting")
    state = "done" if last.outcome == CLEARED else "refused"
    return _line(N_("保密审查"), state, last.signed_name, last.signed_at, last.basis)


def _line(
    title: str, state: str, who: str = "", at: datetime | None = None, text: str = ""
) -> dict[str, Any]:
    return {"title": say(title), "state": state, "who": who, "at": at, "text": text}
