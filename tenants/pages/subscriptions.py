"""Which pages an event touches: events become page keys and names here, and nowhere else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy import select

from hosting.publishing.redirects import add_redirects
from hosting.publishing.stale import changed
from hosting.runtime.clock import now
from hosting.runtime.jobs import BULK, PERSON
from hosting.runtime.session import WalledSession
from tenants.content.models import BannerMatter, Edition, EditionAsset, Item
from tenants.content.translations import told_with
from tenants.pages.families.feeds import feed_keys
from tenants.pages.families.fronts import FIXED_PATHS
from tenants.pages.families.sitemaps import site_part_keys, sitemap_keys, sitemap_parts
from tenants.pages.frame import known_themes, themes_of
from tenants.pages.jobs import BUILD_BANNERS_IN, BUILD_IN_SECONDS
from tenants.pages.lists import archive_pages, page_of_slot
from tenants.pages.sitemaps import note_changed, part_of_slot, parts, parts_of_slots
from tenants.review.events import ColumnRenumbered, ItemExpired, ItemsIssued, ItemWithdrawn
from tenants.review.models import BY_ORDER, BY_REPOST
from tenants.review.slots import home_slots, tallies
from tenants.sites.events import (
    ColumnChanged,
    ColumnClosed,
    ColumnMoved,
    ColumnsCreated,
    DesignShown,
    DesignTakenBack,
    NoticeChanged,
    SiteChanged,
)
from tenants.sites.models import GREYSCALE, OPEN, Column
from tenants.sites.queries import columns_of, site_of
from themes.assets import theme_assets


def on_items_issued(session: WalledSession, event: ItemsIssued) -> None:
    """The items' pages and files, the lists that gained or lost a line, and what shows them.

    An order's lists are made once, when all of it stands in them: see on_column_renumbered.
    """
    lane = BULK if event.ground in (BY_ORDER, BY_REPOST) else PERSON
    slots = [] if event.ground == BY_ORDER else event.slots
    item_ids = [int(str(issue[0])) for issue in event.issues]
    _on_banners(session, item_ids)
    replaced = [int(str(issue[0])) for issue in event.issues if issue[2]]
    for site_id, ids in _by_site(session, item_ids).items():
        names, keys = pages_of_slots(session, slots)
        note_changed(session, parts_of_slots(slots))
        names += [f"item:{each}" for each in replaced if each in ids]
        keys += [f"item:{each}" for each in ids]
        keys += _files_of(session, ids)
        changed(session, site_id, names, keys, lane)
    _on_other_languages(session, item_ids, lane)


def on_item_withdrawn(session: WalledSession, event: ItemWithdrawn) -> None:
    """The item's page and files, its lists, and every page that shows it."""
    _on_banners(session, [event.item_id])
    for site_id in _by_site(session, [event.item_id]):
        names, keys = pages_of_slots(session, event.slots)
        note_changed(session, parts_of_slots(event.slots))
        names.append(f"item:{event.item_id}")
        keys += [f"item:{event.item_id}", *_files_of(session, [event.item_id])]
        changed(session, site_id, names, keys)
    _on_other_languages(session, [event.item_id], PERSON)


def _on_other_languages(session: WalledSession, item_ids: list[int], lane: str) -> None:
    """On other sites of the tenant, what leads to the same item here, led to it or will."""
    for site_id, keys in keys_in_other_languages(session, item_ids).items():
        changed(session, site_id, [], keys, lane)


def keys_in_other_languages(
    session: WalledSession, item_ids: Collection[int]
) -> dict[int, list[str]]:
    """By site, the pages of originals and translations of these items, and their sitemaps."""
    found: dict[int, list[str]] = defaultdict(list)
    others = {each.id: each.site_id for each in told_with(session, item_ids)}
    for item_id, site_id in others.items():
        found[site_id].append(f"item:{item_id}")
    places = home_slots(session, others) if others else []
    for item_id, column_id, number in places:
        found[others[item_id]] += sitemap_parts([(column_id, part_of_slot(number))])
    return found


