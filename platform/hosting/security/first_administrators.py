"""The first administrators of a new platform: one for each of the three powers, none by default.

Their passwords are made here and stand in a file that its owner alone can read; whoever signs in
first changes them and deletes it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from hosting.runtime.language import N_, text
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security import operations, passwords
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.models import Membership
from hosting.security.operations import RoleFacts
from hosting.security.roles import ADMIN_ROLES, LABELS

FILE = "first-administrators.txt"
_HEAD = N_("# 首任管理员。口令为随机生成，首次登录后请修改，并删除本文件。")
_LOGINS = {
    "sysadmin": "system_admin",
    "secadmin": "security_admin",
    "auditadmin": "audit_admin",
}


def prepare(runtime: Runtime) -> Mapping[str, Any]:
    """Make them where there is no administrator yet; safe to repeat.

    The file is written first: killed in between, the next run writes it anew with new passwords.
    """
    with runtime.platform_session(reason="first administrators", reading=True) as session:
        if _has_administrators(session):
            return {}
    made = {login: passwords.fresh() for login in _LOGINS}
    path = runtime.settings.home / FILE
    _write_down(path, made)
    hashes = {
        login: passwords.hashed(password, settings=runtime.settings, login=login)
        for login, password in made.items()
    }
    with runtime.platform_session(reason="first administrators") as session:
        for login, password in hashes.items():
            _appoint(session, login, password)
    return {"first_administrators": str(path)}


def _has_administrators(session: WalledSession) -> bool:
    query = select(Membership.id).where(Membership.role.in_(ADMIN_ROLES)).limit(1)
    return session.scalars(query).first() is not None


def _appoint(session: WalledSession, login: str, password: passwords.HashedPassword) -> None:
    role = _LOGINS[login]
    account = operations.create_account(
        session, login=login, name=text(LABELS[role]), password=password, by=PLATFORM_ACTOR
    )
    operations.grant_role(session, account, facts=RoleFacts(role), by=PLATFORM_ACTOR)


def _write_down(path: Path, made: Mapping[str, str]) -> None:
    lines = [
        f"{login}  {password}  {text(LABELS[_LOGINS[login]])}" for login, password in made.items()
    ]
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join((text(_HEAD), *lines)) + "\n")
        file.flush()
        os.fsync(file.fileno())
