"""What a reviewer has before them: exactly what a signature covers, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hosting.directory.models import Site
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.banners import BannerFacts, banner_facts_of
from tenants.content.columns import proposal_of, standing
from tenants.content.models import PUBLISHED, Edition, Matter
from tenants.content.queries import Content, content_of, edition, matter
from tenants.content.translations import titles_of
from tenants.review.due import expired_among
from tenants.review.models import FIRST, SECOND, URGENT, Issue, Signature
from tenants.review.queries import dossier, issues_of_item, line_of, signatures_of_item
from tenants.review.rules import STAGE_OF_STATE, Dossier
from tenants.sites.models import OPEN, Column
from tenants.sites.queries import column, columns_of, site_of
from tenants.sites.rules import ColumnProposal
from tenants.workspace.queries.items import check_reach
from tenants.workspace.queries.people import names_of


@dataclass(frozen=True)
class UnderReview:
    """An edition under review, the live one it would replace, and who did what.

    `before` is, for an edition of a column, what readers see of the column now.
    """

    matter: Matter
    site: Site
    content: Content
    dossier: Dossier
    live: Content | None
    columns: dict[int, Column]
    writers: dict[int, str]
    earlier: Sequence[Signature]
    issue: Issue | None
    column_path: tuple[int, ...]
    before: ColumnProposal | None = None
    is_expired: bool = False
    originals: Mapping[int, str] = field(default_factory=dict)

    @property
    def edition(self) -> Edition:
        """What is reviewed."""
        return self.dossier.edition

    @property
    def proposal(self) -> ColumnProposal | None:
        """What an edition of a column says; None for an item's."""
        return None if self.edition.column_facts is None else proposal_of(self.edition)

    @property
    def banner(self) -> BannerFacts | None:
        """What an edition of a banner says; None for others."""
        return None if self.edition.banner_facts is None else banner_facts_of(self.edition)

    @property
    def is_altered(self) -> bool:
        """Whether what stands in the database is not what its digest says."""
        return self.content.digest() != self.edition.digest

    @property
    def stages(self) -> list[str]:
        """The stages to be signed now: one of the three, or those due after an urgent issue."""
        if self.edition.state in STAGE_OF_STATE:
            return [STAGE_OF_STATE[self.edition.state]]
        if self.edition.state != PUBLISHED or self.issue is None:
            return []
        if self.issue.ground != URGENT or self.issue.review_due_at is None:
            return []
        return [each for each in (FIRST, SECOND) if each not in self.dossier.approvals()]


def under_review(session: WalledSession, edition_id: int, by: Actor) -> UnderReview:
    """One edition; NotFound for a missing one and a foreign one alike."""
    found = edition(session, edition_id)
    shown = matter(session, found.item_id)
    check_reach(session, shown, by)
    live_id = shown.live_edition_id
    content = content_of(session, edition_id)
    live = content_of(session, live_id) if live_id and live_id != edition_id else None
    named = [each.translation_of_id for each in (content, live) if each]
    return UnderReview(
        matter=shown,
        site=site_of(session, shown.site_id),
        content=content,
        dossier=dossier(session, edition_id),
        live=live,
        columns={each.id: each for each in columns_of(session, shown.site_id)},
        writers=names_of(session, found.written_by),
        earlier=[
            each for each in signatures_of_item(session, shown.id) if each.edition_id != edition_id
        ],
        issue=next(
            (each for each in issues_of_item(session, shown.id) if each.edition_id == edition_id),
            None,
        ),
        column_path=line_of(session, found, by),
        before=_before(session, found),
        is_expired=bool(expired_among(session, [found])),
        originals=titles_of(session, named),
    )


def _before(session: WalledSession, said: Edition) -> ColumnProposal | None:
    """What readers see of the column that an open edition is about."""
    if said.column_facts is None or not said.is_open:
        return None
    node = column(session, said.column_id)
    return standing(node) if node.state == OPEN else None
