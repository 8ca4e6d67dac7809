"""Nothing walks around the walls (law 1): what the session cannot refuse, no source may say.

Both lints are tried on what they must find, so that neither can go blind.
"""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from parts.house import ROOT, Source, dotted, sources

# The walls' own rooms, where SQL text, tables and raw connections are meant.
BEHIND_THE_WALLS = ("hosting.runtime.", "migrations.schema.")

# Called, these hand out connections, or write past all events.
CALLED = {
    "connection",
    "exec_driver_sql",
    "get_bind",
    "raw_connection",
    "bulk_insert_mappings",
    "bulk_update_mappings",
    "bulk_save_objects",
    "from_statement",
    "with_statement_hint",
    "with_hint",
    "prefix_with",
    "suffix_with",
}
# Named, these are tables without a wall, engines, and what a session is bound to.
NAMED = {
    "__table__",
    "local_table",
    "metadata",
    "engine",
    "platform_engine",
    "driver_connection",
    "dbapi_connection",
    "identity_map",
}
# Other things have these too.
NAMED_HERE = {"Base.registry", "session.bind"}
GIVEN = {"bind_arguments", "sees_all"}
MADE = {"WalledSession", "Database", "open_engine"}

# Where a session is opened that sees all tenants. A place more is a decision: say it in an ADR.
OPEN_PLATFORM_SESSIONS = {
    "hosting.directory.queries",
    "hosting.ops.commands",
    "hosting.publishing.commands",
    "hosting.publishing.edges.rounds",
    "hosting.publishing.hosts",
    "hosting.publishing.shared",
    "hosting.publishing.watching",
    "hosting.runtime.web",
    "hosting.runtime.worker",
    "hosting.security.audit_commands",
    "hosting.security.audit_export",
    "hosting.security.audit_keeping",
    "hosting.security.commands",
    "hosting.security.first_administrators",
    "hosting.security.guards",
    "hosting.security.limited",
    "hosting.security.openid_sign_in",
    "hosting.security.proofs",
    "hosting.security.sign_in",
    "hosting.security.sign_in_steps",
    "hosting.security.views.account",
    "hosting.security.views.signing_in",
    "migrations.legacy.canaries",
    "migrations.legacy.commands.edges",
    "migrations.legacy.demo",
    "migrations.legacy.queries",
    "migrations.legacy.steps.cutover",
    "provisioning.acting",
    "provisioning.canaries.nest",
    "provisioning.canaries.people",
    "provisioning.canaries.seeding",
    "provisioning.commands",
    "provisioning.deletion.commands",
    "provisioning.deletion.running",
    "provisioning.demo.accounts",
    "provisioning.demo.steps",
    "provisioning.notices.commands",
    "provisioning.sites.commands",
    "tenants.exchange.commands",
    "tenants.reposts.commands",
}
DEFINES_THEM = {"hosting.runtime.database", "hosting.runtime.runtime"}


def is_around(node: ast.AST) -> bool:
    """Whether a piece of source reaches for what stands behind the walls."""
    if isinstance(node, ast.Attribute):
        return node.attr in NAMED or dotted(node) in NAMED_HERE
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else dotted(node.func)
    given = {each.arg for each in node.keywords}
    return (
        (isinstance(node.func, ast.Attribute) and name in CALLED)
        or name in MADE
        or not given.isdisjoint(GIVEN)
        or (name == "getattr" and any(is_hidden(each) for each in node.args))
    )


def is_hidden(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value in CALLED | NAMED


def test_nothing_walks_around_the_session() -> None:
    walkers = [
        source.at(node)
        for source in sources()
        if not source.module.startswith(BEHIND_THE_WALLS)
        for node in ast.walk(source.tree)
        if is_around(node)
    ]

    assert walkers == []


@pytest.mark.parametrize(
    "said",
    [
        "select(Item.__table__)",
        "inspect(Item).local_table",
        "Base.metadata.tables['item']",
        "Base.registry.mappers",
        "session.connection()",
        "session.connection().exec_driver_sql('select 1')",
        "session.get_bind().connect()",
        "session.bind.connect()",
        "session.bind = other",
        "runtime.database.engine.connect()",
        "runtime.database.platform_engine",
        "engine.raw_connection()",
        "connection.driver_connection",
        "session.bulk_insert_mappings(Item, rows)",
        "session.bulk_save_objects(rows)",
        "session.execute(statement, bind_arguments={'bind': engine})",
        "select(Item).from_statement(other)",
        "select(Item).suffix_with('union select 1')",
        "WalledSession(engine, tenant_id=1)",
        "opened(engine, sees_all=True)",
        "Database(settings)",
        "open_engine(url)",
        "session.identity_map.values()",
        "getattr(session, 'connection')()",
    ],
)
def test_what_walks_around_the_session_is_found(said: str) -> None:
    assert any(is_around(node) for node in ast.walk(ast.parse(said)))


@pytest.mark.parametrize(
    "said",
    [
        "from sqlalchemy import text\n",
        "import sqlalchemy\n\nsqlalchemy.text\n",
        "from sqlalchemy import literal_column\n",
        "from sqlalchemy import table\n",
        "from sqlalchemy import create_engine\n",
        "from sqlalchemy.engine import create_engine\n",
        "from sqlalchemy import event\n",
        "from sqlalchemy.event import listens_for\n",
        "from sqlalchemy.orm import Session\n",
        "from sqlalchemy.orm import sessionmaker\n",
        "from sqlalchemy.orm import object_session\n",
        "import psycopg\n",
        "import sqlite3\n",
        "session._tenant_id = 1\n",
        "session._sees_all = True\n",
        "session._engine.connect()\n",
    ],
)
def test_the_linter_finds_what_is_banned(said: str) -> None:
    answer = subprocess.run(
        [
            *(sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise"),
            *("--stdin-filename", str(ROOT / "tenants" / "content" / "queries.py"), "-"),
        ],
        input=said,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )

    assert "TID251" in answer.stdout or "SLF001" in answer.stdout, answer.stdout


def opens_platform_session(source: Source) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and dotted(node.func).rpartition(".")[2] in {"platform_session", "begin_platform"}
        for node in ast.walk(source.tree)
    ) or any(
        isinstance(node, ast.Attribute) and node.attr == "platform_session"
        for node in ast.walk(source.tree)
    )


def test_sessions_that_see_all_are_opened_in_named_places_alone() -> None:
    opened = {each.module for each in sources() if opens_platform_session(each)}

    assert opened - DEFINES_THEM == OPEN_PLATFORM_SESSIONS


def test_every_platform_session_is_given_a_reason_that_can_be_read() -> None:
    silent = [
        source.at(node)
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"platform_session", "begin_platform"}
        and not any(each.arg == "reason" for each in node.keywords)
    ]

    assert silent == []
