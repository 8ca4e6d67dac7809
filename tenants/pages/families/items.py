"""An item's page, and the files that public pages show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from hosting.publishing.blobs import open_store
from hosting.publishing.media_types import media_type
from hosting.publishing.rendering import ASSET, PAGE, Gone, Outcome, Page, Rendering
from hosting.runtime.areas import PageFamily
from hosting.runtime.clock import local
from hosting.security.html import clean_again
from tenants.content.models import Edition, EditionAsset, Item
from tenants.content.queries import Content, contents_of, newest_edition_id
from tenants.content.translations import Version, versions_of
from tenants.media.models import Asset, media_path
from tenants.media.queries import assets
from tenants.pages.entries import beginning, file_kind, file_size, picture, shown_validity
from tenants.pages.frame import Frame, frame_of, uses_column
from tenants.reposts.models import Repost
from tenants.reposts.queries import copies_among
from tenants.review.due import expired_among
from tenants.review.models import Issue
from themes.contract import (
    Attachment,
    CleanHtml,
    Document,
    ItemView,
    OriginalDate,
    RepostOf,
)
from themes.renderer import render

HTML = "text/html; charset=utf-8"


class NotWhatWasSigned(Exception):
    """The edition in the database has another digest than its issue; it is not published."""


@dataclass(frozen=True)
class _Shown:
    item: Item
    content: Content | None
    issue: Issue | None
    is_expired: bool = False
    copy: Repost | None = None


def _load(rendering: Rendering) -> dict[int, _Shown]:
    """All items of the batch with what is to be shown of each, in seven queries."""
    session = rendering.session
    ids = [int(argument) for argument in rendering.batch]
    items: Sequence[Item] = session.scalars(select(Item).where(Item.id.in_(ids))).all()
    shown = newest_edition_id() if rendering.drafts else Item.live_edition_id
    rows = session.execute(
        select(Item.id, Edition)
        .join(Edition, (Edition.tenant_id == Item.tenant_id) & (Edition.id == shown))
        .where(Item.id.in_(ids))
    )
    editions = {row[0]: row[1] for row in rows}
    contents = contents_of(session, list(editions.values()))
    issues = {
        each.edition_id: each
        for each in session.scalars(select(Issue).where(Issue.edition_id.in_(contents)))
    }
    expired = expired_among(session, editions.values())
    copies, found = copies_among(session, list(editions)), {}
    for item in items:
        edition = editions.get(item.id)
        if edition is None:
            found[item.id] = _Shown(item, None, None)
        else:
            content, issue = contents[edition.id], issues.get(edition.id)
            is_expired, copy = edition.id in expired, copies.get(item.id)
            found[item.id] = _Shown(item, content, issue, is_expired, copy)
    return found


def _render(rendering: Rendering, argument: str) -> Outcome:
    loaded = rendering.once("items", lambda: _load(rendering))
    shown = loaded.get(int(argument))
    if shown is None:
        return None
    if shown.content is None:
        return Gone(shown.item.path) if shown.item.published_at is not None else None
    if not rendering.drafts:
        _check_signed(shown)
    frame = frame_of(rendering)
    rendering.uses(f"item:{argument}")
    uses_column(rendering, frame, shown.content.edition.column_id)
    versions = _versions(rendering, frame, shown.item.id)
    rendering.uses(*(f"item:{each.item_id}" for each in versions.values()))
    view = item_view(frame, shown, shown.content, versions)
    theme = frame.theme(shown.content.edition.column_id)
    return Page(shown.item.path, render(theme, view), HTML, PAGE)


def _versions(rendering: Rendering, frame: Frame, item_id: int) -> Mapping[int, Version]:
    """An item in all languages that readers find it in, by site; empty where in one alone."""
    if not frame.languages:
        return {}
    ids = [int(argument) for argument in rendering.batch]
    load = partial(versions_of, rendering.session, ids, is_main=frame.site.is_main)
    return rendering.once("versions", load).get(item_id, {})


def _check_signed(shown: _Shown) -> None:
    assert shown.content is not None
    if shown.issue is None or shown.content.digest() != shown.issue.digest:
        raise NotWhatWasSigned(f"item {shown.item.id}")


def item_view(
    frame: Frame, shown: _Shown, content: Content, versions: Mapping[int, Version]
) -> ItemView:
    """What a theme shows of an item; without an issue it is a preview."""
    item, edition = shown.item, content.edition
    first_issue = local(item.published_at or edition.written_at, frame.settings.zone)
    stamp = first_issue.strftime("%Y-%m-%d %H:%M")
    original = edition.original_date
    return ItemView(
        site=frame.site_view(edition.column_id),
        column=frame.column_view(edition.column_id),
        path=item.path,
        title=edition.title,
        subtitle=edition.subtitle,
        pub_date=f"{original.isoformat()} 00:00" if original else stamp,
        published=stamp if original else "",
        original=(
            OriginalDate(original.isoformat(), edition.original_date_source) if original else None
        ),
        source=edition.source_name or frame.site.sponsor or frame.site.name,
        source_path=edition.source_url,
        author=edition.author,
        # Cleaned at the door, too; the rules may have become stricter since it was signed.
        body=CleanHtml(clean_again(edition.body_html)),
        summary=edition.summary,
        beginning="" if edition.summary else beginning(edition.body_text),
        keywords=edition.keywords,
        image=picture(content.images[0], edition.title) if content.images else None,
        repost=_repost(shown, edition, stamp),
        document=_document(frame, edition, stamp, shown) if edition.is_document else None,
        alternates=frame.translations({each.site_id: each.path for each in versions.values()}),
        attachments=(
            *(_attachment(file, asset) for file, asset in content.attachments),
            *(Attachment(name, "") for name in edition.lost_attachments),
        ),
        register_number=_register_number(shown.issue),
    )


def _repost(shown: _Shown, edition: Edition, stamp: str) -> RepostOf | None:
    """What a copy says of its original, as long as nobody here has written another edition."""
    if shown.copy is None or shown.copy.edition_id != edition.id:
        return None
    return RepostOf(edition.source_url, stamp)


def _document(frame: Frame, edition: Edition, stamp: str, shown: _Shown) -> Document:
    # A red head is that of the paper; a translation has none of its own.
    has_head = bool(edition.doc_number and edition.issuing_body and frame.is_chinese)
    return Document(
        title=edition.title,
        index_no=edition.index_no,
        theme_class=edition.theme_class,
        issuing_body=edition.issuing_body,
        formed_date=edition.formed_date.isoformat() if edition.formed_date else "",
        doc_number=edition.doc_number,
        publish_date=edition.original_date.isoformat() if edition.original_date else stamp[:10],
        effective_date=edition.effective_date.isoformat() if edition.effective_date else "",
        valid_until=edition.valid_until.isoformat() if edition.valid_until else "",
        validity=shown_validity(edition, is_expired=shown.is_expired),
        letterhead=f"{edition.issuing_body}文件" if has_head else "",
    )


def _attachment(shown: EditionAsset, asset: Asset) -> Attachment:
    return Attachment(
        shown.name or asset.name, asset.path, file_size(asset.size_bytes), file_kind(asset.name)
    )


def _register_number(issue: Issue | None) -> str:
    if issue is None:
        return ""
    number = f"{issue.year}-{issue.number:05d}"
    return f"{number}-{issue.serial}" if issue.serial else number


def _resolve(rendering: Rendering, path: str) -> str | None:
    if not path.startswith("/art/"):
        return None
    found = rendering.session.scalar(
        select(Item.id).where(Item.site_id == rendering.site_id, Item.path == path)
    )
    return None if found is None else str(found)


def _arguments(rendering: Rendering) -> Iterable[str]:
    """Items that are or once were public."""
    return (
        str(each)
        for each in rendering.session.scalars(
            select(Item.id).where(Item.site_id == rendering.site_id, Item.published_at.is_not(None))
        )
    )


def _load_files(rendering: Rendering) -> tuple[dict[int, Asset], set[int]]:
    """Files of the batch, and which of them a live edition of this site shows."""
    ids = [int(argument) for argument in rendering.batch]
    shown = rendering.session.scalars(
        select(EditionAsset.asset_id)
        .join(
            Item,
            (Item.tenant_id == EditionAsset.tenant_id)
            & (Item.live_edition_id == EditionAsset.edition_id),
        )
        .where(EditionAsset.asset_id.in_(ids), Item.site_id == rendering.site_id)
    )
    return assets(rendering.session, ids), set(shown)


def _render_file(rendering: Rendering, argument: str) -> Outcome:
    files, shown = rendering.once("files", lambda: _load_files(rendering))
    asset = files.get(int(argument))
    if asset is None or not (int(argument) in shown or rendering.drafts):
        return None
    data = open_store(rendering.runtime.settings).read(rendering.tenant_id, asset.digest)
    return Page(asset.path, data, asset.content_type, ASSET)


def _resolve_file(rendering: Rendering, path: str) -> str | None:
    _, _, rest = path.partition("/m/")
    short, _, name = rest.partition("/")
    if not path.startswith("/m/") or not name or media_type(path) is None:
        return None
    found = rendering.session.scalars(
        select(Asset).where(Asset.digest.between(short, short + "g"), Asset.name == name)
    ).first()
    return str(found.id) if found and media_path(found.digest, found.name) == path else None


def _file_arguments(rendering: Rendering) -> Iterable[str]:
    return (
        str(each)
        for each in rendering.session.scalars(
            select(EditionAsset.asset_id)
            .join(
                Item,
                (Item.tenant_id == EditionAsset.tenant_id)
                & (Item.live_edition_id == EditionAsset.edition_id),
            )
            .where(Item.site_id == rendering.site_id)
            .distinct()
        )
    )


item_pages = PageFamily("item", _render, _resolve, _arguments, PAGE)
media_files = PageFamily("media", _render_file, _resolve_file, _file_arguments, ASSET)
