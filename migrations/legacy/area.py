"""The legacy room's part in the platform."""

from __future__ import annotations

from pathlib import Path

from hosting.runtime.areas import Area
from hosting.runtime.erasing import rows_of
from hosting.runtime.language import N_
from migrations.legacy.canaries import STEPS as CANARIES
from migrations.legacy.commands import legacy_group
from migrations.legacy.demo import STEPS
from migrations.legacy.models import LegacyAddress, LegacyFinding, LegacyRun

area = Area(
    name="legacy",
    needs=("provisioning", "pages", "review"),
    models=(LegacyRun, LegacyAddress, LegacyFinding),
    erases=(rows_of(N_("迁移方案"), LegacyFinding, LegacyAddress, LegacyRun),),
    commands=(legacy_group,),
    demo=STEPS,
    canaries=CANARIES,
    translations=Path(__file__).resolve().parents[1] / "translations",
)
