"""What a withdrawal may leave at an edge: its page, which goes there last of all that led to it."""

from __future__ import annotations

import time
from collections.abc import Iterable

from hosting.directory.asking import Answer
from hosting.directory.queries import site_of_host
from hosting.publishing.edges.asking import addresses_left
from hosting.publishing.edges.targets import configured
from hosting.publishing.traces import ABSENT, Asked, Place, Withdrawn
from hosting.runtime.areas import Trace
from hosting.runtime.errors import Unavailable
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession

_THERE, _NOTHING = 200, 404


def _pages_at_edges(
    runtime: Runtime, _session: WalledSession, withdrawn: Withdrawn
) -> Iterable[Place]:
    for target in configured(runtime.settings):
        yield Place("edge", withdrawn.host, withdrawn.path, ABSENT, server=target.name)


_away: dict[str, float] = {}
"""Until when an edge at this address is not asked again; its time-out is paid once."""

_REST_SECONDS = 60.0


class _AskEdges:
    """Looks into the copies themselves: we may not be able to read what an edge serves."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def __call__(self, place: Place) -> tuple[Asked, ...]:
        """Whether the page stands at the place's edge; Unavailable where that does not answer."""
        address = self._runtime.settings.edge_addresses[place.server]
        if _away.get(address, 0.0) > time.monotonic():
            raise _unanswered()
        site = site_of_host(self._runtime, place.host)
        if site is None:
            raise _unanswered()
        [told] = addresses_left(self._runtime, site.site_id, [place.path], only=place.server)
        if told.problem:
            _away[address] = time.monotonic() + _REST_SECONDS
            raise _unanswered()
        status = _THERE if told.addresses else _NOTHING
        return (Asked(status, "", Answer(status, {}, b"")),)


def _unanswered() -> Unavailable:
    return Unavailable("edge_unanswered", N_("边缘节点没有应答"))


TRACES = (Trace({"edge": N_("边缘节点")}, _pages_at_edges, _AskEdges),)
