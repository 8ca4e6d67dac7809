"""All that stands behind the gateway, as it is run for real, to be stopped and started again."""

from __future__ import annotations

import http.client
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from hosting.ops.installation import install
from hosting.publishing.manifest.asking import socket_path
from hosting.runtime.settings import Settings
from parts.platform import postgresql_settings
from parts.postgresql import ClusterSwitch, DatabaseUrls, new_cluster
from parts.programs import accepts, free_port, running
from parts.redis_server import RedisSwitch
from parts.storage import StorageSwitch, bucket


@dataclass
class Behind:
    """PostgreSQL, Redis, an S3 store and `jiyue serve`: web, worker, watcher and signer."""

    settings: Settings
    database: ClusterSwitch
    redis: RedisSwitch
    storage: StorageSwitch
    _stores: ExitStack = field(default_factory=ExitStack)
    _platform: ExitStack = field(default_factory=ExitStack)

    def start_stores(self) -> None:
        """Database, cache and blobs."""
        self._stores.enter_context(self.database.on())
        self._stores.enter_context(self.storage.on())
        self._stores.enter_context(self.redis)

    def stop_stores(self) -> None:
        """Without them the platform runs on as well as it can."""
        self._stores.close()
        assert not self.database.cluster.is_ready()
        assert not accepts(self.redis.port)
        assert not any(accepts(port) for port in self.storage.ports.values())

    def start_platform(self) -> None:
        """The platform itself; returns when it answers, which is later than that it listens."""
        command = [sys.executable, "-m", "hosting.runtime", "serve"]
        port, log = self.settings.port, self.settings.home.parent / "serve.log"
        starting = running(command, ready=lambda: _answers(port), log=log, seconds=120)
        self._platform.enter_context(starting)

    def stop_platform(self) -> None:
        """Ends with all its children."""
        self._platform.close()
        assert not accepts(self.settings.port)
        with socket.socket(socket.AF_UNIX) as probe:
            assert probe.connect_ex(str(socket_path(self.settings))) != 0

    def close(self) -> None:
        """The end of all."""
        self._platform.close()
        self._stores.close()


def _answers(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", "/", headers={"Host": "www.unknown.gov.cn"})
            return connection.getresponse().status == 421
        except (OSError, http.client.HTTPException):
            return False


@contextmanager
def behind_the_gateway(folder: Path) -> Iterator[Behind]:
    """A platform of one's own, installed and empty: its stores run, itself not yet."""
    for part in ("redis", "swift"):
        (folder / part).mkdir()
    storage, redis = StorageSwitch(folder / "swift"), RedisSwitch(folder / "redis")
    with new_cluster() as database, ExitStack() as stack:
        behind = Behind(Settings(home=folder / "home"), database, redis, storage)
        stack.callback(behind.close)
        behind.start_stores()
        urls = database.cluster.create_database()
        settings = postgresql_settings(behind.settings.home, urls, redis_url=redis.url)
        behind.settings = replace(
            settings,
            storage_url=stack.enter_context(bucket(storage.endpoint)),
            bind=f"127.0.0.1:{free_port()}",
            trusted_proxies="127.0.0.1",
        )
        environment = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in _environment(behind.settings, urls).items():
            environment.setenv(name, value)
        install(behind.settings)
        yield behind


def _environment(settings: Settings, urls: DatabaseUrls) -> dict[str, str]:
    return {
        **urls.environment,
        "JIYUE_HOME": str(settings.home),
        "JIYUE_REDIS_URL": settings.redis_url,
        "JIYUE_STORAGE_URL": settings.storage_url,
        "JIYUE_BIND": settings.bind,
        "JIYUE_TRUSTED_PROXIES": settings.trusted_proxies,
        "JIYUE_HOST_CACHE_SECONDS": "0",
    }
