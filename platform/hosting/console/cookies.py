"""How the console's cookies are named and fenced (law 3)."""

from __future__ import annotations

from hosting.runtime.settings import Settings

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def is_local(settings: Settings) -> bool:
    """Whether the console is plain http on this very machine, the one place without Secure."""
    host = settings.console_host
    is_loopback = host in _LOOPBACK or host.endswith(".localhost")
    return settings.public_scheme == "http" and is_loopback


def cookie_name(settings: Settings, name: str) -> str:
    """The cookie's full name: `__Host-` keeps it from siblings of the console's host."""
    return name if is_local(settings) else f"__Host-{name}"
