"""What a receiver tells the origin of its copy."""

from __future__ import annotations

from dataclasses import dataclass

from hosting.runtime.session import WalledSession
from tenants.reposts.models import DECLINED, ENDED, GONE, SHOWN, WAITING, SentRepost
from tenants.reposts.queries import copy_of, item_of_copy
from tenants.sites.queries import site_of

_OFF = {DECLINED: DECLINED, ENDED: GONE}


@dataclass(frozen=True)
class Told:
    """What an origin is told of a copy: how it stands, and where readers find or found it."""

    state: str
    host: str = ""
    path: str = ""

    def is_said_by(self, row: SentRepost) -> bool:
        """Whether the origin has been told so."""
        return (row.state, row.host, row.path) == (self.state, self.host, self.path)


def told_of(session: WalledSession, origin_tenant_id: int, origin_item_id: int) -> Told | None:
    """What the origin may know of the copy here; None where there is none."""
    copy = copy_of(session, origin_tenant_id, origin_item_id)
    if copy is None:
        return None
    shown = item_of_copy(session, copy)
    is_public = shown is not None and shown.live_edition_id is not None
    state = SHOWN if is_public else _OFF.get(copy.state, WAITING)
    if shown is None or shown.published_at is None:
        return Told(state)
    return Told(state, site_of(session, shown.site_id).main_host, shown.path)


def note_told(kept: SentRepost, told: Told) -> None:
    """Keep at the origin what it was told."""
    kept.state, kept.host, kept.path = told.state, told.host, told.path
