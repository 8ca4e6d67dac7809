"""Content's part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area
from tenants.content.models import Edition, EditionAsset, EditionColumn, Item

area = Area(
    name="content",
    needs=("media", "sites"),
    models=(Item, Edition, EditionAsset, EditionColumn),
)
