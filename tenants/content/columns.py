"""Editions of columns: what a site says of its columns is written, signed and kept like an item.

A column and its words stand before readers on every page, so they are reviewed too (DESIGN.md 5:
all that a tenant's hand puts before a reader is an edition).
"""

from __future__ import annotations

from dataclasses import asdict, replace

from sqlalchemy import select

from hosting.directory.models import Site
from hosting.runtime.clock import now
from hosting.runtime.ids import new_id
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.facts import column_digest
from tenants.content.models import DRAFT, ColumnMatter, Edition, column_matter_path
from tenants.content.queries import column_has_items
from tenants.content.versions import add_first, add_next
from tenants.sites.models import PLANNED, Column
from tenants.sites.operations.changing import (
    check_closing,
    check_proposal,
    known_place,
    replan_column,
)
from tenants.sites.operations.growing import plan_column
from tenants.sites.queries import column
from tenants.sites.rules import MANAGER, ColumnFacts, ColumnProposal, check_manager


def proposal_of(said: Edition) -> ColumnProposal:
    """What an edition of a column says."""
    facts = dict(said.column_facts or {})
    place, closes = str(facts.pop("place")), bool(facts.pop("closes"))
    return ColumnProposal(ColumnFacts(name=said.title, **facts), place, closes)


def standing(node: Column) -> ColumnProposal:
    """What readers see of a column now."""
    said = {name: getattr(node, name) for name in ColumnFacts.__dataclass_fields__}
    return ColumnProposal(ColumnFacts(**said))


def propose_new_column(
    session: WalledSession,
    site: Site,
    *,
    proposal: ColumnProposal,
    parent_id: int | None,
    by: Actor,
) -> Edition:
    """Write the first edition of a new column, which is planned until it has been signed.

    Raises as `plan_column`. Records ColumnPlanned and ItemCreated.
    """
    by.require(MANAGER)
    node = plan_column(session, site, facts=proposal.facts, parent_id=parent_id, by=by)
    proposal = replace(proposal, place=known_place(session, node, proposal.place))
    return _first_edition(session, node, proposal, by)


def propose_column(
    session: WalledSession,
    column_id: int,
    *,
    proposal: ColumnProposal,
    expected_digest: str | None = None,
    by: Actor,
) -> Edition:
    """Write a column's next edition; what readers see stays until it has been signed.

    As with an item, an edition that waits in review is sent back, and saving what is there changes
    nothing; `expected_digest` is that of the edition the writer began with ("" where there was
    none; None: not checked). Raises Invalid or Conflict for what the column cannot be, Forbidden
    for who doesn't keep it. Records ItemCreated or EditionSaved.
    """
    by.require(MANAGER)
    check_manager(session, by, column_id)
    node = column(session, column_id)
    _check(session, node, proposal)
    proposal = replace(proposal, place=known_place(session, node, proposal.place))
    known = column_matter(session, column_id)
    if known is None:
        return _first_edition(session, node, proposal, by)
    return add_next(session, known, _edition(column_id, proposal, by), expected_digest, by=by)


def _check(session: WalledSession, node: Column, proposal: ColumnProposal) -> None:
    if proposal.closes:
        check_closing(session, node, in_use=column_has_items(session, node.id))
    elif node.state == PLANNED:
        replan_column(session, node.id, facts=proposal.facts)
    else:
        check_proposal(session, node, proposal.facts)


def column_matter(session: WalledSession, column_id: int) -> ColumnMatter | None:
    """What was written of a column so far; None where nobody changed it since the site opened."""
    site_id = session.scalars(select(Column.site_id).where(Column.id == column_id)).first()
    # The site as well: by both an index finds it among a hundred thousand items.
    wanted = (ColumnMatter.site_id == site_id, ColumnMatter.path == column_matter_path(column_id))
    return session.scalars(select(ColumnMatter).where(*wanted)).first()


def column_editions(
    session: WalledSession, site_id: int, *, live: bool = False
) -> dict[int, Edition]:
    """The editions on their way of a site's columns, or the live ones, by the column's id.

    Every page is rendered with them: they are found by their names, and not among all items.
    """
    ids = session.scalars(select(Column.id).where(Column.site_id == site_id))
    paths = [column_matter_path(each) for each in ids]
    which = ColumnMatter.live_edition_id if live else ColumnMatter.draft_edition_id
    rows = session.scalars(
        select(Edition)
        .join(
            ColumnMatter,
            (ColumnMatter.tenant_id == Edition.tenant_id) & (Edition.id == which),
        )
        .where(ColumnMatter.site_id == site_id, ColumnMatter.path.in_(paths))
    )
    return {each.column_id: each for each in rows}


def _first_edition(
    session: WalledSession, node: Column, proposal: ColumnProposal, by: Actor
) -> Edition:
    made = ColumnMatter(
        id=new_id(),
        site_id=node.site_id,
        column_id=node.id,
        path=column_matter_path(node.id),
        created_at=now(),
        created_by=by.account_id,
    )
    return add_first(session, made, _edition(node.id, proposal, by), by=by)


def _edition(column_id: int, proposal: ColumnProposal, by: Actor) -> Edition:
    facts = asdict(proposal.facts)
    name = facts.pop("name")
    facts |= {"place": proposal.place, "closes": proposal.closes}
    return Edition(
        id=new_id(),
        state=DRAFT,
        column_id=column_id,
        title=name,
        column_facts=facts,
        digest=column_digest(column_id, name, facts),
        written_by=[by.account_id],
        written_at=now(),
    )