def on_item_expired(session: WalledSession, event: ItemExpired) -> None:
    """The item's page, and every page that shows it: they say that it is no longer in force."""
    for site_id in _by_site(session, [event.item_id]):
        changed(session, site_id, [f"item:{event.item_id}"], [f"item:{event.item_id}"])


def on_column_renumbered(session: WalledSession, event: ColumnRenumbered) -> None:
    """All pages of the column's list."""
    node = session.scalars(select(Column).where(Column.id == event.column_id)).first()
    if node is not None:
        archive = archive_pages(event.slots, node.page_size)
        keys = [f"list:{node.id}:{page}" for page in range(1, archive + 1)]
        keys += feed_keys([node.id])
        all_parts = [(node.id, part) for part in range(1, parts(event.slots) + 1)]
        note_changed(session, all_parts)
        keys += sitemap_keys(all_parts)
        names = [f"column:{node.id}:list", f"column:{node.id}:head"]
        changed(session, node.site_id, names, [*keys, f"column:{node.id}"], BULK)


def on_columns_created(session: WalledSession, event: ColumnsCreated) -> None:
    """The new columns' pages, and what shows the tree around them."""
    names = _tree_names(session, event.site_id, event.column_ids)
    keys = [f"column:{each}" for each in event.column_ids]
    keys += _site_part_keys(session, event.site_id)
    changed(session, event.site_id, names, [*keys, *_theme_keys(session, event.site_id)])


def on_column_changed(session: WalledSession, event: ColumnChanged) -> None:
    """Every page that names one of the columns."""
    names = [f"column:{each}" for each in event.column_ids]
    names += _tree_names(session, event.site_id, event.column_ids[:1])
    keys = [f"column:{each}" for each in event.column_ids]
    changed(session, event.site_id, names, [*keys, *_site_part_keys(session, event.site_id)])


def on_column_moved(session: WalledSession, event: ColumnMoved) -> None:
    """Old paths lead to the new ones; every page that links to a moved column is made again."""
    moves = [(str(old), str(new), 301) for _, old, new in event.moves]
    add_redirects(session, event.site_id, moves)
    ids = [int(str(move[0])) for move in event.moves]
    names = [f"column:{each}" for each in ids] + [f"column:{each}:list" for each in ids]
    changed(session, event.site_id, [*names, f"site:{event.site_id}"])


def on_column_closed(session: WalledSession, event: ColumnClosed) -> None:
    """Its page goes, and the tree around it is shown without it."""
    names = [f"column:{event.column_id}", f"site:{event.site_id}"]
    if event.parent_id is not None:
        names.append(f"column:{event.parent_id}")
    changed(session, event.site_id, names, [f"column:{event.column_id}"])


def on_site_changed(session: WalledSession, event: SiteChanged) -> None:
    """Every page of the site."""
    _everything(session, event.site_id, PERSON)


def on_design_shown(session: WalledSession, event: DesignShown | DesignTakenBack) -> None:
    """Every page once more behind the switch: what pages of the other tree use may be another.

    The tree is right as it is switched to, so most pages come out as they stand.
    """
    _everything(session, event.site_id, BULK)


def _everything(session: WalledSession, site_id: int, lane: str) -> None:
    changed(
        session,
        site_id,
        [f"site:{site_id}", f"tokens:{site_id}"],
        [
            *_ALWAYS,
            *feed_keys([]),
            *_site_part_keys(session, site_id),
            *_theme_keys(session, site_id),
        ],
        lane=lane,
    )


def _overhead_changed(session: WalledSession, site_id: int, *, is_grey: bool) -> None:
    """At once the home page, the columns' pages and the style sheet that tells all others.

    The others are made again in a job of their own, when the first pages of every site are made;
    until then the style sheet speaks for them. Grey is the style sheet's alone, whatever the size
    of the site.
    """
    if is_grey:
        changed(session, site_id, [], ["tokens:"])
        return
    columns = [f"column:{each.id}" for each in columns_of(session, site_id) if each.state == OPEN]
    changed(session, site_id, [], ["tokens:", "home:", *columns])
    later = now() + timedelta(seconds=BUILD_IN_SECONDS)
    session.enqueue(BUILD_BANNERS_IN, key=str(site_id), lane=BULK, run_at=later, site_id=site_id)


