"""Lists of items, and one item with all that is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hosting.directory.models import Site
from hosting.directory.queries import foreign_languages, sites_of_tenant
from hosting.publishing.whereabouts import PageWay, page_way
from hosting.runtime.errors import Forbidden
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.facts import EditionFacts
from tenants.content.models import Edition, Item, Matter
from tenants.content.queries import (
    Content,
    ItemFilter,
    content_of,
    edition,
    editions_of,
    item,
    item_rows,
)
from tenants.content.rules import may_write, reach_of
from tenants.content.translations import titles_of
from tenants.media.models import Asset
from tenants.media.queries import assets
from tenants.receipts.queries import WithdrawalProof, proofs_of_item
from tenants.reposts.models import Repost
from tenants.reposts.queries import copies_among, sent_counts
from tenants.review.due import expired_among
from tenants.review.models import Issue, Signature
from tenants.review.queries import dossier, issues_of_item
from tenants.review.rules import Dossier
from tenants.sites.models import Column
from tenants.sites.queries import columns_of, lineages, site_of
from tenants.workspace.queries.columns import in_tree_order
from tenants.workspace.queries.people import names_of
from tenants.workspace.queries.steps import Step, steps_of_item
from tenants.workspace.queries.waiting import return_of


@dataclass(frozen=True)
class ItemList:
    """One page of a list, with the names of who began the items, and what has expired.

    `languages` are the names of the tenant's foreign-language sites by id.
    """

    rows: Sequence[tuple[Item, Edition]]
    names: dict[int, str]
    expired: set[int]
    languages: Mapping[int, str]


def seen_item(session: WalledSession, item_id: int, by: Actor) -> Item:
    """An item within the person's reach; NotFound, or Forbidden where it is beyond it."""
    found = item(session, item_id)
    check_reach(session, found, by)
    return found


def check_reach(session: WalledSession, found: Matter, by: Actor) -> None:
    """Raise Forbidden for what is beyond the person's reach."""
    if not reach_of(session, by).covers(found.place_id, found.created_by):
        raise Forbidden("not_in_reach", N_("这篇稿件不在您的职责范围内"))


def columns_in_order(session: WalledSession, site_id: int | None = None) -> list[Column]:
    """The columns of a site (None: of all, the main one first), each in the order of its tree."""
    ids = [each.id for each in sites_of_tenant(session, session.tenant_id)]
    shown = ids if site_id is None else [site_id]
    return [node for each in shown for node in in_tree_order(columns_of(session, each))]


def writable_columns(session: WalledSession, by: Actor, site_id: int | None = None) -> list[Column]:
    """Those in which the person may write."""
    lines = lineages(session) if by.columns else {}
    columns = columns_in_order(session, site_id)
    return [each for each in columns if may_write(by, lines.get(each.id, (each.id,)))]


def item_list(
    session: WalledSession,
    narrowed: ItemFilter,
    *,
    offset: int,
    limit: int,
    sort: str,
    descending: bool,
) -> ItemList:
    """A page of the list that a filter leaves."""
    rows = item_rows(
        session, narrowed, offset=offset, limit=limit, sort=sort, descending=descending
    )
    names = names_of(session, (each.created_by for each, _ in rows))
    expired = expired_among(session, (edition for _, edition in rows))
    return ItemList(rows, names, expired, foreign_languages(session, session.tenant_id))


@dataclass(frozen=True)
class ItemReposts:
    """Of one item: the copy that it is, and by how many it is carried."""

    copy: Repost | None
    counts: dict[str, int]


@dataclass(frozen=True)
class ItemState:
    """An item as its page shows it: what is on its way, what is live, every step so far.

    `way` is how far its page has come to readers, `proof` what is known of its last withdrawal.
    """

    item: Item
    site: Site
    columns: dict[int, Column]
    open: Dossier | None
    shown: Content
    issues: Sequence[Issue]
    way: PageWay
    steps: Sequence[Step]
    may_edit: bool
    live: Edition | None
    is_expired: bool
    proof: WithdrawalProof | None
    reposts: ItemReposts

    @property
    def is_live(self) -> bool:
        """Whether readers see an edition of it."""
        return self.item.live_edition_id is not None


