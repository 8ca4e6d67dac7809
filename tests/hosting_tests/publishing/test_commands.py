"""`jiyue publish`, as an operator runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from hosting.runtime import command_line
from hosting.runtime.runtime import Runtime
from parts.newsroom import AREAS, BROKEN, Newsroom

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """`run("publish", "--json")` -> exit code and what was printed (as JSON where it is)."""
    open_runtime = Runtime.open
    monkeypatch.setenv("JIYUE_HOME", str(newsroom.runtime.settings.home))
    monkeypatch.setattr(Runtime, "open", lambda settings: open_runtime(settings, AREAS))

    def run_command(*arguments: str) -> tuple[int, Any]:
        with pytest.raises(SystemExit) as ended:
            command_line.main(list(arguments))
        printed = capsys.readouterr().out
        code = ended.value.code
        assert isinstance(code, int)
        return code, json.loads(printed) if "--json" in arguments else printed

    return run_command


def test_publish_builds_what_is_stale_in_every_site(
    run: Run, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    newsroom.write(_1="通告")
    neighbour.write(_1="通知")

    code, told = run("publish", "--json")

    assert code == 0
    assert {each["tenant"]: each["written"] for each in told} == {"hill": 6, "river": 6}
    assert newsroom.has("/art/1.html")
    assert neighbour.has("/art/1.html")
    assert (newsroom.folder.root.parents[1] / "hosts" / newsroom.place.host).is_dir()


def test_publish_of_one_tenant_leaves_the_others(
    run: Run, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    newsroom.write(_1="通告")
    neighbour.write(_1="通知")

    code, told = run("publish", "--tenant", "river")

    assert code == 0
    assert "www.river.gov.cn：生成 6 页，更新 6 页，撤除 0 页" in told
    assert newsroom.has("/art/1.html")
    assert not neighbour.has("/art/1.html")


def test_an_unknown_tenant_is_the_callers_mistake(run: Run) -> None:
    for command in (["publish"], ["publish", "verify"], ["publish", "status"]):
        assert run(*command, "--tenant", "nowhere")[0] == 2


def test_a_full_build_switches_to_a_new_tree(
    run: Run, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Other processes would compose the platform of its installed areas, not this newsroom.
    monkeypatch.setattr("hosting.publishing.commands.processes_here", lambda: 1)
    newsroom.write(_1="通告")
    run("publish")

    code, told = run("publish", "--full", "--tenant", "river", "--json")

    assert code == 0
    assert told[0]["rendered"] == 6
    assert newsroom.folder.current_number() == 2


def test_pages_that_fail_are_named_and_found_again_in_the_status(
    run: Run, newsroom: Newsroom
) -> None:
    newsroom.write(_1=BROKEN, _2="公示")

    code, told = run("publish", "--json")
    status_code, status = run("publish", "status", "--tenant", "river", "--json")

    assert code == 4
    assert told[1]["failures"] == {"item:1": "ValueError: this text cannot be set"}
    assert status_code == 0
    assert status[0]["failures"][0]["key"] == "item:1"
    assert status[0]["pages"] == 6
    assert "item:1: ValueError" in run("publish", "status")[1]


def test_verify_finds_repairs_and_then_finds_nothing(run: Run, newsroom: Newsroom) -> None:
    newsroom.write(_1="通告")
    run("publish")
    assert run("publish", "verify")[0] == 0
    (newsroom.tree / "art/1.html").write_text("hacked")
    (newsroom.tree / "shell.php").write_text("<?php")

    code, told = run("publish", "verify", "--json")
    assert code == 4
    assert next(each for each in told if each["findings"])["findings"] == [
        {"path": "/art/1.html", "problem": "altered"},
        {"path": "/shell.php", "problem": "foreign"},
    ]
    assert "被改动 /art/1.html" in run("publish", "verify", "--tenant", "river")[1]

    code, told = run("publish", "verify", "--repair", "--tenant", "river", "--json")
    assert code == 4
    assert told[0]["restored"] == ["/art/1.html"]
    assert told[0]["quarantined"] == ["/shell.php"]
    assert run("publish", "verify")[0] == 0
    assert "通告" in newsroom.read("/art/1.html")


def test_status_of_a_page_follows_it_to_a_reader(
    run: Run, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    for each in (newsroom, neighbour):
        each.write(_1="通告")
    run("publish", "--json")
    newsroom.write(_1="更正")

    code, told = run("publish", "status", "--tenant", "river", "--page", "/art/1.html", "--json")
    assert (code, len(told), told[0]["stage"]) == (0, 1, "waiting")

    address = f"https://{neighbour.place.host}/art/1.html?from=feed"
    code, told = run("publish", "status", "--page", address, "--json")
    assert (code, [each["host"] for each in told]) == (0, [neighbour.place.host])
    assert (told[0]["stage"], told[0]["status"]) == ("read", 200)
    assert "已公开，可以访问" in run("publish", "status", "--page", address)[1]


@pytest.mark.parametrize(
    "arguments",
    [("--page", "/art/1.html"), ("--page", "art"), ("--page", "https://www.nobody.gov.cn/")],
)
def test_a_page_that_no_site_is_named_for_is_asked_for_in_vain(
    run: Run, arguments: tuple[str, ...]
) -> None:
    assert run("publish", "status", *arguments)[0] == 2
