"""The doorbell: tells workers that there is something to do. Losing a ring loses nothing.

Embedded it is a UNIX datagram socket for each worker; with Redis it is a channel. Workers look
every second all the same.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import time
from pathlib import Path
from typing import Protocol

import redis

from hosting.runtime.settings import Settings

_CHANNEL = "jiyue:doorbell"


class Doorbell(Protocol):
    """Rings may be lost and are never counted; `ring` never raises and never waits."""

    def ring(self) -> None:
        """Wake every worker that waits."""

    def wait(self, seconds: float) -> bool:
        """Wait for a ring; False when the time ran out. One thread a worker calls it."""

    def close(self) -> None:
        """Stop listening."""


def open_doorbell(settings: Settings) -> Doorbell:
    """Redis where it is configured, else sockets in HOME."""
    if settings.redis_url:
        return RedisDoorbell(settings.redis_url)
    return SocketDoorbell(settings.home / "run" / "bells")


class SocketDoorbell:
    """One datagram socket a waiting worker, all in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._listening: socket.socket | None = None
        self._path: Path | None = None

    def ring(self) -> None:
        """Send one byte to every socket of the folder; sockets of dead workers are removed."""
        if not self._folder.is_dir():
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            for path in self._folder.iterdir():
                try:
                    sender.sendto(b".", _address(path))
                except ConnectionRefusedError:
                    path.unlink(missing_ok=True)
                except OSError:
                    continue  # a full or vanished bell; its worker looks by itself

    def wait(self, seconds: float) -> bool:
        """Listen on an own socket, made at the first call."""
        if self._listening is None:
            self._listen()
        assert self._listening is not None
        ready, _, _ = select.select([self._listening], [], [], seconds)
        if not ready:
            return False
        with contextlib.suppress(BlockingIOError):
            while True:
                self._listening.recv(64)
        return True

    def _listen(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._path = self._folder / f"{os.getpid()}-{time.monotonic_ns()}"
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._listening.setblocking(False)
        self._listening.bind(_address(self._path))

    def close(self) -> None:
        """Close and remove the own socket."""
        if self._listening is not None and self._path is not None:
            self._listening.close()
            self._path.unlink(missing_ok=True)
            self._listening = None


def _address(path: Path) -> str:
    """Relative to the working folder where that is shorter: socket paths hold 107 bytes."""
    absolute = str(path.absolute())
    relative = os.path.relpath(absolute)
    return min(absolute, relative, key=len)


class RedisDoorbell:
    """A channel of Redis; while Redis is away nobody rings and workers look by themselves."""

    def __init__(self, url: str) -> None:
        # protocol 2: RESP3 is refused by Redis before 6. No read timeout of its own.
        self._client = redis.Redis.from_url(url, protocol=2, socket_connect_timeout=1)
        self._subscription: redis.client.PubSub | None = None

    def ring(self) -> None:
        """Publish; a Redis that is away is not an error."""
        with contextlib.suppress(redis.RedisError):
            self._client.publish(_CHANNEL, b".")

    def wait(self, seconds: float) -> bool:
        """Wait on the channel, or sleep where Redis is away."""
        try:
            if self._subscription is None:
                self._subscription = self._client.pubsub(  # type: ignore[no-untyped-call]  # redis-py
                    ignore_subscribe_messages=True
                )
                self._subscription.subscribe(_CHANNEL)
            return self._subscription.get_message(timeout=seconds) is not None
        except redis.RedisError:
            self._subscription = None
            time.sleep(seconds)
            return False

    def close(self) -> None:
        """Leave the channel."""
        self._client.close()
