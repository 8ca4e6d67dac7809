"""What happens to who answers under which host."""

from __future__ import annotations

from dataclasses import dataclass

from hosting.runtime.events import Event


@dataclass(frozen=True)
class HostsChanged(Event):
    """What these hosts show changed: they were bound or released, or the tenant's state did."""

    hosts: list[str]
