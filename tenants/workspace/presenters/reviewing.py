"""The page on which a reviewer signs, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from hosting.console.language import say
from hosting.runtime.clock import now
from hosting.runtime.errors import Refusal
from hosting.runtime.language import N_
from hosting.runtime.settings import Settings
from hosting.security.actor import Actor
from hosting.security.html import clean_again
from tenants.content.banners import banner_facts_of
from tenants.content.models import DRAFT, ISSUE, PUBLISHED, SCHEDULED, Edition
from tenants.media.models import Asset
from tenants.review.models import FINAL, FIRST, SECOND, STAGES, SecrecyReview, Signature
from tenants.review.rules import (
    ROLE_OF_STAGE,
    check_reviewer,
    check_signer,
)
from tenants.workspace.banner_changes import banner_changes, banner_facts
from tenants.workspace.bodies import for_console
from tenants.workspace.changes import FIELDS, Change, Names, changes_between, said
from tenants.workspace.column_changes import column_changes, column_facts
from tenants.workspace.presenters.matters import place_of, title_of
from tenants.workspace.presenters.planned import End, ends_of
from tenants.workspace.presenters.states import STAGES as STAGE_NAMES
from tenants.workspace.presenters.states import STATES, Badge, Fate, fate_of
from tenants.workspace.presenters.trees import names
from tenants.workspace.queries.reviewing import UnderReview

_SECRECY_ROLES = ("first_reviewer", "second_reviewer")
_AWAITED: Mapping[str, str] = {
    FIRST: N_("正在等候初审人签署"),
    SECOND: N_("正在等候审核人签署"),
    FINAL: N_("正在等候审发人签署"),
}


@dataclass(frozen=True)
class Bar:
    """Whether an action is open to this person, and if not, why not."""

    is_open: bool
    why: str = ""


@dataclass(frozen=True)
class StageView:
    """A stage that is due: its name, what approving it does, whether this person may sign it."""

    stage: str
    label: str
    approve_label: str
    bar: Bar


@dataclass(frozen=True)
class SignedLine:
    """A stage and who signed it for the edition as it stands."""

    label: str
    signature: Signature | None


@dataclass(frozen=True)
class ShownFile:
    """An attached file as the reviewer opens it."""

    name: str
    asset: Asset
    address: str


@dataclass(frozen=True)
class ReviewView:
    """All that a reviewer sees before signing."""

    edition: Edition
    title: str
    # Of an item its page, versions and preview; of a column its preview.
    addresses: Mapping[str, str]
    badge: Badge
    column: str
    body: Markup
    facts: Sequence[tuple[str, str]]
    files: Sequence[ShownFile]
    is_revision: bool
    changes: Sequence[Change]
    writers: Sequence[str]
    signed: Sequence[SignedLine]
    secrecy: SecrecyReview | None
    earlier: Sequence[Signature]
    stages: Sequence[StageView]
    secrecy_bar: Bar
    urgent_bar: Bar
    fate: Fate | None
    ends: Sequence[End]
    due_at: datetime | None
    is_altered: bool
    is_after_urgent: bool


def review_view(found: UnderReview, actor: Actor, settings: Settings, code: str) -> ReviewView:
    """The page in words; `code` is the tenant's, for images of the text."""
    edition, dossier = found.edition, found.dossier
    words = Names(names(found.columns), settings.zone, found.originals)
    is_after_urgent = edition.state == PUBLISHED and bool(found.stages)
    return ReviewView(
        edition=edition,
        title=title_of(edition),
        addresses=_addresses(found),
        badge=STATES[edition.state],
        column=place_of(edition, words.columns),
        body=_body(edition, code),
        facts=_facts(found, words),
        files=_files(found, code),
        is_revision=found.live is not None if found.proposal is None else found.before is not None,
        changes=_changes(found, words),
        writers=[found.writers[each] for each in edition.written_by if each in found.writers],
        signed=[SignedLine(STAGE_NAMES[each], dossier.approvals().get(each)) for each in STAGES],
        secrecy=_secrecy(found),
        earlier=found.earlier,
        stages=[_stage(found, each, actor) for each in found.stages],
        secrecy_bar=_secrecy_bar(found, actor),
        urgent_bar=_urgent_bar(found, actor),
        fate=fate_of(dossier) if edition.is_open and edition.publish_at else None,
        ends=ends_of(edition, is_live=edition.state == PUBLISHED, is_expired=found.is_expired),
        due_at=found.issue.review_due_at if found.issue else None,
        is_altered=found.is_altered,
        is_after_urgent=is_after_urgent,
    )


