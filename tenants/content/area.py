"""Content's part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area
from tenants.content.models import (
    ColumnMatter,
    Edition,
    EditionAsset,
    EditionColumn,
    Item,
    Matter,
)

area = Area(
    name="content",
    needs=("media", "sites"),
    models=(Matter, Item, ColumnMatter, Edition, EditionAsset, EditionColumn),
)
