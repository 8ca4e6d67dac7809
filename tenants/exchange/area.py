"""The exchange's part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area
from tenants.exchange.commands import content_group

area = Area(name="exchange", needs=("review", "publishing"), commands=(content_group,))
