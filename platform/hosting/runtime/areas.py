"""The area contract: how the ground floor runs what stands above it without knowing it.

Each package that takes part at run time declares one `Area`; setup.py lists them under the
entry-point group `hosting.areas`. Reading setup.py is reading the whole composition.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hosting.runtime.errors import Unavailable
from hosting.runtime.events import Subscription
from hosting.runtime.language import N_

if TYPE_CHECKING:
    import click
    from flask import Blueprint, Flask

    from hosting.runtime.canaries import Canaries
    from hosting.runtime.erasing import Erasure
    from hosting.runtime.runtime import Runtime
    from hosting.runtime.settings import Settings

GROUP = "hosting.areas"


@dataclass(frozen=True)
class Job:
    """A kind of job and what runs it: `run(work, **ids)`; it may run twice, late, out of order.

    `gathers`: its `run_at` lies ahead only so that several become one; a command that drains does
    not wait for it.
    """

    kind: str
    run: Callable[..., None]
    gathers: bool = False


@dataclass(frozen=True)
class Every:
    """A platform job of this kind is due every so many seconds; missed turns are made up once."""

    seconds: int
    kind: str


@dataclass(frozen=True)
class Permission:
    """A right and the roles that carry it. `label` is a msgid; tenant-wide unless `platform`.

    `needs_proof`: whoever changes something under it has proved a short while ago who they are.
    """

    name: str
    label: str
    roles: frozenset[str]
    platform: bool = False
    needs_proof: bool = False


@dataclass(frozen=True)
class MenuEntry:
    """A place in the console's menu, shown to whoever has the permission."""

    label: str
    endpoint: str
    permission: str
    section: str = ""
    icon: str = ""
    order: int = 100
    platform: bool = False


@dataclass(frozen=True)
class PageFamily:
    """A kind of public page: keys are `<name>:<argument>`.

    `render(rendering, argument)` gives the page, its absence with a marker, or None;
    `resolve(rendering, path)` gives the argument of the page at a path, or None;
    `arguments(rendering)` gives all of a site, for a build from nothing. Pages of a lower `rank`
    are in the tree before those of a higher one link to them. Pages of a family that `follows` are
    not what a click waits for: they are made within a minute of it, once for many clicks.
    """

    name: str
    render: Callable[[Any, str], Any]
    resolve: Callable[[Any, str], str | None]
    arguments: Callable[[Any], Iterable[str]]
    rank: int = 1
    follows: bool = False


@dataclass(frozen=True)
class Trace:
    """Where readers may still meet what was withdrawn; `labels` are msgids by kind of place.

    `find(runtime, session, withdrawn)` gives the places (hosting.publishing.traces), in a reading
    session of the tenant. They are asked for at their hosts as a reader asks, but where
    `ask(runtime)` gives another function from a place to its answer.
    """

    labels: Mapping[str, str]
    find: Callable[[Any, Any, Any], Iterable[Any]]
    ask: Callable[[Any], Callable[[Any], Any]] | None = None


@dataclass(frozen=True)
class DemoStep:
    """What an area adds to the sample municipality; safe to repeat, run in `order`."""

    order: int
    label: str
    run: Callable[[Runtime], Mapping[str, Any]]


@dataclass(frozen=True)
class CanaryStep:
    """How an area fills its own tables at one tenant of a proving ground; run in `order`.

    `run(runtime, canaries)` puts a canary into every text that a tenant's hand can fill, by the
    operations that people use.
    """

    order: int
    run: Callable[[Runtime, Canaries], None]


@dataclass(frozen=True)
class Area:
    """One package's part in the platform; `needs` names the areas that must come before it.

    `applications` are factories by name ("console", "public", "preview"), `checks` look at each
    when it is composed and raise where it must not start; `exports` and `erases` say what it gives
    out and removes of a tenant, `keeps` which of its tables keep their rows then, and why;
    `prepares` runs in `jiyue init`. `lanes` are those of each loop that a worker has for jobs of
    the area alone, which may wait for what is elsewhere; commands wait for the `drained` ones.
    """

    name: str
    needs: tuple[str, ...] = ()
    models: tuple[type, ...] = ()
    applications: Mapping[str, Callable[[Runtime], Flask]] = field(default_factory=dict)
    checks: tuple[Callable[[str, Flask], None], ...] = ()
    console: tuple[Blueprint, ...] = ()
    public: tuple[Blueprint, ...] = ()
    commands: tuple[click.Command, ...] = ()
    jobs: tuple[Job, ...] = ()
    timetable: tuple[Every, ...] = ()
    lanes: Callable[[Settings], Iterable[tuple[str, ...]]] = lambda _settings: ()
    drained: tuple[str, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    permissions: tuple[Permission, ...] = ()
    page_families: tuple[PageFamily, ...] = ()
    traces: tuple[Trace, ...] = ()
    menu: tuple[MenuEntry, ...] = ()
    demo: tuple[DemoStep, ...] = ()
    canaries: tuple[CanaryStep, ...] = ()
    prepares: tuple[Callable[[Runtime], Mapping[str, Any]], ...] = ()
    exports: tuple[Callable[..., Any], ...] = ()
    erases: tuple[Erasure, ...] = ()
    keeps: Mapping[type, str] = field(default_factory=dict)
    translations: Path | None = None


def load_areas() -> tuple[Area, ...]:
    """All installed areas, each after those it needs.

    Raises Unavailable when none is installed or one needs another that is not there.
    """
    points = entry_points(group=GROUP)
    if not points:
        raise Unavailable("no_areas", N_("平台尚未安装：请先运行 make setup"))
    with _uncollected():
        return in_order(tuple(point.load() for point in points))


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage is looked for meanwhile: modules make none, and looking takes a seventh of it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def in_order(areas: tuple[Area, ...]) -> tuple[Area, ...]:
    """The areas sorted so that each stands after those it needs, by name where it is open."""
    waiting = {area.name: area for area in areas}
    placed: dict[str, Area] = {}
    while waiting:
        ready = sorted(n for n, area in waiting.items() if all(m in placed for m in area.needs))
        if not ready:
            names = "、".join(sorted(waiting))
            raise Unavailable("areas_missing", N_("模块缺少前置模块：{names}"), names=names)
        for name in ready:
            placed[name] = waiting.pop(name)
    return tuple(placed.values())
