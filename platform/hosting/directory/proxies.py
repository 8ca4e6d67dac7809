"""Whose requests these are when a gateway passes them on: only proxies we trust are believed.

Limits and the audit trail go by this address; whoever could choose it would escape the one and
forge the other.
"""

from __future__ import annotations

from ipaddress import ip_address
from wsgiref.types import WSGIEnvironment

from hosting.runtime.settings import Settings


def trusted_proxies(settings: Settings) -> frozenset[str]:
    """The addresses that the settings name."""
    return frozenset(each.strip() for each in settings.trusted_proxies.split(",") if each.strip())


def believe_proxies(environ: WSGIEnvironment, trusted: frozenset[str]) -> None:
    """Put the reader's address in place of a trusted proxy's in `REMOTE_ADDR`.

    X-Forwarded-For is read from its end, as far as trusted proxies wrote it: what stands before
    that the reader may have written themselves.
    """
    hops = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while hops and environ.get("REMOTE_ADDR") in trusted:
        hop = hops.pop().strip()
        if not _is_address(hop):
            return
        environ["REMOTE_ADDR"] = hop


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
