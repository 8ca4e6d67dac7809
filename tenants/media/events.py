"""What happens to files."""

from __future__ import annotations

from dataclasses import dataclass

from hosting.runtime.events import Event


@dataclass(frozen=True)
class AssetsStored(Event):
    """Files were taken in."""

    asset_ids: list[int]
