"""What happens to files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hosting.runtime.events import Event
from hosting.runtime.language import N_


@dataclass(frozen=True)
class AssetsStored(Event):
    """Files were taken in."""

    label: ClassVar[str] = N_("存入文件")
    asset_ids: list[int]
