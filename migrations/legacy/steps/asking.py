"""Asking for old addresses: the preview before cut-over, the site itself after it."""

from __future__ import annotations

from typing import Protocol

from hosting.directory.asking import Asker
from hosting.runtime.runtime import Runtime
from tenants.pages import preview

_HOPS = 5


class Asking(Protocol):
    """Answers what a reader would see at a path: (status, body), redirects followed."""

    def ask(self, path: str) -> tuple[int, bytes]: ...


class AskPreview:
    """The private preview, by the renderer that publishes."""

    def __init__(self, runtime: Runtime, tenant_id: int, site_id: int) -> None:
        self._asked = (runtime, tenant_id, site_id)

    def ask(self, path: str) -> tuple[int, bytes]:
        return preview.ask(*self._asked, path)


class AskSite:
    """The public site under its host, in-process or through the gateway."""

    def __init__(self, runtime: Runtime, host: str) -> None:
        self._asker = Asker(runtime)
        self._host = host

    def ask(self, path: str) -> tuple[int, bytes]:
        answer = self._asker.ask(self._host, path)
        for _ in range(_HOPS):
            target = answer.headers.get("location", "")
            if answer.status not in {301, 302, 307, 308} or not target.startswith("/"):
                break
            answer = self._asker.ask(self._host, target)
        return answer.status, answer.body
