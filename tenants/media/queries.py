"""Reads of files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from hosting.runtime.errors import NotFound
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from tenants.media.models import DIGEST_LENGTH, Asset

_REFERENCE = re.compile(r'(?:src|href)="/m/([0-9a-f]{%d})/([^"]+)"' % DIGEST_LENGTH)


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
        condition = bounds[start]
        for bound in bounds[start + 1 : start + 50]:
            condition = condition | bound
        found += session.scalars(select(Asset).where(condition))
    return found


def referenced_digests(body_html: str) -> list[str]:
    """The short digests of files that a cleaned text refers to, in order, each once."""
    return list(dict.fromkeys(match[1] for match in _REFERENCE.finditer(body_html)))
