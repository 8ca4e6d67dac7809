"""A withdrawal is proven at the edges, too: by looking into each copy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hosting.runtime.runtime import Runtime
from parts.edges import NAME, Folder, sync
from parts.platform import Place
from parts.withdrawal import County


@pytest.fixture
def edge(tmp_path: Path) -> Folder:
    """A copy on another disk."""
    return Folder(tmp_path / "edge")


@pytest.fixture
def copied(runtime: Runtime, river: Place, edge: Folder, monkeypatch: pytest.MonkeyPatch) -> County:
    """The county on a platform that has the edge in its settings, copied there."""
    edge.root.mkdir()
    runtime.settings = replace(runtime.settings, edges=f"{NAME}={edge.address}")
    opened = County(runtime, river, monkeypatch)
    opened.open()
    sync(runtime, river)
    return opened


def verdicts(county: County) -> dict[str, str]:
    """Verdict by server, of the places that others are asked for."""
    receipt = county.proof().receipt
    assert receipt is not None
    return {each["server"]: each["verdict"] for each in receipt.places if "server" in each}


def withdrawn(county: County) -> None:
    county.withdraw()
    county.publish()


def test_a_page_that_left_the_edge_is_taken(copied: County, river: Place) -> None:
    withdrawn(copied)
    sync(copied.runtime, river)

    copied.check()

    assert verdicts(copied) == {NAME: "taken"}
    receipt = copied.proof().receipt
    assert receipt is not None
    assert receipt.state == "clean"


def test_a_page_that_an_edge_still_has_is_left(copied: County) -> None:
    withdrawn(copied)

    copied.put_clock_forward(90)
    copied.check()

    assert verdicts(copied) == {NAME: "left"}


def test_an_edge_that_is_away_proves_nothing(copied: County, edge: Folder) -> None:
    withdrawn(copied)
    edge.root.rename(edge.root.with_name("unmounted"))

    copied.put_clock_forward(90)
    copied.check()

    assert verdicts(copied) == {NAME: "unanswered"}
