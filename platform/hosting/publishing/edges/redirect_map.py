"""A site's old addresses in nginx's words: edges answer them while the application is away.

One line an address: `"<host><address>" "<status> <target>";`. nginx reads them when it is started
or reloaded. What it cannot say as it is written is left to the application.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sqlalchemy import select

from hosting.publishing.models import Redirect
from hosting.publishing.standing import IN_LIMIT
from hosting.runtime.session import WalledSession

LONGEST_ADDRESS = 400
"""Bytes; nginx's table of addresses has places of a fixed size."""

# A variable of nginx's, or the end of its string.
_MEANINGFUL = re.compile(r"[\x00-\x20\x7f$\"\\]")


def redirect_map(session: WalledSession, site_id: int, hosts: Sequence[str]) -> bytes:
    """The lines of a site under each of its hosts, in the order of the addresses."""
    lines: list[str] = []
    for redirect in _redirects(session, site_id):
        said = f"{redirect.status} {redirect.target}" if redirect.target else str(redirect.status)
        if _is_plain(redirect.address) and _is_plain(redirect.target):
            lines += [f'"{host}{redirect.address}" "{said}";\n' for host in hosts]
    return "".join(lines).encode()


def _redirects(session: WalledSession, site_id: int) -> Iterator[Redirect]:
    after = ""
    while True:
        some = session.scalars(
            select(Redirect)
            .where(Redirect.site_id == site_id, Redirect.address > after)
            .order_by(Redirect.address)
            .limit(IN_LIMIT)
        ).all()
        if not some:
            return
        yield from some
        after = some[-1].address
        session.expunge_all()


def _is_plain(address: str) -> bool:
    return not _MEANINGFUL.search(address) and len(address.encode()) <= LONGEST_ADDRESS
