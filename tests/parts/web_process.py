"""The web process as it is run for real, asked by bytes on its socket."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from hosting.ops.supervising import web_command
from hosting.runtime.settings import Settings
from parts.programs import accepts, free_port, running


@dataclass(frozen=True)
class RawAnswer:
    """What came back, undigested."""

    raw: bytes

    @property
    def status(self) -> int:
        words = self.raw.split(b" ", 2)
        return int(words[1]) if len(words) > 1 else 0

    @property
    def head(self) -> list[str]:
        """The lines before the body, status line first."""
        return self.raw.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")

    def header(self, name: str) -> list[str]:
        """All values of a header."""
        lines = (line.partition(":") for line in self.head[1:])
        return [value.strip() for key, _, value in lines if key.lower() == name.lower()]

    @property
    def body(self) -> str:
        return self.raw.partition(b"\r\n\r\n")[2].decode("utf-8", "replace")


@dataclass(frozen=True)
class WebProcess:
    """Where it listens, and what it has logged."""

    port: int
    log: Path

    def send(self, request: bytes) -> RawAnswer:
        """One connection, one request as it stands, all that is answered until the end."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(request)
            found = b""
            while piece := connection.recv(65_536):
                found += piece
        return RawAnswer(found)

    def ask(self, target: str | bytes, host: str, *headers: str | bytes) -> RawAnswer:
        """GET a target exactly as written."""
        lines = [b"GET " + _bytes(target) + b" HTTP/1.1", b"Host: " + _bytes(host)]
        lines += [_bytes(each) for each in headers]
        return self.send(b"\r\n".join([*lines, b"Connection: close", b"", b""]))

    @property
    def lines(self) -> list[str]:
        """What it has logged, by line feeds alone."""
        return self.log.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


@contextmanager
def serving(settings: Settings, folder: Path) -> Iterator[WebProcess]:
    """Run it on a HOME that exists while the block lasts."""
    port, log = free_port(), folder / "web.log"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("JIYUE_HOME", str(settings.home.absolute()))
        environment.setenv("JIYUE_HOST_CACHE_SECONDS", "300")
        environment.setenv("JIYUE_TRUSTED_PROXIES", settings.trusted_proxies)
        command = web_command(replace(settings, bind=f"127.0.0.1:{port}"))
        with running(command, ready=lambda: accepts(port), log=log):
            yield WebProcess(port, log)
