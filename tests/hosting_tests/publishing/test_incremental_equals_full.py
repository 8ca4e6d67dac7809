"""After any sequence of changes the tree is what a build from nothing would make, byte for byte."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from hosting.publishing.verify import verify_site
from hosting.publishing.whole_site import rebuild_site
from parts.newsroom import GONE, Newsroom


def files(tree: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(tree)): path.read_bytes() for path in tree.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("seed", range(6))
def test_incremental_equals_full(
    newsroom: Newsroom, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hosting.publishing.build.BATCH", 7)
    chance = random.Random(seed)
    for step in range(25):
        change(newsroom, chance, step)
        if chance.random() < 0.5:
            newsroom.publish()
        if chance.random() < 0.1:
            rebuild(newsroom)
    newsroom.publish()
    incremental = files(newsroom.tree)

    rebuild(newsroom)

    assert files(newsroom.tree) == incremental
    place = newsroom.place
    assert verify_site(newsroom.runtime, place.tenant_id, place.site_id).findings == []


def change(newsroom: Newsroom, chance: random.Random, step: int) -> None:
    """Something an editor or an import may do."""
    item = str(chance.randrange(12))
    lane = chance.choice(["person", "bulk"])
    kind = chance.choice(["write", "write", "withdraw", "never", "layout", "import"])
    if kind == "layout":
        newsroom.write_all({"layout": f"版式{step}"}, lane=lane)
    elif kind == "import":
        first = chance.randrange(20, 40)
        newsroom.write_all({str(first + n): f"导入{step}" for n in range(15)}, lane="bulk")
    else:
        text = {"write": f"第{step}稿", "withdraw": GONE, "never": None}[kind]
        newsroom.write_all({item: text}, lane=lane)


def rebuild(newsroom: Newsroom) -> None:
    place = newsroom.place
    rebuild_site(newsroom.runtime, place.tenant_id, place.site_id)
