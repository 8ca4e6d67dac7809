"""Fixtures around the identity provider of the tests, and people who sign in there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests
from lxml import html

from parts.programs import accepts, free_port, running

PASSWORD = "correct horse battery staple"
REDIRECT = "http://console.localhost:8000/sign-in/openid/back"
_SCRIPT = Path(__file__).with_name("openid_server.py")


@dataclass
class Provider:
    """Where the provider is, and what it shares with the platform."""

    issuer: str
    secret_file: Path
    client_id: str = "jiyue"


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """The provider, one for each worker of the run."""
    python = Path(sys.prefix) / "openid" / "bin" / "python"
    if not python.exists():
        pytest.skip("the identity provider of the tests is not installed: make test installs it")
    folder = tmp_path_factory.mktemp("provider")
    secret = folder / "secret"
    secret.write_text("a secret between the two\n", encoding="utf-8")
    port = free_port()
    command = [str(python), "-P", str(_SCRIPT), str(port), REDIRECT, str(folder / "db")]
    with running(command, ready=lambda: accepts(port), log=folder / "log", seconds=60):
        yield Provider(f"http://127.0.0.1:{port}", secret)


@dataclass
class PersonThere:
    """Somebody with a browser who has an account at the provider."""

    login: str
    session: requests.Session = field(default_factory=requests.Session)

    def answer(self, address: str, password: str = PASSWORD) -> str:
        """Follow the way to the provider, sign in where asked: the way back to the platform."""
        page = self.session.get(address, allow_redirects=False, timeout=10)
        for _ in range(12):
            if page.is_redirect:
                there = urljoin(page.url, page.headers["Location"])
                if there.startswith(REDIRECT):
                    return there.removeprefix("http://console.localhost:8000")
                page = self.session.get(there, allow_redirects=False, timeout=10)
            else:
                page = self._fill_in(page, password)
        raise AssertionError(page.text)

    def _fill_in(self, page: requests.Response, password: str) -> requests.Response:
        forms = html.fromstring(page.text).xpath("//form[@method='POST' or @method='post']")
        assert forms, page.text
        form = forms[0]
        values = {"login": self.login, "password": password}
        fields = {
            each.name: values.get(each.name, each.value or "")
            for each in form.inputs
            if each.name and getattr(each, "type", "") not in ("submit", "checkbox")
        }
        fields |= {
            each.get("name"): each.get("value", "") for each in form.xpath(".//button[@name]")[:1]
        }
        target = urljoin(page.url, form.action or "")
        return self.session.post(target, data=fields, allow_redirects=False, timeout=10)
