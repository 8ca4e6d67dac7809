"""Media's part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area
from tenants.media.models import Asset

area = Area(name="media", needs=("directory", "security"), models=(Asset,))
