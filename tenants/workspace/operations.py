"""What the pages ask for in one go: each is one transaction and one step in a person's eyes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hosting.directory.models import Site
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.banners import BannerFacts, propose_banner
from tenants.content.columns import propose_column, propose_new_column
from tenants.content.facts import Attachment
from tenants.content.models import Edition
from tenants.content.operations import create_item, save_draft
from tenants.content.writing import CleanFacts
from tenants.media.operations import StoredFile, store_assets
from tenants.review.operations.signing import submit
from tenants.sites.queries import column
from tenants.sites.rules import ColumnProposal


def write(
    session: WalledSession,
    item_id: int | None,
    *,
    facts: CleanFacts,
    files: Sequence[StoredFile] = (),
    expected_digest: str | None = None,
    hand_in: bool = False,
    by: Actor,
) -> Edition:
    """Save an item (None: begin one, on its column's site), with new files behind the others.

    `hand_in` submits it as well, or nothing is saved. Raises what the single steps raise.
    """
    complete = _with_files(session, facts, files, by)
    if item_id is None:
        site_id = column(session, complete.facts.column_id).site_id
        _, written = create_item(session, site_id, facts=complete, by=by)
    else:
        written = save_draft(
            session, item_id, facts=complete, expected_digest=expected_digest, by=by
        )
    return submit(session, written.id, digest=written.digest, by=by) if hand_in else written


def _with_files(
    session: WalledSession, facts: CleanFacts, files: Sequence[StoredFile], by: Actor
) -> CleanFacts:
    if not files:
        return facts
    stored = store_assets(session, files, by=by)
    added = [stored[(each.digest, each.name)] for each in files]
    attachments = (
        *facts.facts.attachments,
        *(Attachment(asset.id, asset.name) for asset in added),
    )
    return replace(facts, facts=replace(facts.facts, attachments=attachments))


def write_new_column(
    session: WalledSession,
    site: Site,
    *,
    proposal: ColumnProposal,
    parent_id: int | None,
    hand_in: bool = False,
    by: Actor,
) -> Edition:
    """Write a new column of a site, at the top or below another; see `write`."""
    written = propose_new_column(session, site, proposal=proposal, parent_id=parent_id, by=by)
    return submit(session, written.id, digest=written.digest, by=by) if hand_in else written


def write_column(
    session: WalledSession,
    column_id: int,
    *,
    proposal: ColumnProposal,
    expected_digest: str | None = None,
    hand_in: bool = False,
    by: Actor,
) -> Edition:
    """Write what a column shall say, or that it shall close; see `write`."""
    written = propose_column(
        session, column_id, proposal=proposal, expected_digest=expected_digest, by=by
    )
    return submit(session, written.id, digest=written.digest, by=by) if hand_in else written


def write_banner(
    session: WalledSession,
    site: Site,
    *,
    facts: BannerFacts,
    expected_digest: str | None = None,
    hand_in: bool = False,
    by: Actor,
) -> Edition:
    """Write the banner of a site; see `write`."""
    written = propose_banner(session, site, facts=facts, expected_digest=expected_digest, by=by)
    return submit(session, written.id, digest=written.digest, by=by) if hand_in else written
