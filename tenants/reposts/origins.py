"""What is carried, read where it was signed: in a session of the origin, which only reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from hosting.directory.models import Site, Tenant
from hosting.runtime.clock import local, now
from hosting.runtime.errors import Conflict
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.runtime.settings import Settings
from tenants.content.facts import Attachment, EditionFacts
from tenants.content.models import Item
from tenants.content.queries import Content, content_of
from tenants.media.models import DIGEST_LENGTH, Asset
from tenants.media.operations import StoredFile
from tenants.reposts.queries import sent_row
from tenants.review.models import Issue
from tenants.review.queries import live_issue, withdrawals_of_item
from tenants.sites.queries import column, lineages, site_of

_LINK = re.compile(r'\b(href|src)="(/(?!/)[^"]*)"')
_FILE = re.compile(rf"/m/([0-9a-f]{{{DIGEST_LENGTH}}})/")


@dataclass(frozen=True)
class Origin:
    """An item as its tenant has signed it: the live edition, or None once it was withdrawn.

    `line` are the ids of the columns in which it stands and of those above them. `reason` is why it
    was withdrawn. `url` is where readers find it, on the site `name`.
    """

    tenant_id: int
    item_id: int
    name: str
    url: str = ""
    base_url: str = ""
    line: tuple[int, ...] = ()
    edition_id: int = 0
    digest: str = ""
    content: Content | None = None
    facts: EditionFacts | None = None
    column_path: str = ""
    column_type: str = ""
    reason: str = ""

    @property
    def files(self) -> tuple[Asset, ...]:
        """Attachments and images, each once."""
        if self.content is None:
            return ()
        shown = [file for _, file in self.content.attachments] + list(self.content.images)
        return tuple({each.id: each for each in shown}.values())


def read_origin(
    session: WalledSession, item_id: int, *, receiver_id: int, settings: Settings
) -> Origin | None:
    """What the tenant of the session offers a receiver; None where it offers it nothing.

    That an item is to be carried stands in a row of the origin's: an id alone gets nothing.
    Conflict where what stands there is not what was signed.
    """
    offered = sent_row(session, item_id, receiver_id)
    shown = session.scalars(select(Item).where(Item.id == item_id)).first()
    tenant = session.scalars(select(Tenant).where(Tenant.id == session.tenant_id)).first()
    if offered is None or shown is None or shown.published_at is None or tenant is None:
        return None
    site = site_of(session, shown.site_id)
    if shown.live_edition_id is None:
        return _withdrawn(session, shown, site)
    if not tenant.is_serving:
        return None
    return _signed(session, shown, site, settings)


def _withdrawn(session: WalledSession, shown: Item, site: Site) -> Origin:
    last = withdrawals_of_item(session, shown.id)
    reason = last[0].reason if last else ""
    return Origin(session.tenant_id, shown.id, site.name, reason=reason)


def _signed(session: WalledSession, shown: Item, site: Site, settings: Settings) -> Origin:
    issue = live_issue(session, shown)
    assert shown.live_edition_id is not None
    content = content_of(session, shown.live_edition_id)
    if issue is None or content.digest() != issue.digest:
        raise Conflict("origin_altered", N_("来源稿件与签发时不一致，未转载"))
    base = settings.address(site.main_host, "")
    home = column(session, content.edition.column_id)
    return Origin(
        session.tenant_id,
        shown.id,
        site.name,
        url=base + shown.path,
        base_url=base,
        line=line_of_content(session, content),
        edition_id=content.edition.id,
        digest=issue.digest,
        content=content,
        facts=_as_repost(content, shown, issue, site, base, settings),
        column_path=home.path,
        column_type=home.column_type,
    )


def line_of_content(session: WalledSession, content: Content) -> tuple[int, ...]:
    """The columns in which an edition stands and those above them; its home column comes last."""
    lines = lineages(session)
    columns = (*content.extra_column_ids, content.edition.column_id)
    return tuple(each for column_id in columns for each in lines.get(column_id, (column_id,)))


def _as_repost(
    content: Content, shown: Item, issue: Issue, site: Site, base: str, settings: Settings
) -> EditionFacts:
    """What a copy says: the same, with source, link and date of the original, and no times.

    Carried on the same day it has no other date than its own, to the minute. It comes down when the
    origin does, whenever that is.
    """
    said = content.facts
    day = local(shown.published_at or issue.issued_at, settings.zone).date()
    earlier = day if day < local(now(), settings.zone).date() else None
    original = said.original_date or earlier
    kept = [image.digest[:DIGEST_LENGTH] for image in content.images]
    return replace(
        said,
        body_html=with_full_links(said.body_html, base, kept),
        source_name=site.name[:100],
        source_url=base + shown.path,
        original_date=original,
        original_date_source=said.original_date_source or (site.name if original else ""),
        publish_at=None,
        withdraw_at=None,
        attachments=(),
        extra_column_ids=(),
    )


def with_full_links(body_html: str, base_url: str, kept: Collection[str]) -> str:
    """A cleaned text whose links into the origin's site lead there from elsewhere, too.

    Files that go with the copy (`kept`: the short digests) stay what they are.
    """

    def full(found: re.Match[str]) -> str:
        name, path = found[1], found[2]
        file = _FILE.match(path)
        if file is not None and file[1] in kept:
            return found[0]
        return f'{name}="{base_url}{path}"'

    return _LINK.sub(full, body_html)


def stored_files(files: Sequence[Asset]) -> list[StoredFile]:
    """Files as the receiver takes them in; their bytes have to be in its own store."""
    return [
        StoredFile(
            each.digest, each.name, each.content_type, each.size_bytes, each.width, each.height
        )
        for each in files
    ]


def attachments_of(origin: Origin, stored: dict[tuple[str, str], Asset]) -> tuple[Attachment, ...]:
    """The copy's attachments: the same names and bytes, the receiver's own files."""
    assert origin.content is not None
    return tuple(
        Attachment(stored[(file.digest, file.name)].id, shown.name)
        for shown, file in origin.content.attachments
    )


def is_still_signed(session: WalledSession, origin: Origin) -> bool:
    """Whether the edition that was read is the live one yet."""
    live = session.scalar(select(Item.live_edition_id).where(Item.id == origin.item_id))
    return live == origin.edition_id
