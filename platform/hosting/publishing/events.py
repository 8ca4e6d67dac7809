"""What happens to public trees, as the audit trail tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hosting.runtime.events import Event
from hosting.runtime.language import N_


@dataclass(frozen=True)
class TamperingFound(Event):
    """Files, rows or the manifest of a site were not as signed; `is_repaired` or only reported.

    `details` are the first of them: the problem, a space, the path.
    """

    label: ClassVar[str] = N_("发现网页被篡改")
    site_id: int
    places: int
    is_repaired: bool
    details: list[str]


@dataclass(frozen=True)
class SharedTamperingFound(Event):
    """Host links or the platform's own notices were not as they should be, and were put right.

    `details` are the first of them: the problem, a space, the path below the public folder.
    """

    label: ClassVar[str] = N_("发现域名指向或平台公告页被篡改")
    places: int
    details: list[str]


@dataclass(frozen=True)
class EdgeTamperingFound(Event):
    """A site's copy at an edge was not as signed, and was put right.

    `details` are the first of the paths.
    """

    label: ClassVar[str] = N_("发现边缘副本被篡改")
    site_id: int
    edge: str
    places: int
    details: list[str]
