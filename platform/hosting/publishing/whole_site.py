"""Whole sites: built anew, staged in another design, switched to, and rolled back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hosting.publishing.build import catch_up, open_press, waiting_press
from hosting.publishing.crew import Crew
from hosting.publishing.files import Files
from hosting.publishing.lock import rebuild_lock
from hosting.publishing.press import Press, Report
from hosting.publishing.rebuild import Progress, Rebuild, leave_staged
from hosting.publishing.rollback import EarlierTree
from hosting.publishing.standing import Step
from hosting.publishing.tree import PublicFolder
from hosting.runtime.errors import Conflict
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime


def processes_here() -> int:
    """How many processes this machine runs side by side."""
    return len(os.sched_getaffinity(0))


def rebuild_site(
    runtime: Runtime,
    tenant_id: int,
    site_id: int,
    *,
    files: Files | None = None,
    progress: Progress | None = None,
    processes: int = 1,
) -> Report:
    """Build the whole site into a fresh tree and switch to it; publishing goes on meanwhile.

    More than one of `processes` render beside one another; they compose the platform of the
    installed areas. The report's `busy` is true when the site is being rebuilt already. Raises
    Unavailable when another publisher does not let go of the site.
    """
    work = _Whole(runtime, tenant_id, site_id, files or Files())
    with work.aside() as aside:
        if aside is None:
            return Report(busy=True)
        rebuild = Rebuild(aside, progress=progress)
        work.build(aside, rebuild, processes)
        with work.press() as press:
            catch_up(press)
            rebuild.switch(press)
        return rebuild.report


def stage_site(
    runtime: Runtime,
    tenant_id: int,
    site_id: int,
    *,
    design_id: int,
    files: Files | None = None,
    progress: Progress | None = None,
    processes: int = 1,
) -> Report:
    """Build the site in another design and keep it aside: `switch_site` shows it to readers.

    What is published from now on is brought in at the switch; what is withdrawn leaves the staged
    tree at once. An earlier staged tree is left. See `rebuild_site` for the rest.
    """
    work = _Whole(runtime, tenant_id, site_id, files or Files())
    with work.aside() as aside:
        if aside is None:
            return Report(busy=True)
        rebuild = Rebuild(aside, design_id=design_id, progress=progress)
        work.build(aside, rebuild, processes)
        with work.press() as press:
            rebuild.stage(press)
        return rebuild.report


def switch_site(
    runtime: Runtime,
    tenant_id: int,
    site_id: int,
    *,
    design_id: int,
    step: Callable[[int], Step],
    files: Files | None = None,
) -> Report:
    """Let readers see the staged tree, by one rename.

    `step(tree before)` is taken in the transaction in which the switch is recorded: it makes the
    design the site's own. Raises Conflict where nothing is staged in it.
    """
    work = _Whole(runtime, tenant_id, site_id, files or Files())
    with work.aside() as aside:
        if aside is None:
            return Report(busy=True)
        rebuild = Rebuild(aside, design_id=design_id)
        if not rebuild.resume():
            raise Conflict("nothing_staged", N_("没有待切换的新版网站，请先生成新版"))
        with work.press() as press:
            catch_up(press)
            before = press.folder.current_number() or 0
            rebuild.switch(press, step(before), also=rebuild.check(press))
        return rebuild.report


def leave_staged_site(
    runtime: Runtime, tenant_id: int, site_id: int, *, files: Files | None = None
) -> bool:
    """Remove the staged tree; False when there is none, or it is being built or switched to."""
    work = _Whole(runtime, tenant_id, site_id, files or Files())
    with work.aside() as aside:
        if aside is None or aside.folder.staged_number() is None:
            return False
        with work.press() as press:
            leave_staged(press)
    return True


def roll_back_site(
    runtime: Runtime,
    tenant_id: int,
    site_id: int,
    *,
    tree: int,
    design_id: int,
    step: Step,
    files: Files | None = None,
) -> Report:
    """Let readers see an earlier tree again, with all that was published and withdrawn since.

    `design_id` is the design that the tree was made with; `step` makes it the site's own again.
    Raises Conflict where the tree is not there any more, or is not known to be as it was.
    """
    work = _Whole(runtime, tenant_id, site_id, files or Files())
    with work.aside() as aside:
        if aside is None:
            return Report(busy=True)
        rebuild = Rebuild(aside, design_id=design_id)
        with work.press() as press:
            catch_up(press)
            earlier = EarlierTree(press, tree)
            earlier.check()
            rebuild.take_up(press, tree, earlier.standing)
            rebuild.switch(press, step, also=earlier.changed_since())
        return rebuild.report


class _Whole:
    """The two locks, and what every kind of work on a whole site begins and ends with."""

    def __init__(self, runtime: Runtime, tenant_id: int, site_id: int, files: Files) -> None:
        self._site = (runtime, tenant_id, site_id)
        self._files = files
        self._folder = PublicFolder(runtime.settings.home).site(site_id)

    @contextmanager
    def aside(self) -> Iterator[Press | None]:
        """Whoever builds aside; None while another one does."""
        name = rebuild_lock(self._site[2])
        with open_press(*self._site, files=self._files, name=name) as aside:
            yield aside

    @contextmanager
    def press(self) -> Iterator[Press]:
        """The site's own press, waited for."""
        with waiting_press(*self._site, files=self._files) as press:
            yield press

    def build(self, aside: Press, rebuild: Rebuild, processes: int) -> None:
        """Begin a tree and render all of it; what was set aside before makes room for it."""
        self._folder.clear_discarded(self._files)
        with self.press() as press:
            catch_up(press)
            rebuild.begin(press)
        if processes < 2:
            rebuild.render()
            return
        with Crew(aside, rebuild.tree(aside), processes) as crew:
            rebuild.render(crew.renderer)
