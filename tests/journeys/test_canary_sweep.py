"""No word of a tenant is shown to another, or kept under another: a whole proving ground is swept.

Three tenants on SQLite each time, seen by somebody who may do everything there. In `make prove`
more tenants on PostgreSQL with Redis, seen by every kind of person.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hosting.runtime.canaries import owners
from hosting.runtime.settings import Settings
from parts import canary_kept, canary_shown
from parts.canary_ground import LARGE, SMALL, Effort, Ground, opened
from parts.canary_watch import Watch
from parts.platform import make_home, postgresql_settings

Sweep = Callable[[Ground, Watch, Effort], None]
# In this order: what is kept is looked at when everything has been asked for.
SWEEPS: tuple[tuple[str, Sweep], ...] = (
    ("sign-in", canary_shown.sweep_sign_in),
    ("console", canary_shown.sweep_console),
    ("commuters", canary_shown.sweep_commuters),
    ("routes", canary_shown.sweep_routes),
    ("searches", canary_shown.sweep_searches),
    ("public", canary_shown.sweep_public),
    ("previews", canary_shown.sweep_previews),
    ("city", canary_shown.sweep_city),
    ("exports", canary_shown.sweep_exports),
    ("writes", canary_shown.sweep_writes),
    ("errors", canary_shown.sweep_errors),
    ("files", canary_kept.sweep_files),
    ("rows", canary_kept.sweep_rows),
    ("cache", canary_kept.sweep_cache),
    ("log", canary_kept.sweep_log),
)
MANY = 10**9
OWN_WORDS_ARE_SEEN = ("console", "routes", "searches", "public", "previews", "exports", "files")

pytestmark = pytest.mark.timeout(3600)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(SMALL, id="small"),
        pytest.param(LARGE, id="large", marks=pytest.mark.prove),
    ],
)
def swept(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Ground, dict[str, Watch]]]:
    """A ground, and what was found on each surface of it."""
    effort: Effort = request.param
    home = make_home(tmp_path_factory.mktemp("ground"))
    settings = _large(request, home) if effort.is_thorough else _small(request, home)
    # One reader asks for everything here, at one address.
    settings = replace(settings, search_limit_of_address=MANY, search_limit_of_tenant=MANY)
    with opened(settings, effort.tenants, tmp_path_factory.mktemp("temporary")) as ground:
        names = tuple(each.name for each in ground.nests)
        watches = {surface: Watch(names=names) for surface, _ in SWEEPS}
        for surface, sweep in SWEEPS:
            sweep(ground, watches[surface], effort)
        yield ground, watches


def _small(request: pytest.FixtureRequest, home: Path) -> Settings:
    shutil.copy(request.getfixturevalue("sqlite_template"), home / "jiyue.sqlite3")
    return Settings(home=home)


def _large(request: pytest.FixtureRequest, home: Path) -> Settings:
    """As a city runs it."""
    template = request.getfixturevalue("postgresql_template")
    urls = request.getfixturevalue("postgresql_cluster").create_database(template)
    redis_url = request.getfixturevalue("redis_server")
    return postgresql_settings(home, urls, redis_url=redis_url, host_cache_seconds=300)


Swept = tuple[Ground, dict[str, Watch]]


@pytest.mark.parametrize("surface", [surface for surface, _ in SWEEPS])
def test_no_word_of_a_tenant_stands_where_another_finds_it(
    swept: Swept, surface: str, record_property: Callable[[str, object], None]
) -> None:
    watch = swept[1][surface]
    record_property("tried", watch.looked_at)

    assert watch.sightings == []
    assert watch.looked_at > 0


@pytest.mark.parametrize("surface", OWN_WORDS_ARE_SEEN)
def test_the_sweep_sees_words_at_all(swept: Swept, surface: str) -> None:
    ground, watches = swept
    everywhere = {each.code for each in ground.nests}

    assert watches[surface].seen
    assert surface == "console" or watches[surface].seen == everywhere


def test_a_word_in_a_wrong_place_is_seen_whatever_it_is_wrapped_in() -> None:
    watch = Watch()
    said = "CANARY-nest002-title-0a1b2c3d"

    for place, form in enumerate(
        (said, "<mark>CANARY</mark>-nest002-t…", said.lower(), said.replace("-", "&#45;"))
    ):
        watch.look(str(place), form, allowed={"nest001"})

    assert [each.partition(":")[0] for each in watch.sightings] == ["0", "1", "2", "3"]
    assert owners("CANARY nest002") == set()
