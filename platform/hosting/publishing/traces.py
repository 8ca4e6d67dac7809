"""What is looked for after a withdrawal, and where: areas contribute places, a receipt lists them.

An `Area` declares its `Trace`s; each finds the places at which readers may have met the thing.
"""

from __future__ import annotations

from dataclasses import dataclass

from hosting.directory.asking import Answer, Asker
from hosting.runtime.codings import CODINGS

GONE, ABSENT, SILENT, KEPT = "gone", "absent", "silent", "kept"
"""What a place has to answer: that it is gone (410, or a redirect elsewhere); nothing (a file that
nobody shows any more); anything that does not lead to the thing; it stays, for a stated reason."""

_MOVED = frozenset({301, 302, 303, 307, 308})
_HOPS = 5


@dataclass(frozen=True)
class Withdrawn:
    """Something that was taken from readers, as far as looking for it goes.

    `hosts` are all of its site, the main one first; `pages` the key and path of each page that
    showed it when it was withdrawn.
    """

    tenant_id: int
    site_id: int
    hosts: tuple[str, ...]
    item_id: int
    path: str
    title: str
    pages: tuple[tuple[str, str], ...] = ()

    @property
    def host(self) -> str:
        """Where its site is read."""
        return self.hosts[0]


@dataclass(frozen=True)
class Place:
    """One address to be asked for. `kind` is named by its trace; `path` may have a query.

    `why` says by a code why what stays does, `by` what keeps it. `server` names who is asked where
    that is not the site itself.
    """

    kind: str
    host: str
    path: str
    expects: str = SILENT
    why: str = ""
    by: str = ""
    server: str = ""


@dataclass(frozen=True)
class Asked:
    """How a place answered: its own status, where redirects led from it ("": nowhere), the end."""

    status: int
    target: str
    end: Answer


class AskSites:
    """Asks places at their hosts: for each copy that browsers take, and as programs do."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def __call__(self, place: Place) -> tuple[Asked, ...]:
        """An answer for each way of asking; Unavailable where the gateway is silent."""
        codings = CODINGS if place.expects == SILENT else ()
        ways = (*(coding.name for coding in codings), "")
        return tuple(self._ask(place, accept=accept) for accept in ways)

    def _ask(self, place: Place, *, accept: str) -> Asked:
        first = answer = self._asker.ask(place.host, place.path, accept=accept)
        target = ""
        for _ in range(_HOPS):
            leads = answer.headers.get("location", "")
            if answer.status not in _MOVED or not leads.startswith("/"):
                break
            target = leads
            answer = self._asker.ask(place.host, target, accept=accept)
        return Asked(first.status, target, answer)
