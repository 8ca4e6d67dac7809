"""Work that the public pages have put off."""

from __future__ import annotations

from hosting.publishing.stale import changed
from hosting.runtime.jobs import BULK
from hosting.runtime.worker import Work

BUILD_BANNERS_IN = "build_banners_in"

BUILD_IN_SECONDS = 30
"""How long pages wait for a banner that their style sheet shows: until all sites of the city have
their first pages, and a banner that was put right has become one with that which was wrong."""


def build_banners_in(work: Work, *, site_id: int) -> None:
    """Have all pages of a site made again, with what stands over them built in."""
    with work.session() as session:
        changed(session, site_id, [f"site:{site_id}"], [], BULK)
