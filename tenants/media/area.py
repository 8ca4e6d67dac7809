"""Media's part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area
from hosting.runtime.erasing import rows_of
from hosting.runtime.language import N_
from tenants.media.models import Asset

area = Area(
    name="media",
    needs=("directory", "security"),
    models=(Asset,),
    erases=(rows_of(N_("素材"), Asset),),
)
