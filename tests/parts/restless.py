"""A publisher that never rests and is killed at any moment, and readers who look all the while.

Everybody is a process of his own, forked before anything is opened: who is killed takes nobody
along.
"""

from __future__ import annotations

import http.client
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from hosting.publishing.whole_site import (
    rebuild_site,
    roll_back_site,
    stage_site,
    switch_site,
)
from hosting.runtime.errors import Refusal
from hosting.runtime.session import WalledSession
from hosting.runtime.settings import Settings
from parts.newsroom import GONE, Newsroom, newsroom_runtime
from parts.platform import RIVER

ITEMS = [str(number) for number in range(1, 13)]
DESIGNS = {"design-1": "版式一", "design-2": "版式二"}
_SITE = (RIVER.tenant_id, RIVER.site_id)
_ENOUGH = 5
"""So often a link may lead nowhere by then while its page is fetched again and still has it."""


@dataclass
class Restless:
    """Writes, publishes, withdraws, rebuilds, switches and rolls back, at random, for ever."""

    settings: Settings
    chance: random.Random

    def work(self) -> None:
        """Never returns."""
        newsroom = Newsroom(newsroom_runtime(self.settings), RIVER)
        acts: list[Callable[[Newsroom], object]] = [self._publish] * 12
        acts += [self._rebuild, self._switch, self._roll_back]
        while True:
            with suppress(Refusal):
                self.chance.choice(acts)(newsroom)

    def _publish(self, newsroom: Newsroom) -> None:
        some = self.chance.sample(ITEMS, self.chance.randint(1, 4))
        # The texts lie in a file: whoever is killed behind it must have said so before.
        newsroom.announce(some)
        newsroom.write_all({item: self._text() for item in some})
        newsroom.publish(following=self.chance.random() < 0.5)

    def _text(self) -> str | None:
        roll = self.chance.random()
        if roll < 0.25:
            return GONE
        return None if roll < 0.35 else f"第{self.chance.randrange(10**6)}稿"

    def _rebuild(self, newsroom: Newsroom) -> None:
        rebuild_site(newsroom.runtime, *_SITE)

    def _switch(self, newsroom: Newsroom) -> None:
        design_id = self.chance.choice([1, 2])
        stage_site(newsroom.runtime, *_SITE, design_id=design_id)
        self._publish(newsroom)
        step = partial(_becomes, newsroom=newsroom, design_id=design_id)
        switch_site(newsroom.runtime, *_SITE, design_id=design_id, step=lambda _tree: step)

    def _roll_back(self, newsroom: Newsroom) -> None:
        trees = [n for n in newsroom.folder.trees() if n != newsroom.folder.current_number()]
        if trees:
            step = partial(_becomes, newsroom=newsroom, design_id=1)
            roll_back_site(
                newsroom.runtime, *_SITE, tree=self.chance.choice(trees), design_id=1, step=step
            )


def _becomes(_session: WalledSession, *, newsroom: Newsroom, design_id: int) -> None:
    newsroom.redesign(design_id)


def killed(settings: Settings, times: int, chance: random.Random) -> None:
    """Let a publisher work and kill it after a moment, so many times."""
    for _ in range(times):
        child = os.fork()
        if child == 0:
            with suppress(BaseException):
                Restless(settings, random.Random(chance.random())).work()
            os._exit(1)  # it never ends by itself
        time.sleep(chance.uniform(0.02, 0.3))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL


@dataclass
class Reader:
    """Fetches pages of a host and what they link to, and complains."""

    port: int
    host: str
    complaints: list[str] = field(default_factory=list)
    fetched: int = 0

    def read(self) -> None:
        """The home page, the list, and every item that either links to."""
        self._whole("/site.css", {200})
        for page in ("/index.html", "/news/index.html", "/news/"):
            for item in self._links(page):
                self._follow(page, item)

    def _follow(self, page: str, item: str) -> None:
        path = f"/art/{item}.html"
        for _ in range(_ENOUGH):
            if self._whole(path, {200, 404, 410}) == 200 or item not in self._links(page):
                return
        self.complaints.append(f"{page} links to {path}, which is not there")

    def _links(self, page: str) -> list[str]:
        status, body = self._get(page)
        if status != 200:
            self.complaints.append(f"{page}: {status}")
        lines = body.decode().splitlines()
        words = (line[3:-4] for line in lines if line.startswith("<p>"))
        return [word for word in words if word.isdecimal()]

    def _whole(self, path: str, allowed: set[int]) -> int:
        status, body = self._get(path)
        if status not in allowed:
            self.complaints.append(f"{path}: {status}")
        return status if body else 0

    def _get(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path, headers={"Host": self.host})
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        self.fetched += 1
        if answer.status == 200 and path.endswith((".html", "/")) and not _is_whole(body):
            self.complaints.append(f"{path} is torn: {body[:40]!r} … {body[-40:]!r}")
        return answer.status, body


def _is_whole(body: bytes) -> bool:
    return body.startswith(b"<!DOCTYPE html>") and body.endswith(b"\n" * 300)


@contextmanager
def reading(readers: int, port: int, folder: Path) -> Iterator[Callable[[], tuple[int, list[str]]]]:
    """Readers in processes of their own; `told()` ends them: pages fetched, and complaints."""
    stop = folder / "stop"
    children = [_reader(port, folder / f"reader-{number}", stop) for number in range(readers)]
    ended: list[tuple[int, list[str]]] = []

    def told() -> tuple[int, list[str]]:
        if not ended:
            stop.touch()
            codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
            lines = [
                line
                for number in range(readers)
                for line in (folder / f"reader-{number}").read_text("utf-8").splitlines()
            ]
            failed = [f"a reader ended with {code}" for code in codes if code]
            counts = [int(line) for line in lines if line.isdecimal()]
            ended.append((sum(counts), failed + [line for line in lines if not line.isdecimal()]))
        return ended[0]

    try:
        yield told
    finally:
        told()


def _reader(port: int, file: Path, stop: Path) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        reader = Reader(port, RIVER.host)
        while not stop.exists():
            reader.read()
        file.write_text("\n".join([str(reader.fetched), *reader.complaints]), encoding="utf-8")
        code = 0
    finally:
        os._exit(code)
