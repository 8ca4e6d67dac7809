"""The directory's part in the platform."""

from __future__ import annotations

from hosting.directory.erasing import ERASES, KEEPS
from hosting.directory.models import Domain, Site, Tenant
from hosting.runtime.areas import Area

area = Area(name="directory", models=(Tenant, Site, Domain), erases=ERASES, keeps=KEEPS)
