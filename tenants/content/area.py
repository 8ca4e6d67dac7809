"""Content's part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area
from hosting.runtime.erasing import rows_of
from hosting.runtime.language import N_
from tenants.content.models import (
    BannerMatter,
    ColumnMatter,
    Edition,
    EditionAsset,
    EditionColumn,
    EditionTranslation,
    Item,
    Matter,
)

area = Area(
    name="content",
    needs=("media", "sites"),
    models=(
        Matter,
        Item,
        ColumnMatter,
        BannerMatter,
        Edition,
        EditionAsset,
        EditionColumn,
        EditionTranslation,
    ),
    erases=(
        rows_of(N_("稿件和版本"), EditionAsset, EditionColumn, EditionTranslation, Edition, Matter),
    ),
)
