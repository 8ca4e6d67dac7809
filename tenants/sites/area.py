"""The column tree's part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area
from tenants.sites.models import Column

area = Area(name="sites", needs=("directory", "security"), models=(Column,))
