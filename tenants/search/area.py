"""Search's part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area
from tenants.search.traces import TRACES
from tenants.search.views import blueprint

area = Area(name="search", needs=("pages",), public=(blueprint,), traces=TRACES)
