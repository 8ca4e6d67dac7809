"""The legacy room's part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area
from migrations.legacy.commands import legacy_group
from migrations.legacy.models import LegacyAddress, LegacyFinding, LegacyRun

area = Area(
    name="legacy",
    needs=("provisioning", "pages", "review"),
    models=(LegacyRun, LegacyAddress, LegacyFinding),
    commands=(legacy_group,),
)
