"""The signer, with the key in our own hand and behind a socket: the same promises."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hosting.ops import commands
from hosting.ops.supervising import Child, signer_command
from hosting.publishing.manifest.asking import AskedSigner, await_signer, open_signer
from hosting.publishing.manifest.process import SigningServer
from hosting.publishing.manifest.signer import Head, KeyHolder, Link, Signer, is_signed, make_signer
from hosting.publishing.manifest.statement import CHANGES, NOTHING_BEFORE
from hosting.runtime import command_line
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from parts.newsroom import Newsroom, newsroom_runtime
from parts.programs import free_port
from parts.refusals import refused


def link(*, tenant_id: int = 101, site_id: int = 1101, at_least: int = 1) -> Link:
    return Link(tenant_id, site_id, at_least, CHANGES, 1, "c" * 64, "2026-11-28T01:02:03+00:00")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A signer's folder, with its key."""
    made = tmp_path / "signer"
    make_signer(made)
    return made


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where a socket lies; deeper than a socket's address is long."""
    deep = tmp_path / ("very-" * 20 + "deep")
    deep.mkdir()
    return deep / "signer"


@pytest.fixture
def listening(folder: Path, place: Path) -> Iterator[SigningServer]:
    """A signer that listens."""
    with SigningServer(place, folder) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(params=["own hand", "socket"])
def signer(request: pytest.FixtureRequest, folder: Path, place: Path) -> Signer:
    """Both forms."""
    if request.param == "own hand":
        return KeyHolder(folder)
    request.getfixturevalue("listening")
    return AskedSigner(place)


def test_what_it_signs_is_known_by_its_key(signer: Signer, tmp_path: Path) -> None:
    signed = signer.sign(link())

    assert is_signed(signed, signer.key())
    assert signed.statement.number == 1
    assert signed.statement.previous == NOTHING_BEFORE
    other = tmp_path / "other"
    make_signer(other)
    assert not is_signed(signed, KeyHolder(other).key())
    forged = replace(signed, statement=replace(signed.statement, content="d" * 64))
    assert not is_signed(forged, signer.key())
    assert not is_signed(replace(signed, algorithm="none"), signer.key())


def test_a_link_that_was_never_recorded_leaves_no_trace(signer: Signer) -> None:
    signer.sign(link())

    assert signer.head(101, 1101) == Head()
    assert signer.sign(link()).statement.number == 1


def test_the_head_moves_with_what_is_confirmed_and_never_back(signer: Signer) -> None:
    first = signer.sign(link())
    signer.confirm(first)
    second = signer.sign(link())
    signer.confirm(second)
    signer.confirm(first)
    signer.confirm(second)

    assert second.statement.previous == first.statement.digest
    assert signer.head(101, 1101) == Head(2, second.statement.digest)


def test_numbers_jump_over_what_somebody_left_in_the_table(signer: Signer) -> None:
    signer.confirm(signer.sign(link()))

    assert signer.sign(link(at_least=7)).statement.number == 7


def test_each_site_has_a_chain_of_its_own(signer: Signer) -> None:
    signer.confirm(signer.sign(link()))

    assert signer.sign(link(site_id=1102)).statement.number == 1
    assert signer.sign(link(tenant_id=102)).statement.previous == NOTHING_BEFORE


def test_what_is_forgotten_begins_anew_and_touches_no_other(signer: Signer) -> None:
    for site_id in (1101, 1102):
        signer.confirm(signer.sign(link(site_id=site_id)))

    signer.forget(101, 1101)
    signer.forget(101, 1101)

    assert signer.head(101, 1101) == Head()
    assert signer.head(101, 1102).number == 1


def test_only_its_own_next_link_becomes_the_head(signer: Signer, tmp_path: Path) -> None:
    one, other = signer.sign(link()), signer.sign(link(at_least=2))
    make_signer(tmp_path / "other")
    foreign = KeyHolder(tmp_path / "other").sign(link())
    for wrong in (foreign, replace(one, statement=replace(one.statement, content="d" * 64))):
        with refused("not_the_next_link"):
            signer.confirm(wrong)
    signer.confirm(one)

    with refused("not_the_next_link"):
        signer.confirm(other)
    assert signer.head(101, 1101).digest == one.statement.digest


def test_what_it_remembers_outlives_it(folder: Path) -> None:
    first = KeyHolder(folder).sign(link())
    KeyHolder(folder).confirm(first)

    assert KeyHolder(folder).head(101, 1101).digest == first.statement.digest
    for path in (folder, folder / "heads", folder / "key", *(folder / "heads").iterdir()):
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path