def item_state(session: WalledSession, item_id: int, by: Actor) -> ItemState:
    """One item; NotFound for a missing one and a foreign one alike."""
    found = seen_item(session, item_id, by)
    site = site_of(session, found.site_id)
    newest = found.draft_edition_id or found.live_edition_id
    shown = newest or editions_of(session, item_id)[0].id
    lines = lineages(session) if by.columns else {}
    path = lines.get(found.column_id, (found.column_id,))
    live = edition(session, found.live_edition_id) if found.live_edition_id else None
    return ItemState(
        item=found,
        site=site,
        columns={each.id: each for each in columns_of(session, site.id)},
        open=dossier(session, found.draft_edition_id) if found.draft_edition_id else None,
        shown=content_of(session, shown),
        issues=issues_of_item(session, item_id),
        way=page_way(session, found.site_id, found.path, key=f"item:{found.id}"),
        steps=steps_of_item(session, item_id),
        may_edit=may_write(by, path, created_by=found.created_by),
        live=live,
        is_expired=bool(expired_among(session, [live] if live else [])),
        proof=next(iter(proofs_of_item(session, item_id)), None),
        reposts=_reposts_of(session, item_id),
    )


def _reposts_of(session: WalledSession, item_id: int) -> ItemReposts:
    """What an item's page says of reposts."""
    copy = copies_among(session, [item_id]).get(item_id)
    return ItemReposts(copy, sent_counts(session, item_id))


@dataclass(frozen=True)
class WorkingCopy:
    """What an editor opens: the edition on its way, else the live one, else the last.

    `returned` is the signature that sent it back, with the opinion.
    """

    item: Item
    content: Content
    returned: Signature | None

    @property
    def facts(self) -> EditionFacts:
        """What it says."""
        return self.content.facts


def working_copy(session: WalledSession, item_id: int, by: Actor) -> WorkingCopy:
    """The edition that a person goes on writing; see `seen_item` for what is raised."""
    found = seen_item(session, item_id, by)
    newest = found.draft_edition_id or found.live_edition_id
    content = content_of(session, newest or editions_of(session, item_id)[0].id)
    return WorkingCopy(found, content, return_of(session, content.edition))


@dataclass(frozen=True)
class Versions:
    """All editions of an item, the newest first, with who wrote them, and two to compare."""

    item: Item
    editions: Sequence[Edition]
    writers: dict[int, str]
    columns: dict[int, Column]
    before: Content | None
    after: Content
    originals: Mapping[int, str]


def versions(
    session: WalledSession, item_id: int, by: Actor, *, before: int | None, after: int | None
) -> Versions:
    """An item's editions; those with the numbers `before` and `after` are compared.

    Without numbers the newest is compared with the one before it.
    """
    found = seen_item(session, item_id, by)
    editions = editions_of(session, item_id)
    numbered = {each.number: each for each in editions}
    newer = numbered.get(after or 0, editions[0])
    older = numbered.get(before or 0) or numbered.get(newer.number - 1)
    old = content_of(session, older.id) if older else None
    new = content_of(session, newer.id)
    return Versions(
        item=found,
        editions=editions,
        writers=names_of(session, (each.written_by[-1] for each in editions)),
        columns={each.id: each for each in columns_of(session, found.site_id)},
        before=old,
        after=new,
        originals=titles_of(session, (each.translation_of_id for each in (old, new) if each)),
    )


def files_of(session: WalledSession, facts: EditionFacts) -> dict[int, Asset]:
    """The attached files of typed facts that are the tenant's, by id."""
    return assets(session, (each.asset_id for each in facts.attachments))
