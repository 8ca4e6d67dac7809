"""A throw-away Redis server on a free loopback port; nothing is written to disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from redis import Redis

from parts.programs import accepts, free_port, program, running


@dataclass
class RedisSwitch:
    """A server that can be stopped and started again, empty, at the same address."""

    folder: Path
    port: int = field(default_factory=free_port)
    _running: ExitStack = field(default_factory=ExitStack)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        server = program("redis-server", package="redis-server")
        options = {"--bind": "127.0.0.1", "--port": str(self.port), "--save": ""}
        options["--dir"] = str(self.folder)
        command = [server, *(word for option in options.items() for word in option)]
        log = self.folder / "log"
        self._running.enter_context(running(command, ready=lambda: accepts(self.port), log=log))

    def stop(self) -> None:
        self._running.close()

    def __enter__(self) -> RedisSwitch:
        self.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self.stop()


@pytest.fixture
def redis_switch(tmp_path: Path) -> Iterator[RedisSwitch]:
    """A running server of the test's own, to be stopped in the middle."""
    folder = tmp_path / "redis"
    folder.mkdir()
    with RedisSwitch(folder) as server:
        yield server


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server for each worker of the run."""
    with RedisSwitch(tmp_path_factory.mktemp("redis")) as server:
        yield server.url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The server's address, and nothing in it yet."""
    with Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server
