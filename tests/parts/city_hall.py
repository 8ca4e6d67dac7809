"""The city's staff at the console: one person for each role, and an editor of the county."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from flask import Flask

from hosting.console.application import create_console
from hosting.runtime.runtime import Runtime
from hosting.security import operations, passwords
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.operations import RoleFacts
from hosting.security.roles import LABELS
from parts.people import PASSWORD, Browser
from parts.platform import RIVER

CITY_ROLES = ("system_admin", "security_admin", "audit_admin", "ops")


@dataclass
class CityHall:
    """The console, and who works there: account ids by login."""

    runtime: Runtime
    app: Flask
    ids: dict[str, int] = field(default_factory=dict)

    def browser(self, role: str) -> Browser:
        """A browser in which the person with this role has signed in."""
        browser = Browser(self.app.test_client())
        answer = browser.sign_in(role.replace("_", "-"))
        assert answer.status_code == 303, answer.text
        return browser

    def hire(self, login: str, role: str, tenant_id: int = 0) -> int:
        """Somebody with a role and the tests' password."""
        hashed = passwords.hashed(PASSWORD, settings=self.runtime.settings, login="nobody")
        with self.runtime.platform_session(reason="test") as session:
            account = operations.create_account(
                session, login=login, name=LABELS[role], password=hashed, by=PLATFORM_ACTOR
            )
            facts = RoleFacts(role, tenant_id=tenant_id)
            operations.grant_role(session, account, facts=facts, by=PLATFORM_ACTOR)
        self.ids[login] = account.id
        return account.id


def open_hall(runtime: Runtime) -> CityHall:
    """The console with one person for each of the city's roles, and one of the county."""
    hall = CityHall(runtime, create_console(runtime))
    for role in CITY_ROLES:
        hall.hire(role.replace("_", "-"), role)
    hall.hire("editor", "editor", RIVER.tenant_id)
    return hall


@pytest.fixture
def hall(runtime: Runtime) -> CityHall:
    """City hall, on SQLite."""
    return open_hall(runtime)


@pytest.fixture
def each_hall(each_runtime: Runtime) -> CityHall:
    """City hall, on each database."""
    return open_hall(each_runtime)
