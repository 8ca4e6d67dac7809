"""Where the pages of a site show an item: what its withdrawal has to be followed by.

Which pages showed it is read in the transaction that withdraws it; a publisher that comes after
that forgets it page by page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from hosting.publishing.models import Redirect
from hosting.publishing.rendering import split_key
from hosting.publishing.standing import keys_using, standing_by_key
from hosting.publishing.traces import ABSENT, GONE, KEPT, SILENT, Place, Withdrawn
from hosting.runtime.areas import Trace
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from tenants.content.models import Edition, EditionAsset, Item
from tenants.media.queries import assets
from tenants.pages.subscriptions import keys_in_other_languages, pages_of_slots
from tenants.review.models import Issue, Slot
from tenants.sites.queries import site_of

SHOWN_BY, WRITTEN_IN = "shown_by", "written_in"
"""Why something stays: another public item shows the file; a person wrote the link into a text."""

_ITEM, _FILE, _OLD, _MENTION, _OTHER = "item", "file", "redirect", "mention", "page"
_KINDS = {"item": _ITEM, "column": "list", "list": "list", "home": "home", "feed": "feed"}
_KINDS |= {"sitemap": "sitemap"}
_MOST_MENTIONS = 100


def pages_showing(
    session: WalledSession, site_id: int, item_id: int, slots: Iterable[list[int]]
) -> list[tuple[str, str]]:
    """Key and path of each page that shows an item now, or lists what stands in these slots."""
    keys = keys_using(session, site_id, [f"item:{item_id}"])
    keys.update(pages_of_slots(session, slots)[1])
    standing = standing_by_key(session, site_id, keys)
    return sorted((key, row.path) for key, row in standing.items() if row.digest is not None)


def _pages(_runtime: Runtime, session: WalledSession, withdrawn: Withdrawn) -> Iterable[Place]:
    """The item's page under each host, and all pages that showed it then or since."""
    for host in withdrawn.hosts:
        yield Place(_ITEM, host, withdrawn.path, GONE)
    rows = session.execute(
        select(Slot.column_id, Slot.number).where(Slot.item_id == withdrawn.item_id)
    )
    slots = [list(row) for row in rows]
    since = pages_showing(session, withdrawn.site_id, withdrawn.item_id, slots)
    for key, path in sorted({*withdrawn.pages, *since}):
        if path != withdrawn.path:
            yield _page(withdrawn, key, path)
    yield from _in_other_languages(session, withdrawn)


def _in_other_languages(session: WalledSession, withdrawn: Withdrawn) -> Iterable[Place]:
    """On the tenant's other sites, the pages of originals and translations, and their sitemaps."""
    for site_id, keys in keys_in_other_languages(session, [withdrawn.item_id]).items():
        host = site_of(session, site_id).main_host
        for key, row in sorted(standing_by_key(session, site_id, set(keys)).items()):
            if row.digest is not None:
                yield Place(_KINDS.get(split_key(key)[0], _OTHER), host, row.path, SILENT)


def _page(withdrawn: Withdrawn, key: str, path: str) -> Place:
    family, argument = split_key(key)
    is_own = argument.partition(":")[0] == str(withdrawn.item_id)
    kind = _KINDS.get(family, _OTHER)
    return Place(kind, withdrawn.host, _asked(path), ABSENT if is_own else SILENT)


def _asked(path: str) -> str:
    """As readers ask for it: `/zwgk/`, not its index page."""
    return path.removesuffix("index.html") if path.endswith("/index.html") else path


def _files(_runtime: Runtime, session: WalledSession, withdrawn: Withdrawn) -> Iterable[Place]:
    """Attachments and images of every edition that was ever public."""
    shown = session.scalars(
        select(EditionAsset.asset_id)
        .join(Issue, (Issue.tenant_id == EditionAsset.tenant_id) & _is_of_edition())
        .where(Issue.item_id == withdrawn.item_id)
    )
    found = assets(session, shown)
    others = _shown_by_others(session, withdrawn.site_id, list(found))
    for asset_id, asset in sorted(found.items()):
        if asset_id in others:
            by = others[asset_id]
            yield Place(_FILE, withdrawn.host, asset.path, KEPT, SHOWN_BY, by)
        else:
            yield Place(_FILE, withdrawn.host, asset.path, ABSENT)


def _is_of_edition() -> object:
    return Issue.edition_id == EditionAsset.edition_id


def _shown_by_others(
    session: WalledSession, site_id: int, asset_ids: Sequence[int]
) -> dict[int, str]:
    """Files that something public on the site shows, each with the path of what does."""
    rows = session.execute(
        select(EditionAsset.asset_id, Item.path)
        .join(
            Item,
            (Item.tenant_id == EditionAsset.tenant_id)
            & (Item.live_edition_id == EditionAsset.edition_id),
        )
        .where(EditionAsset.asset_id.in_(asset_ids), Item.site_id == site_id)
        .order_by(Item.id.desc())
    )
    return {row[0]: row[1] for row in rows}


def _old_addresses(
    _runtime: Runtime, session: WalledSession, withdrawn: Withdrawn
) -> Iterable[Place]:
    """Addresses of former systems that lead here."""
    rows = session.scalars(
        select(Redirect.address)
        .where(Redirect.site_id == withdrawn.site_id, Redirect.target == withdrawn.path)
        .order_by(Redirect.address)
    )
    for address in rows:
        yield Place(_OLD, withdrawn.host, address, ABSENT)


def _mentions(_runtime: Runtime, session: WalledSession, withdrawn: Withdrawn) -> Iterable[Place]:
    """Public texts into which a person wrote a link: signed as they are, so it is theirs to end.

    Reads all public texts of the site, as a search does.
    """
    rows = session.scalars(
        select(Item.path)
        .join(Edition, (Edition.tenant_id == Item.tenant_id) & (Edition.id == Item.live_edition_id))
        .where(
            Item.site_id == withdrawn.site_id,
            Edition.body_html.contains(withdrawn.path, autoescape=True),
        )
        .order_by(Item.id)
        .limit(_MOST_MENTIONS)
    )
    for path in rows:
        yield Place(_MENTION, withdrawn.host, path, KEPT, WRITTEN_IN)


TRACES = (
    Trace(
        {
            _ITEM: N_("稿件网页"),
            "list": N_("栏目列表"),
            "home": N_("首页"),
            "feed": N_("订阅源"),
            "sitemap": N_("站点地图"),
            _OTHER: N_("其他网页"),
        },
        _pages,
    ),
    Trace({_FILE: N_("附件和图片")}, _files),
    Trace({_OLD: N_("跳转到本稿的旧网址")}, _old_addresses),
    Trace({_MENTION: N_("正文链接到本稿的稿件")}, _mentions),
)
