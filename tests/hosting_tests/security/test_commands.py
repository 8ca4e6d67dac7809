"""Accounts, the trail and the routes from the command line."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from hosting.runtime.command_line import main
from hosting.runtime.runtime import Runtime
from hosting.security.audit import AuditEntry
from hosting.security.audit_key import audit_key, make_audit_key
from hosting.security.first_administrators import FILE, prepare
from hosting.security.queries import credential_of_login
from parts.forging import forging
from parts.people import PASSWORD

Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def run(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """`run("account", "list", stdin="")` gives exit code, the JSON answer and what was said."""
    monkeypatch.setenv("JIYUE_HOME", str(runtime.settings.home))

    def command(*arguments: str, stdin: str = "") -> tuple[int, Any, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--json"])
        out, said = capsys.readouterr()
        return int(ended.value.code or 0), json.loads(out) if out else None, said

    return command


def test_an_account_is_made_with_its_password_from_standard_input(run: Run) -> None:
    code, made, _ = run(
        *("account", "create", "li", "--tenant", "river", "--role", "editor"),
        *("--role", "issuer", "--name", "李晓芸"),
        stdin=PASSWORD + "\n",
    )

    assert (code, made["login"], made["name"]) == (0, "li", "李晓芸")
    assert made["roles"] == [
        {"tenant": "river", "role": "editor"},
        {"tenant": "river", "role": "issuer"},
    ]
    assert [row["login"] for row in run("account", "list", "--tenant", "river")[1]] == ["li"]
    assert run("account", "list", "--tenant", "hill")[1] == []


@pytest.mark.parametrize(
    ("arguments", "stdin", "error"),
    [
        (("li", "--tenant", "river", "--role", "editor"), "", "no_password"),
        (("li", "--tenant", "river", "--role", "editor"), "short\n", "password_refused"),
        (("li", "--tenant", "nowhere", "--role", "editor"), PASSWORD, "no_such_tenant"),
        (("li", "--tenant", "river", "--role", "system_admin"), PASSWORD, "no_such_role"),
        (("li", "--role", "editor"), PASSWORD, "no_such_role"),
        (("Li Lei", "--tenant", "river", "--role", "editor"), PASSWORD, "wrong_account"),
        (
            ("li", "--tenant", "river", "--role", "editor", "--password", PASSWORD),
            PASSWORD,
            "password_on_command_line",
        ),
    ],
)
def test_a_wrong_order_is_refused_whole(
    run: Run, arguments: tuple[str, ...], stdin: str, error: str
) -> None:
    code, answer, said = run("account", "create", *arguments, stdin=stdin)

    assert code == 2
    assert answer["error"]["code"] == error
    assert PASSWORD not in said
    assert run("account", "list")[1] == []


def test_roles_are_added_accounts_disabled_and_passwords_reset(run: Run, runtime: Runtime) -> None:
    run("account", "create", "yun", "--role", "ops", stdin=PASSWORD)

    refused, answer, _ = run("account", "grant", "yun", "--tenant", "river", "--role", "editor")
    assert (refused, answer["error"]["code"]) == (2, "act_for_needs_reason_and_end")
    granted, row, _ = run(
        *("account", "grant", "yun", "--tenant", "river", "--role", "editor"),
        *("--until", "2099-12-31", "--reason", "代为抢修首页"),
    )
    assert (granted, row["roles"][-1]) == (0, {"tenant": "river", "role": "editor"})

    with runtime.platform_session(reason="test", reading=True) as session:
        before = credential_of_login(session, "yun")
    assert run("account", "password", "yun", stdin="Xin-mi-ma-88")[0] == 0
    with runtime.platform_session(reason="test", reading=True) as session:
        assert credential_of_login(session, "yun") != before

    assert run("account", "disable", "yun", "--reason", "调离")[1]["state"] == "disabled"


def test_the_trail_is_verified_with_exit_code_4_where_a_row_was_touched(
    run: Run, runtime: Runtime
) -> None:
    run("account", "create", "li", "--tenant", "river", "--role", "editor", stdin=PASSWORD)
    code, sound, _ = run("audit", "verify")
    assert (code, sound["entries"], sound["faults"]) == (0, 2, [])

    with forging(runtime) as session:
        row = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "account_created")
        ).one()
        row.account_name = "无人"

    code, found, _ = run("audit", "verify")
    assert code == 4
    assert [(fault["sequence"], fault["kind"]) for fault in found["faults"]] == [(1, "altered")]


def test_the_public_half_of_the_key_is_shown(run: Run, runtime: Runtime) -> None:
    make_audit_key(runtime.settings)

    code, shown, _ = run("audit", "key")

    assert (code, shown["algorithm"]) == (0, "ed25519")
    assert shown["public"] == audit_key(runtime.settings).public


def test_routes_are_listed_with_who_may_use_them(run: Run) -> None:
    code, rows, _ = run("routes")

    assert code == 0
    account = next(row for row in rows if row["endpoint"] == "security.account")
    assert account["least_role"] == "signed in"
    assert all(row["reason"] or row["permission"] for row in rows)


def test_a_new_platform_gets_one_administrator_for_each_of_the_three_powers(
    run: Run, runtime: Runtime
) -> None:
    assert prepare(runtime) == {"first_administrators": str(runtime.settings.home / FILE)}

    kept = runtime.settings.home / FILE
    lines = [line.split() for line in kept.read_text(encoding="utf-8").splitlines()[1:]]
    rows = {row["login"]: row for row in run("account", "list")[1]}
    assert kept.stat().st_mode & 0o777 == 0o600
    assert sorted(login for login, *_ in lines) == sorted(rows)
    assert sorted(row["roles"][0]["role"] for row in rows.values()) == [
        "audit_admin",
        "security_admin",
        "system_admin",
    ]
    assert len({password for _, password, _ in lines}) == 3
    assert prepare(runtime) == {}
