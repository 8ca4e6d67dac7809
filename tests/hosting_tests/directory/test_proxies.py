"""A reader's address is what a proxy of ours says, and never what the reader says."""

from __future__ import annotations

import pytest

from hosting.directory.proxies import believe_proxies, trusted_proxies
from hosting.runtime.settings import Settings

TRUSTED = trusted_proxies(Settings(trusted_proxies="127.0.0.1, 10.0.0.2"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.9, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.9, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("127.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense\r\n", "127.0.0.1"),
        ("203.0.113.7", "198.51.100.9", "203.0.113.7"),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(
    peer: str, forwarded: str, address: str
) -> None:
    environ = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}

    believe_proxies(environ, TRUSTED)

    assert environ["REMOTE_ADDR"] == address


def test_by_default_nobody_is_believed() -> None:
    environ = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.7"}

    believe_proxies(environ, trusted_proxies(Settings()))

    assert environ["REMOTE_ADDR"] == "127.0.0.1"
