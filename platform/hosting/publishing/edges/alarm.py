"""Telling what was wrong with a site's copy at an edge."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from hosting.publishing.events import EdgeTamperingFound
from hosting.runtime.runtime import Runtime
from hosting.security.actor import PLATFORM_ACTOR

log = logging.getLogger(__name__)

_PATHS_TOLD = 20


def sound_alarm(
    runtime: Runtime, tenant_id: int, site_id: int, edge: str, mended: Sequence[str]
) -> None:
    """Say in the log and in the tenant's trail what was wrong at the edge."""
    if not mended:
        return
    for address in mended:
        log.error("edge %s, site %s: %s was wrong", edge, site_id, address)
    with runtime.tenant_session(tenant_id) as session:
        session.record(
            EdgeTamperingFound(
                tenant_id=tenant_id,
                site_id=site_id,
                edge=edge,
                places=len(mended),
                details=list(mended[:_PATHS_TOLD]),
            ),
            by=PLATFORM_ACTOR,
        )
