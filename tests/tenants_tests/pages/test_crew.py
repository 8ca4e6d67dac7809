"""A crew of processes builds what one builds, and holds what one holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from hosting.directory.models import Site
from hosting.publishing import hands
from hosting.publishing.aside import AsideTree
from hosting.publishing.build import build_site, open_press
from hosting.publishing.crew import Crew
from hosting.publishing.lock import rebuild_lock
from hosting.publishing.tree import PublicFolder, SiteFolder
from hosting.publishing.verify import verify_site
from hosting.publishing.whole_site import rebuild_site
from hosting.runtime.errors import Unavailable
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from parts.office import office
from parts.platform import Place
from tenants.sites.events import SiteChanged


@pytest.fixture
def site(runtime: Runtime, river: Place) -> Iterator[SiteFolder]:
    """Two items are public."""
    with office(runtime, river) as desk:
        for title in ("甲事", "乙事"):
            desk.pass_all(desk.write(f"关于{title}的通知"))
        desk.session.record(SiteChanged(river.tenant_id, river.site_id))
    drain(runtime)
    yield PublicFolder(runtime.settings.home).site(river.site_id)
    assert verify_site(runtime, river.tenant_id, river.site_id).findings == []


def files(tree: Path) -> dict[str, bytes]:
    found = (path for path in tree.resolve().rglob("*") if path.is_file())
    return {str(path.relative_to(tree.resolve())): path.read_bytes() for path in found}


@pytest.fixture(params=[hands.forked, hands.fresh])
def _begun(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crew's processes, begun in one way and the other."""
    monkeypatch.setattr("hosting.publishing.crew.begin", request.param)


@pytest.mark.usefixtures("_begun")
def test_several_processes_build_the_very_same_tree(
    runtime: Runtime, river: Place, site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hosting.publishing.crew.BATCH", 5)
    rebuild_site(runtime, river.tenant_id, river.site_id)
    alone = files(site.current)

    report = rebuild_site(runtime, river.tenant_id, river.site_id, processes=2)

    assert files(site.current) == alone
    assert report.written == len({path for path in alone if not path.endswith(".gz")})


@pytest.mark.usefixtures("_begun")
def test_a_build_that_loses_a_process_changes_nothing(
    runtime: Runtime, river: Place, site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(site.current)
    renderer = Crew.renderer

    def with_a_loss(crew: Crew, keys: list[str]) -> object:
        for hand in crew.hands:
            hand.process.kill()
        return renderer(crew, keys)

    monkeypatch.setattr(Crew, "renderer", with_a_loss)

    with pytest.raises(Unavailable) as caught:
        rebuild_site(runtime, river.tenant_id, river.site_id, processes=2)

    assert caught.value.code == "crew_lost"
    assert files(site.current) == before
    with runtime.tenant_session(river.tenant_id, reading=True) as session:
        assert session.scalars(select(Site.theme)).one() == "county"


@pytest.mark.usefixtures("_begun")
def test_nobody_begins_another_tree_while_a_process_still_writes(
    runtime: Runtime, river: Place, site: SiteFolder
) -> None:
    name = rebuild_lock(river.site_id)
    with open_press(runtime, river.tenant_id, river.site_id, name=name) as aside:
        assert aside is not None
        crew = Crew(aside, AsideTree(aside, 7), 1)
        crew.__enter__()

    # Whoever built is gone; its process is not.
    assert rebuild_site(runtime, river.tenant_id, river.site_id).busy

    crew.__exit__(None, None, None)
    assert not rebuild_site(runtime, river.tenant_id, river.site_id).busy


def test_a_fork_keeps_nothing_of_ours_but_the_lock_of_the_rebuild(
    runtime: Runtime, river: Place, site: SiteFolder
) -> None:
    """A lock of ours that a process took along would outlast us, and an ask end keep others up."""
    name = rebuild_lock(river.site_id)
    with (
        open_press(runtime, river.tenant_id, river.site_id, name=name) as aside,
        open_press(runtime, river.tenant_id, river.site_id) as press,
    ):
        assert aside is not None
        assert press is not None
        crew = Crew(aside, AsideTree(aside, 7), 0)
        crew.hands += [hands.forked(runtime, crew.order) for _ in range(2)]
        # It has let go of ours as soon as it answers.
        crew.hands[1].render([])

    report = build_site(runtime, river.tenant_id, river.site_id)
    crew.hands[0].dismiss()
    crew.hands[0].wait()

    assert not report.busy
    crew.hands[1].dismiss()
    crew.hands[1].wait()


def test_a_process_with_threads_is_not_forked(
    runtime: Runtime, river: Place, site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(hands, "forked", lambda *_: begun.append("forked"))
    monkeypatch.setattr(hands, "fresh", lambda *_: begun.append("fresh"))
    for threads in (1, 2):
        monkeypatch.setattr("hosting.publishing.hands.threading.active_count", lambda n=threads: n)
        hands.begin(runtime, {})

    assert begun == ["forked", "fresh"]
