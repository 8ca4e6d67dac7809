"""The last step of opening a tenant: its home page is asked for, and answers."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from hosting.directory.asking import Asker
from hosting.runtime.errors import Unavailable
from hosting.runtime.runtime import Runtime


@dataclass(frozen=True)
class Probe:
    """What a host's home page answered (status 0: the gateway did not), and how long it took."""

    host: str
    address: str
    status: int
    seconds: float

    @property
    def is_well(self) -> bool:
        """Whether a reader sees the home page."""
        return self.status == 200


def probe_homes(runtime: Runtime, hosts: Sequence[str]) -> list[Probe]:
    """Ask the home page of each host, as a reader would."""
    asker = Asker(runtime)
    return [_probe(runtime, asker, host) for host in hosts]


def _probe(runtime: Runtime, asker: Asker, host: str) -> Probe:
    began = time.monotonic()
    try:
        status = asker.ask(host).status
    except Unavailable:
        status = 0
    seconds = round(time.monotonic() - began, 4)
    return Probe(host, runtime.settings.address(host), status, seconds)
