"""Behind a switch rows are brought in line slice by slice; who waits meanwhile is let pass."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import select

from hosting.publishing import switching
from hosting.publishing.blobs import digest_of
from hosting.publishing.build import build_site, open_press
from hosting.publishing.models import ChangeSet, PublicPage
from hosting.publishing.press import Press
from hosting.publishing.recovery import finish_interrupted
from hosting.publishing.verify import verify_site
from hosting.publishing.whole_site import stage_site, switch_site
from parts.newsroom import GONE, Newsroom

NEW = 2
Lines = list[switching.Line]


@pytest.fixture
def staged(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """Items are public in the old design, the new one is staged; a slice is one page."""
    texts = {f"_{number}": f"第{number}篇" for number in range(1, 7)}
    newsroom.write(**texts, layout="旧版", **{"design-1": "旧版", "design-2": "新版"})
    newsroom.publish()
    place = newsroom.place
    stage_site(newsroom.runtime, place.tenant_id, place.site_id, design_id=NEW)
    monkeypatch.setattr(switching, "IN_LIMIT", 2)
    return newsroom


def switch(newsroom: Newsroom) -> None:
    place = newsroom.place
    switch_site(
        newsroom.runtime,
        place.tenant_id,
        place.site_id,
        design_id=NEW,
        step=lambda _tree: lambda _session: newsroom.redesign(NEW),
    )


def meanwhile(monkeypatch: pytest.MonkeyPatch, acts: dict[int, Callable[[], object]]) -> list[int]:
    """Do something after slice number n; the numbers of the slices that were written."""
    write = switching._Rows._write_lines
    written: list[int] = []

    def wrapped(rows: switching._Rows, lines: Lines) -> None:
        write(rows, lines)
        written.append(len(written) + 1)
        acts.get(len(written), lambda: None)()

    monkeypatch.setattr(switching._Rows, "_write_lines", wrapped)
    return written


def findings(newsroom: Newsroom) -> list[object]:
    place = newsroom.place
    return [*verify_site(newsroom.runtime, place.tenant_id, place.site_id).findings]


def finish(newsroom: Newsroom) -> None:
    """What the next publisher does."""
    with open_press(newsroom.runtime, *site(newsroom)) as press:
        assert press is not None
        finish_interrupted(press)


def site(newsroom: Newsroom) -> tuple[int, int]:
    return newsroom.place.tenant_id, newsroom.place.site_id


def test_who_waits_is_published_between_two_slices(
    staged: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    written = meanwhile(
        monkeypatch,
        {
            1: lambda: staged.write(_1="第1篇，改过", _6="第6篇，改过"),
            2: lambda: seen.extend(staged.read(f"/art/{each}.html") for each in (1, 6)),
        },
    )

    switch(staged)

    assert len(written) > 3
    assert all("改过" in page and "新版" in page for page in seen)
    assert len(seen) == 2
    assert all("改过" in staged.read(f"/art/{each}.html") for each in (1, 6))
    assert findings(staged) == []


def test_what_is_withdrawn_meanwhile_stays_withdrawn(
    staged: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, {1: lambda: staged.write(_1=GONE, _5=GONE)})

    switch(staged)

    assert not (staged.tree / "art/1.html").exists()
    assert not (staged.tree / "art/5.html").exists()
    assert (staged.tree / ".gone/art/5.html").exists()
    with staged.runtime.tenant_session(staged.place.tenant_id, reading=True) as session:
        rows = {row.key: row.digest for row in session.scalars(select(PublicPage))}
    assert rows["item:1"] is None
    assert rows["item:5"] is None
    assert findings(staged) == []


def test_what_comes_out_as_an_old_row_says_is_written_all_the_same(
    staged: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row is of the tree before, the file of the new one."""

    def back() -> None:
        staged.redesign(1)
        staged.write(_6="第6篇")

    seen: list[str] = []
    meanwhile(monkeypatch, {1: back, 2: lambda: seen.append(staged.read("/art/6.html"))})

    switch(staged)

    assert ["旧版" in page for page in (*seen, staged.read("/art/6.html"))] == [True, True]
    assert findings(staged) == []


@pytest.mark.parametrize("slice_number", [2, 3, 4])
@pytest.mark.parametrize("text", ["第6篇，改过", GONE])
def test_who_takes_over_amid_it_keeps_what_passed(
    staged: Newsroom, monkeypatch: pytest.MonkeyPatch, slice_number: int, text: str
) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, suppress(KeyboardInterrupt):
        meanwhile(patched, {1: lambda: staged.write(_1=text, _6=text), slice_number: die})
        switch(staged)
    assert staged.folder.rows.is_file()

    finish(staged)

    assert findings(staged) == []
    for each in (1, 6):
        page = staged.tree / f"art/{each}.html"
        assert page.exists() == (text != GONE)
    build_site(staged.runtime, *site(staged))
    assert findings(staged) == []


@pytest.mark.parametrize("at", ["put_in_tree", "write"])
def test_who_takes_over_amid_what_passes_finishes_both(
    staged: Newsroom, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """Killed when the change set of a person was recorded, before the tree or the rows say so."""

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, suppress(KeyboardInterrupt):

        def arm() -> None:
            staged.write(_6="第6篇，改过")
            repeated = Press.write

            def write(press: Press, steps: object, *, lane: str) -> None:
                # The first only has it done once more later.
                patched.setattr(Press, "write", die)
                repeated(press, steps, lane=lane)  # type: ignore[arg-type]

            patched.setattr(Press, "put_in_tree", die) if at != "write" else patched.setattr(
                Press, "write", write
            )

        meanwhile(patched, {1: arm})
        switch(staged)
    with staged.runtime.tenant_session(staged.place.tenant_id, reading=True) as session:
        states = session.scalars(select(ChangeSet.state).order_by(ChangeSet.number)).all()
    assert states[-1] == "open"

    finish(staged)

    assert "改过" in staged.read("/art/6.html")
    assert findings(staged) == []


def test_what_passed_and_was_cut_short_is_not_undone_by_rows_from_before(
    staged: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the record of what passed and its line in the plan."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, suppress(KeyboardInterrupt):
        patched.setattr(Press, "note_for_rows", die)
        meanwhile(patched, {1: lambda: staged.write(_6="第6篇，改过")})
        switch(staged)
    assert staged.folder.rows.is_file()

    finish(staged)

    with staged.runtime.tenant_session(staged.place.tenant_id, reading=True) as session:
        row = session.scalars(select(PublicPage).where(PublicPage.key == "item:6")).one()
    page = (staged.tree / "art/6.html").read_bytes()
    assert "改过" in page.decode()
    assert row.digest == digest_of(page)
