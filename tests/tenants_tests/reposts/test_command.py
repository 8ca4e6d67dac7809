"""`jiyue repost`, as an operator runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from hosting.runtime import command_line
from hosting.security import operations as security
from hosting.security import passwords
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.operations import RoleFacts
from parts.people import PASSWORD
from parts.platform import Place
from parts.reposting import TwoSites

Run = Callable[..., tuple[int, Any]]


def hire(sites: TwoSites, place: Place, login: str, role: str) -> None:
    hashed = passwords.hashed(PASSWORD, settings=sites.runtime.settings, login=login)
    with sites.runtime.platform_session(reason="test") as session:
        account = security.create_account(
            session, login=login, name=login, password=hashed, by=PLATFORM_ACTOR
        )
        facts = RoleFacts(role, place.tenant_id)
        security.grant_role(session, account, facts=facts, by=PLATFORM_ACTOR)


@pytest.fixture
def run(
    embedded: TwoSites, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """`run("list", "--tenant", "hill")` -> exit code and the document that was printed."""
    monkeypatch.setenv("JIYUE_HOME", str(embedded.runtime.settings.home))
    hire(embedded, embedded.receiver, "hill.writer", "editor")
    hire(embedded, embedded.receiver, "hill.issuer", "issuer")
    hire(embedded, embedded.origin, "river.issuer", "issuer")

    def run_command(*arguments: str) -> tuple[int, Any]:
        with pytest.raises(SystemExit) as ended:
            command_line.main(["repost", *arguments, "--json"])
        out = capsys.readouterr().out
        return int(str(ended.value.code)), json.loads(out) if out else None

    return run_command


def accept(run: Run) -> tuple[int, Any]:
    return run(
        *("accept", "--tenant", "hill", "--origin", "river", "--origin-column", "/tzgg/"),
        *("--column", "/zcwj/", "--proposed-by", "hill.writer", "--by", "hill.issuer"),
    )


def test_what_is_sent_under_an_acceptance_is_told_with_its_address(
    embedded: TwoSites, run: Run
) -> None:
    code, rule = accept(run)
    assert code == 0
    assert (rule["state"], rule["column"]) == ("issued", "/zcwj/")
    item_id = str(embedded.publish())

    code, told = run("send", item_id, "--tenant", "river", "--all", "--by", "river.issuer")

    assert code == 0
    (row,) = told["reposts"]
    assert (row["tenant"], row["state"]) == ("hill", "shown")
    assert row["url"] == embedded.runtime.settings.address(
        embedded.receiver.host, embedded.copied(int(item_id)).path
    )
    assert run("list", "--tenant", "hill")[1]["incoming"][0]["origin"] == "清河县人民政府"


def test_an_acceptance_that_has_ended_is_told_with_its_reason(run: Run) -> None:
    _, rule = accept(run)

    code, ended = run(
        *("end", rule["id"], "--tenant", "hill", "--reason", "另行约定", "--by", "hill.issuer")
    )

    assert code == 0
    assert (ended["state"], ended["end_reason"]) == ("ended", "另行约定")


def test_a_tenant_that_nobody_knows_is_the_callers_mistake(embedded: TwoSites, run: Run) -> None:
    item_id = str(embedded.publish())

    code, _ = run("send", item_id, "--tenant", "river", "--to", "nobody", "--by", "river.issuer")

    assert code == 2
