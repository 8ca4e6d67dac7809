"""The demo's accounts: fresh passwords, kept in a file that only its owner can read."""

from __future__ import annotations

import os
import secrets
import string
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from hosting.directory.queries import tenant_by_code
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.models import Account
from hosting.security.operations import RoleFacts, create_account, grant_role
from hosting.security.passwords import HashedPassword, hashed
from hosting.security.roles import LABELS
from provisioning.demo.municipality import Municipality, PersonPlan
from provisioning.onboarding.queries import main_site_of
from tenants.sites.queries import column_at

FILE = "demo-accounts.txt"
_LETTERS = "".join(c for c in string.ascii_letters + string.digits if c not in "0O1lI")
_HEAD = "# 示例账号。口令在首次装入示例时随机生成，只有本机管理员可以读取此文件。\n"


def open_accounts(runtime: Runtime, plan: Municipality) -> int:
    """Give each person of the sample an account, unless there is one; how many were made.

    Passwords are written down before the accounts exist: killed in between, the next run makes new
    ones for whoever has no account yet.
    """
    missing = _missing(runtime, plan.people)
    if not missing:
        return 0
    passwords = {person.login: fresh_password() for person in missing}
    _write_down(runtime.settings.home / FILE, missing, passwords)
    made = [
        (person, hashed(passwords[person.login], settings=runtime.settings, login=person.login))
        for person in missing
    ]
    with runtime.platform_session(reason="demo accounts") as session:
        for person, password in made:
            _open(session, person, password)
    return len(made)


def fresh_password() -> str:
    """A password nobody knows, of 16 letters and digits in four groups."""
    while True:
        groups = ["".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4)]
        password = "-".join(groups)
        if all(
            any(character in kind for character in password)
            for kind in (string.ascii_lowercase, string.ascii_uppercase, string.digits)
        ):
            return password


def _missing(runtime: Runtime, people: Sequence[PersonPlan]) -> list[PersonPlan]:
    with runtime.platform_session(reason="demo accounts", reading=True) as session:
        logins = select(Account.login).where(Account.login.in_([p.login for p in people]))
        known = set(session.scalars(logins))
    return [person for person in people if person.login not in known]


def _open(session: WalledSession, person: PersonPlan, password: HashedPassword) -> None:
    account = create_account(
        session, login=person.login, name=person.name, password=password, by=PLATFORM_ACTOR
    )
    tenant_id, column_id = _place(session, person)
    facts = RoleFacts(person.role, tenant_id, column_id)
    grant_role(session, account, facts=facts, by=PLATFORM_ACTOR)


def _place(session: WalledSession, person: PersonPlan) -> tuple[int, int | None]:
    if not person.tenant:
        return PLATFORM_ID, None
    tenant = tenant_by_code(session, person.tenant)
    if not person.column:
        return tenant.id, None
    site = main_site_of(session, tenant.id)
    return tenant.id, column_at(session, site.id, person.column).id


def _write_down(path: Path, people: Sequence[PersonPlan], passwords: dict[str, str]) -> None:
    """Add lines for these people, in place of older ones; readable by the owner alone."""
    kept = [line for line in _lines(path) if line.split()[0] not in passwords]
    lines = kept + [_line(person, passwords[person.login]) for person in people]
    aside = path.with_suffix(".new")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(_HEAD + "\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def _line(person: PersonPlan, password: str) -> str:
    where = person.tenant or "平台"
    return f"{person.login:<20} {password}   {where:<10} {LABELS[person.role]}（{person.name}）"
