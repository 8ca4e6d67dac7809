"""Proving grounds: filled by one command, each tenant in words of its own, not among real ones."""

from __future__ import annotations

import stat

import pytest
from sqlalchemy import delete, select

from hosting.directory.asking import Asker
from hosting.directory.models import Domain, Site, Tenant
from hosting.runtime.canaries import Canaries, nest_number, owners
from hosting.runtime.errors import Conflict, Invalid
from hosting.runtime.runtime import Runtime
from hosting.security.passwords import verifies
from hosting.security.queries import credential_of_login
from parts.people import PASSWORD
from provisioning.canaries.people import login_of
from provisioning.canaries.seeding import check_ground, seed_nests
from tenants.content.models import Edition


def test_a_ground_on_which_real_tenants_live_is_refused(runtime: Runtime) -> None:
    with pytest.raises(Conflict) as refused:
        check_ground(runtime)

    assert refused.value.code == "not_a_proving_ground"
    assert refused.value.facts == {"count": 2, "first": "hill"}


def test_a_ground_of_nothing_but_nests_is_not(runtime: Runtime) -> None:
    with runtime.platform_session(reason="test") as session:
        for model in (Domain, Site, Tenant):
            session.execute(delete(model))

    check_ground(runtime)
    seed_nests(runtime, 1, seed="a", password=PASSWORD)
    check_ground(runtime)


def test_each_call_opens_so_many_more_and_each_says_words_of_its_own(runtime: Runtime) -> None:
    first = seed_nests(runtime, 1, seed="a", password=PASSWORD)
    told: list[tuple[int, int]] = []
    more = seed_nests(
        runtime, 1, seed="a", password=PASSWORD, progress=lambda *done: told.append(done)
    )
    asker = Asker(runtime)

    assert [each.code for each in (*first.nests, *more.nests)] == ["nest001", "nest002"]
    assert told == [(0, 1), (1, 1)]
    for nest in (*first.nests, *more.nests):
        home = asker.ask(f"{nest.slug('host')}.localhost").body.decode()
        assert owners(home) == {nest.code}
    with runtime.platform_session(reason="test", reading=True) as session:
        states = set(session.scalars(select(Edition.state)))
    assert states == {
        "draft",
        "first_review",
        "second_review",
        "issue",
        "scheduled",
        "published",
        "superseded",
        "withdrawn",
    }


def test_its_people_can_sign_in_with_what_only_the_owner_can_read(runtime: Runtime) -> None:
    seeded = seed_nests(runtime, 1, seed="a")
    lines = seeded.accounts_file.read_text(encoding="utf-8").splitlines()
    login, password, code, role = lines[0].split()

    with runtime.platform_session(reason="test", reading=True) as session:
        known = credential_of_login(session, login)
    assert (code, login) == ("nest001", login_of(seeded.nests[0], role))
    assert known is not None
    assert verifies(password, known.password_hash)
    assert stat.S_IMODE(seeded.accounts_file.stat().st_mode) == 0o600


def test_no_number_of_tenants_that_makes_no_sense_is_taken(runtime: Runtime) -> None:
    for count in (0, -1, 1000):
        with pytest.raises(Invalid):
            seed_nests(runtime, count, seed="a")


def test_the_same_seed_gives_the_same_words_and_another_one_others() -> None:
    word = Canaries("nest001", "a").word("title", 1)

    assert word == Canaries("nest001", "a").word("title", 1)
    assert word not in {
        Canaries("nest001", "b").word("title", 1),
        Canaries("nest001", "a").word("title", 2),
    }
    assert owners(f"<b>{word[:-6]}…") == {"nest001"}
    assert owners(word.lower().replace("-", "")) == {"nest001"}
    assert nest_number("river") is None
