"""Reads of files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, func, not_, or_, select

from hosting.runtime.errors import NotFound
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from tenants.media.models import DIGEST_LENGTH, Asset

_REFERENCE = re.compile(rf'(?:src|href)="/m/([0-9a-f]{{{DIGEST_LENGTH}}})/([^"]+)"')


def asset(session: WalledSession, asset_id: int) -> Asset:
    """One file; NotFound for a missing one and a foreign one alike."""
    found = session.scalars(select(Asset).where(Asset.id == asset_id)).first()
    if found is None:
        raise NotFound("no_such_asset", N_("没有找到这个文件"))
    return found


def assets(session: WalledSession, asset_ids: Iterable[int]) -> dict[int, Asset]:
    """Those of the files that are the tenant's, by id."""
    wanted = set(asset_ids)
    if not wanted:
        return {}
    return {each.id: each for each in session.scalars(select(Asset).where(Asset.id.in_(wanted)))}


def assets_by_digest(session: WalledSession, short_digests: Iterable[str]) -> Sequence[Asset]:
    """Files whose public address begins with one of these digests."""
    wanted = set(short_digests)
    if not wanted:
        return []
    bounds = [Asset.digest.between(short, short + "g") for short in wanted]
    found: list[Asset] = []
    for start in range(0, len(bounds), 50):
        found += session.scalars(select(Asset).where(or_(*bounds[start : start + 50])))
    return found


def referenced_digests(body_html: str) -> list[str]:
    """The short digests of files that a cleaned text refers to, in order, each once."""
    return list(dict.fromkeys(match[1] for match in _REFERENCE.finditer(body_html)))


KINDS: dict[str, ColumnElement[bool]] = {
    "image": Asset.content_type.startswith("image/"),
    "film": or_(Asset.content_type.startswith("video/"), Asset.content_type.startswith("audio/")),
    "document": not_(
        or_(*(Asset.content_type.startswith(each) for each in ("image/", "video/", "audio/")))
    ),
}
"""Kinds of file a library is narrowed to."""


def asset_rows(
    session: WalledSession, *, words: str = "", kind: str = "", offset: int = 0, limit: int = 50
) -> Sequence[Asset]:
    """Files, the newest first; `kind` is one of KINDS, `words` stand in the name."""
    return session.scalars(
        select(Asset)
        .where(*_narrowed(words, kind))
        .order_by(Asset.uploaded_at.desc(), Asset.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()


def asset_count(session: WalledSession, *, words: str = "", kind: str = "") -> int:
    """How many files `asset_rows` has to give."""
    return session.scalar(select(func.count(Asset.id)).where(*_narrowed(words, kind))) or 0


def _narrowed(words: str, kind: str) -> Iterable[ColumnElement[bool]]:
    if words:
        yield Asset.name.contains(words, autoescape=True)
    if kind:
        yield KINDS[kind]


def asset_at(session: WalledSession, short_digest: str, name: str) -> Asset:
    """The file behind a public address; NotFound for a missing one and a foreign one alike."""
    found = [each for each in assets_by_digest(session, [short_digest]) if each.name == name]
    if len(short_digest) != DIGEST_LENGTH or not found:
        raise NotFound("no_such_asset", N_("没有找到这个文件"))
    return found[0]