def on_notice_changed(session: WalledSession, event: NoticeChanged) -> None:
    """What the city puts over a site, or takes away."""
    _overhead_changed(session, event.site_id, is_grey=event.kind == GREYSCALE)


def _on_banners(session: WalledSession, matter_ids: list[int]) -> None:
    """What follows where banners or days of mourning are among these matters."""
    for each in session.scalars(select(BannerMatter).where(BannerMatter.id.in_(matter_ids))):
        _overhead_changed(session, each.site_id, is_grey=each.is_grey)


_ALWAYS = ["home:", "tokens:", "robots:", "security:", *(f"page:{path}" for path in FIXED_PATHS)]


def _site_part_keys(session: WalledSession, site_id: int) -> list[str]:
    return site_part_keys(len(columns_of(session, site_id)))


def pages_of_slots(
    session: WalledSession, slots: Iterable[list[int]]
) -> tuple[list[str], list[str]]:
    """Names and keys of all that lists what stands in these slots, feeds and sitemaps included."""
    places = list(slots)
    names, keys = _of_slots(session, places)
    return names, keys + _followers(places)


def _followers(slots: Iterable[list[int]]) -> list[str]:
    """Feeds and sitemaps that name what stands in these slots."""
    touched = parts_of_slots(slots)
    columns = dict.fromkeys(column_id for column_id, _ in touched)
    return [*feed_keys(columns), *sitemap_keys(touched)]


def _theme_keys(session: WalledSession, site_id: int) -> list[str]:
    """Files of all themes that the site and its subsites use."""
    known = known_themes(session, site_of(session, site_id))
    themes = themes_of(known, columns_of(session, site_id))
    return [f"theme:{path}" for theme in themes for path, _, _ in theme_assets(theme)]


def _by_site(session: WalledSession, item_ids: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for item_id, site_id in session.execute(
        select(Item.id, Item.site_id).where(Item.id.in_(item_ids))
    ):
        found[site_id].append(item_id)
    return found


def _of_slots(session: WalledSession, slots: Iterable[list[int]]) -> tuple[list[str], list[str]]:
    """Names and keys of the list pages on which these slots stand."""
    by_column: dict[int, list[int]] = defaultdict(list)
    for column_id, number in slots:
        by_column[column_id].append(number)
    sizes = {
        row[0]: row[1]
        for row in session.execute(
            select(Column.id, Column.page_size).where(Column.id.in_(by_column))
        )
    }
    totals = tallies(session, list(by_column))
    names: list[str] = []
    keys: list[str] = []
    for column_id, numbers in by_column.items():
        archive = archive_pages(totals[column_id].slots, sizes[column_id])
        pages = {page_of_slot(number, sizes[column_id]) for number in numbers}
        # A full page that has just moved to the archive, and the one whose link leads to it.
        pages |= {archive, archive - 1}
        names.append(f"column:{column_id}:head")
        keys.append(f"column:{column_id}")
        keys += [f"list:{column_id}:{page}" for page in sorted(pages) if 1 <= page <= archive]
    return names, keys


def _files_of(session: WalledSession, item_ids: list[int]) -> list[str]:
    """Files of all editions of these items: new ones appear, those no longer shown vanish."""
    rows = session.scalars(
        select(EditionAsset.asset_id)
        .join(
            Edition,
            (Edition.tenant_id == EditionAsset.tenant_id) & (Edition.id == EditionAsset.edition_id),
        )
        .where(Edition.item_id.in_(item_ids))
        .distinct()
    )
    return [f"media:{each}" for each in rows]


def _tree_names(session: WalledSession, site_id: int, column_ids: list[int]) -> list[str]:
    """Names of what shows these columns' neighbours: their parents; the whole site at the top."""
    parents = session.scalars(
        select(Column.parent_id).where(Column.id.in_(column_ids)).distinct()
    ).all()
    return [f"site:{site_id}" if each is None else f"column:{each}" for each in parents]