def test_a_signer_that_has_signed_makes_no_other_key(folder: Path, place: Path) -> None:
    holder = KeyHolder(folder)
    holder.confirm(holder.sign(link()))
    (folder / "key").unlink()

    with refused("no_signing_key"):
        SigningServer(place, folder)


def test_its_owner_alone_may_ask_it(listening: SigningServer, place: Path) -> None:
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_second_signer_does_not_take_the_place_of_the_first(
    listening: SigningServer, place: Path, folder: Path
) -> None:
    with refused("signer_runs"):
        SigningServer(place, folder)
    assert AskedSigner(place).head(101, 1101) == Head()


@pytest.mark.parametrize(
    "question",
    [
        b"\n",
        b"{}\n",
        b"[]\n",
        b'{"verb": "private_key"}\n',
        b'{"verb": "sign", "link": {}}\n',
        b"x" * 70_000,
    ],
)
def test_what_is_no_question_gets_no_answer_and_harms_nobody(
    listening: SigningServer, place: Path, question: bytes
) -> None:
    asked = AskedSigner(place)
    with asked._connect() as connection:
        connection.sendall(question)
        connection.shutdown(socket.SHUT_WR)
        # A line that was not read to its end is answered with a reset.
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(100) == b""

    assert asked.sign(link()).statement.number == 1


def test_a_signer_that_is_named_and_away_is_not_replaced_by_our_own_hand(
    runtime: Runtime, place: Path
) -> None:
    settings = replace(runtime.settings, signer=f"unix:{place}")

    with refused("signer_away"):
        open_signer(settings).sign(link())


def test_who_is_started_beside_the_signer_waits_for_it_and_says_so_once(
    folder: Path, place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(home=folder.parent, signer=f"unix:{place}")
    caplog.set_level("INFO")
    waiting = threading.Thread(target=await_signer, args=(settings, threading.Event()))
    waiting.start()
    while not caplog.records:
        assert waiting.is_alive()
        waiting.join(0.05)

    with SigningServer(place, folder) as server:
        answering = threading.Thread(target=server.serve_forever, args=(0.05,))
        answering.start()
        waiting.join(60)
        server.shutdown()
        answering.join()

    assert not waiting.is_alive()
    told = [(each.levelname, each.message) for each in caplog.records]
    assert told == [("INFO", "waiting for the signer")]


def test_a_signer_that_runs_beside_us_is_asked(newsroom: Newsroom, tmp_path: Path) -> None:
    settings = newsroom.runtime.settings
    make_signer(tmp_path / "apart")
    with SigningServer(settings.home / "run" / "signer", tmp_path / "apart") as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        newsroom.write(_1="通告")
        newsroom.publish()
        server.shutdown()
        thread.join()

    place = newsroom.place
    assert KeyHolder(tmp_path / "apart").head(place.tenant_id, place.site_id).number >= 1
    assert not (settings.home / "signer" / "heads").exists()


def test_web_and_worker_never_sign_by_themselves(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, kept = runtime.settings.home, []
    monkeypatch.setenv("JIYUE_HOME", str(home))
    monkeypatch.setenv("JIYUE_BIND", f"127.0.0.1:{free_port()}")
    monkeypatch.setattr(commands, "supervise", lambda children, **_: kept.extend(children))

    with pytest.raises(SystemExit) as ended:
        command_line.main(["serve"])

    assert ended.value.code == 0
    told = {child.name: child.environment for child in kept if isinstance(child, Child)}
    assert told["signer"] is None
    for name in ("web", "worker", "watcher"):
        assert told[name]["JIYUE_SIGNER"] == f"unix:{(home / 'run' / 'signer').absolute()}"


def test_the_signers_process_answers_until_it_is_told_to_stop(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    home = newsroom.runtime.settings.home
    place = tmp_path / "signer"
    environment = {
        **os.environ,
        "JIYUE_HOME": str(home),
        "JIYUE_SIGNER": f"unix:{place}",
        "JIYUE_SIGNER_FOLDER": str(tmp_path / "apart"),
    }
    process = subprocess.Popen(signer_command(), env=environment, stderr=subprocess.DEVNULL)
    asked = AskedSigner(place)
    deadline = time.monotonic() + 30
    while not asked.listens() and time.monotonic() < deadline:
        time.sleep(0.05)

    settings = Settings(home=home, host_cache_seconds=0, signer=f"unix:{place}")
    room = Newsroom(newsroom_runtime(settings), newsroom.place)
    room.write(_1="通告")
    room.publish()
    room.runtime.close()
    process.send_signal(signal.SIGTERM)

    assert process.wait(10) == 0
    assert stat.S_IMODE((tmp_path / "apart" / "key").stat().st_mode) == 0o600
    (head,) = (tmp_path / "apart" / "heads").iterdir()
    assert json.loads(head.read_text())["statement"]["number"] >= 1