def _body(edition: Edition, code: str) -> Markup:
    """The text, cleaned again here: what is shown is only what the sanitiser lets by."""
    return Markup(for_console(clean_again(edition.body_html), code))  # noqa: S704 - cleaned right here


def _addresses(found: UnderReview) -> dict[str, str]:
    if found.banner is not None:
        list_of = url_for("workspace.banners")
        return {"banners": list_of, "preview": url_for("workspace.banner_preview")}
    if found.proposal is not None:
        column_id = found.edition.column_id
        return {"preview": url_for("workspace.column_preview", column_id=column_id)}
    item_id = found.matter.id
    return {
        "item": url_for("workspace.item", item_id=item_id),
        "versions": url_for("workspace.item_versions", item_id=item_id),
        "preview": url_for("workspace.preview", item_id=item_id),
    }


def _changes(found: UnderReview, words: Names) -> Sequence[Change]:
    if found.proposal is not None:
        before = found.before
        return column_changes(before, found.proposal, words.columns) if before else ()
    if found.banner is not None:
        shown = banner_facts_of(found.live.edition) if found.live else None
        return banner_changes(shown, found.banner, words.zone) if shown else ()
    return changes_between(found.live.facts, found.content.facts, words) if found.live else ()


def _facts(found: UnderReview, words: Names) -> list[tuple[str, str]]:
    if found.proposal is not None:
        return column_facts(found.proposal, words.columns)
    if found.banner is not None:
        return banner_facts(found.banner, words.zone)
    shown = ((FIELDS[each], said(found.content.facts, each, words)) for each in FIELDS)
    return [
        (label, value)
        for label, value in shown
        if value and label not in (FIELDS["title"], FIELDS["subtitle"])
    ]


def _files(found: UnderReview, code: str) -> list[ShownFile]:
    return [
        ShownFile(shown.name or asset.name, asset, f"/t/{code}{asset.path}")
        for shown, asset in found.content.attachments
    ]


def _secrecy(found: UnderReview) -> SecrecyReview | None:
    """The last secrecy review of the edition as it stands."""
    return next(
        (e for e in reversed(found.dossier.secrecy) if e.digest == found.edition.digest), None
    )


def _stage(found: UnderReview, stage: str, actor: Actor) -> StageView:
    if ROLE_OF_STAGE[stage] not in actor.roles:
        return StageView(stage, STAGE_NAMES[stage], "", Bar(False, _AWAITED[stage]))
    needs_secrecy = stage == FINAL and found.dossier.cleared() is None
    bar = _asked(lambda: check_signer(found.dossier, stage, actor, column_path=found.column_path))
    if bar.is_open and needs_secrecy:
        bar = Bar(False, N_("尚未通过保密审查，不能审发"))
    return StageView(stage, STAGE_NAMES[stage], _approve_label(found, stage), bar)


def _approve_label(found: UnderReview, stage: str) -> str:
    """What pressing the button will do, said on it."""
    if found.edition.state == PUBLISHED:
        return say(N_("同意，补签{stage}"), stage=say(STAGE_NAMES[stage]))
    if stage != FINAL:
        following = STAGES[STAGES.index(stage) + 1]
        return say(N_("同意，送{stage}"), stage=say(STAGE_NAMES[following]))
    publish_at = found.edition.publish_at
    if publish_at is not None and publish_at > now():
        return say(N_("审发，到时自动发布"))
    return say(N_("审发并发布"))


def _secrecy_bar(found: UnderReview, actor: Actor) -> Bar:
    if not found.edition.is_open or found.edition.state == DRAFT:
        return Bar(False)
    role = next((each for each in _SECRECY_ROLES if each in actor.roles), "")
    if not role:
        return Bar(False, N_("由初审人或审核人办理"))
    return _asked(
        lambda: check_reviewer(found.dossier, actor, role=role, column_path=found.column_path)
    )


def _urgent_bar(found: UnderReview, actor: Actor) -> Bar:
    """Open to an issuer while the first reviews are missing."""
    role = ROLE_OF_STAGE[FINAL]
    is_on_its_way = found.edition.is_open and found.edition.state not in (ISSUE, SCHEDULED)
    if not is_on_its_way or role not in actor.roles:
        return Bar(False)
    bar = _asked(
        lambda: check_reviewer(found.dossier, actor, role=role, column_path=found.column_path)
    )
    if bar.is_open and found.dossier.cleared() is None:
        return Bar(False, N_("须先通过保密审查"))
    return bar


def _asked(check: Callable[[], None]) -> Bar:
    """What the rule itself says: open, or its own sentence."""
    try:
        check()
    except Refusal as refusal:
        return Bar(False, refusal.message)
    return Bar(True)
