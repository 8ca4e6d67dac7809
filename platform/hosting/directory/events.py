"""What happens to who answers under which host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hosting.runtime.events import Event
from hosting.runtime.language import N_


@dataclass(frozen=True)
class HostsChanged(Event):
    """What these hosts show changed: they were bound or released, or the tenant's state did."""

    label: ClassVar[str] = N_("域名指向变更")
    hosts: list[str]
