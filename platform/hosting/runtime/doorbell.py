"""The doorbell: tells workers that there is something to do. Losing a ring loses nothing.

Embedded it is a UNIX datagram socket for each worker; with Redis it is a channel. Workers look
every second all the same.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import select
import socket
import time
from pathlib import Path
from typing import Protocol

import redis

from hosting.runtime.settings import Settings
from hosting.runtime.unix_sockets import short_name

_CHANNEL = "jiyue:doorbell"
_log = logging.getLogger(__name__)


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
    """One datagram socket a waiting worker, all in one folder.

    Where a socket can't be made, its worker looks by itself: a bell is never worth a stop.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._listening: socket.socket | None = None
        self._path: Path | None = None

    def ring(self) -> None:
        """Send one byte to every socket of the folder; sockets of dead workers are removed."""
        if not self._folder.is_dir():
            return
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender,
            short_name(self._folder) as folder,
        ):
            sender.setblocking(False)
            for bell in self._folder.iterdir():
                try:
                    sender.sendto(b".", f"{folder}/{bell.name}")
                except ConnectionRefusedError:
                    bell.unlink(missing_ok=True)
                except OSError:
                    continue  # a full or vanished bell; its worker looks by itself

    def wait(self, seconds: float) -> bool:
        """Listen on an own socket, made at the first call."""
        listening = self._listening or self._listen()
        if listening is None:
            time.sleep(seconds)
            return False
        ready, _, _ = select.select([listening], [], [], seconds)
        if not ready:
            return False
        with contextlib.suppress(BlockingIOError):
            while True:
                listening.recv(64)
        return True

    def _listen(self) -> socket.socket | None:
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{os.getpid()}-{secrets.token_hex(4)}"
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listening.setblocking(False)
        try:
            with short_name(self._folder) as folder:
                listening.bind(f"{folder}/{name}")
        except OSError as error:
            listening.close()
            _log.warning("no doorbell in %s (%s): looking every second", self._folder, error)
            return None
        self._path, self._listening = self._folder / name, listening
        return listening

    def close(self) -> None:
        """Close and remove the own socket."""
        if self._listening is not None and self._path is not None:
            self._listening.close()
            self._path.unlink(missing_ok=True)
            self._listening = None


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
