"""The column tree's part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area
from hosting.runtime.erasing import rows_of
from hosting.runtime.language import N_
from tenants.sites.commands import column_group
from tenants.sites.models import CityNotice, Column, SiteDesign

area = Area(
    name="sites",
    needs=("directory", "security"),
    models=(Column, CityNotice, SiteDesign),
    commands=(column_group,),
    erases=(
        rows_of(N_("版式"), SiteDesign, loosened=(SiteDesign.earlier_id,)),
        rows_of(N_("栏目"), Column, loosened=(Column.parent_id,)),
    ),
)
