"""A throw-away Redis server on a free loopback port; nothing is written to disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from parts.programs import accepts, free_port, program, running


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server for each worker of the run."""
    server = program("redis-server", package="redis-server")
    folder: Path = tmp_path_factory.mktemp("redis")
    port = free_port()
    options = {"--bind": "127.0.0.1", "--port": str(port), "--save": "", "--dir": str(folder)}
    command = [server, *(word for option in options.items() for word in option)]
    with running(command, ready=lambda: accepts(port), log=folder / "log"):
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The server's address, and nothing in it yet."""
    with Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server
