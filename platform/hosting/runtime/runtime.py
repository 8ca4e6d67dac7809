"""The running platform: settings, database, cache, doorbell and the areas, held together."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property

from hosting.runtime.areas import Area, Job, PageFamily, load_areas
from hosting.runtime.cache import Cache, open_cache
from hosting.runtime.database import Database
from hosting.runtime.doorbell import Doorbell, open_doorbell
from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_, use_catalogues
from hosting.runtime.session import WalledSession
from hosting.runtime.settings import Settings


@dataclass
class Runtime:
    """What every edge holds. Opening it connects to nothing and asks the database nothing."""

    settings: Settings
    areas: tuple[Area, ...]
    database: Database
    cache: Cache
    doorbell: Doorbell

    @classmethod
    def open(cls, settings: Settings, areas: tuple[Area, ...] | None = None) -> Runtime:
        """Compose the platform of the installed areas (or of those given)."""
        areas = load_areas() if areas is None else areas
        use_catalogues(area.translations for area in areas if area.translations is not None)
        subscriptions = [each for area in areas for each in area.subscriptions]
        runtime = cls(
            settings,
            areas,
            Database(settings, subscriptions),
            open_cache(settings),
            open_doorbell(settings),
        )
        runtime.database.after_commit = runtime.doorbell.ring
        return runtime

    def require_home(self) -> None:
        """Raise Invalid where `jiyue init` has not been run."""
        if not (self.settings.home / "run").is_dir():
            raise Invalid(
                "no_home",
                N_("{home} 中还没有平台数据，请先运行 jiyue init"),
                home=str(self.settings.home),
            )

    def tenant_session(
        self, tenant_id: int | None, *, reading: bool = False
    ) -> AbstractContextManager[WalledSession]:
        """A session of one tenant. For edges only: it commits when the block returns."""
        return self.database.tenant_session(tenant_id, reading=reading)

    def platform_session(
        self, *, reason: str, reading: bool = False
    ) -> AbstractContextManager[WalledSession]:
        """A session that sees all tenants. For edges only."""
        return self.database.platform_session(reason=reason, reading=reading)

    @cached_property
    def jobs(self) -> dict[str, Job]:
        """All kinds of job."""
        return {job.kind: job for area in self.areas for job in area.jobs}

    @cached_property
    def page_families(self) -> dict[str, PageFamily]:
        """All kinds of public page, by the first part of their keys."""
        return {family.name: family for area in self.areas for family in area.page_families}

    def close(self) -> None:
        """Let go of connections and the doorbell."""
        self.doorbell.close()
        self.database.close()
