"""Starting the platform: refused at once, with the reason, where it could not be reached."""

from __future__ import annotations

import socket

import pytest

from hosting.ops.supervising import check_free
from hosting.runtime import command_line
from hosting.runtime.runtime import Runtime
from parts.programs import free_port
from parts.refusals import refused


def test_an_address_in_use_is_named_and_nothing_is_started(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        bind = f"127.0.0.1:{other.getsockname()[1]}"
        monkeypatch.setenv("JIYUE_HOME", str(runtime.settings.home))
        monkeypatch.setenv("JIYUE_BIND", bind)

        with pytest.raises(SystemExit) as ended:
            command_line.main(["serve"])

    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert bind in said
    assert "JIYUE_BIND" in said


def test_an_address_of_another_machine_is_refused_too() -> None:
    with refused("bind_refused"):
        check_free("192.0.2.1:8000")


def test_a_free_address_is_left_free() -> None:
    bind = f"127.0.0.1:{free_port()}"

    check_free(bind)
    check_free(bind)
