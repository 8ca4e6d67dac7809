"""People at the console: a browser with its own cookies that fills in forms as people do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hosting.security import passwords

HOST = "http://console.localhost:8000"
PASSWORD = "Qing-he-2026"  # everybody's in tests; it keeps to the policy


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> None:
    """Passwords of tests are hashed with as little work as argon2 allows."""
    passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Browser:
    """A browser at the console, with its own cookies."""

    client: FlaskClient
    host: str = HOST
    environ: dict[str, str] = field(default_factory=lambda: {"REMOTE_ADDR": "203.0.113.7"})

    def get(self, path: str, **facts: Any) -> TestResponse:
        return self.client.get(path, base_url=self.host, environ_base=self.environ, **facts)

    def post(self, path: str, *, on: str = "/sign-in", **fields: Any) -> TestResponse:
        """Post a form with the token that the page `on` gives out."""
        data = {"csrf_token": self.form_token(on), **fields}
        return self.client.post(
            path,
            data=data,
            base_url=self.host,
            environ_base=self.environ,
            headers={"Referer": self.host + on},
        )

    def form_token(self, page: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        return found[1] if found else ""

    def sign_in(self, login: str, password: str = PASSWORD, **fields: Any) -> TestResponse:
        return self.post("/sign-in", login=login, password=password, **fields)

    @property
    def token(self) -> str:
        cookie = self.client.get_cookie("jiyue-sign-in", domain="console.localhost")
        return cookie.value if cookie else ""

    def take_over(self, token: str, host: str = "console.localhost") -> None:
        """Show a token that was copied from elsewhere."""
        self.client.set_cookie("jiyue-sign-in", token, domain=host)
