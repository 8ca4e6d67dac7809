"""Old addresses and where they lead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote, unquote_to_bytes

from sqlalchemy import delete, select

from hosting.publishing.models import Redirect
from hosting.publishing.paths import resolved_path
from hosting.runtime.clock import now
from hosting.runtime.errors import Invalid, Problem
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession, insert_many

STATUSES = (301, 302, 410)
_SLICE = 400
_TARGET = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


def normalised(address: str) -> str:
    """An old address in the one form in which it is kept and looked up.

    Path with dot parts resolved and its bytes spelled out where they are UTF-8; the query's parts
    in order of their bytes, because old systems wrote them in any order; no fragment.
    """
    address = address.partition("#")[0]
    path, _, query = address.partition("?")
    path = resolved_path(_spelled(path)) or "/"
    parts = sorted(_spelled(part) for part in query.split("&") if part)
    return f"{path}?{'&'.join(parts)}" if parts else path


def _spelled(text: str) -> str:
    """Percent-encoded UTF-8 as NFC text; other bytes (GBK) stay encoded, in upper case."""
    raw = unquote_to_bytes(text)
    try:
        return unicodedata.normalize("NFC", raw.decode())
    except UnicodeDecodeError:
        return quote(raw, safe="/=&?+:,;@!$'()*~")


def add_redirects(
    session: WalledSession, site_id: int, redirects: Iterable[tuple[str, str, int]]
) -> int:
    """Keep redirects (old address with query, target, status); how many addresses there were.

    An address that is there already gets the new target. Targets are paths on the same site, and
    empty with 410. Raises Invalid with one problem for each that is not.
    """
    wanted = {normalised(old): (target, status) for old, target, status in redirects}
    _check(wanted)
    addresses = list(wanted)
    for start in range(0, len(addresses), _SLICE):
        _replace(session, site_id, addresses[start : start + _SLICE], wanted)
    return len(addresses)


def _replace(
    session: WalledSession,
    site_id: int,
    addresses: list[str],
    wanted: dict[str, tuple[str, int]],
) -> None:
    session.execute(
        delete(Redirect).where(Redirect.site_id == site_id, Redirect.address.in_(addresses))
    )
    added_at = now()
    rows = [
        {
            "site_id": site_id,
            "address": address,
            "target": wanted[address][0],
            "status": wanted[address][1],
            "added_at": added_at,
        }
        for address in addresses
    ]
    insert_many(session, Redirect, rows)


def drop_redirects(session: WalledSession, site_id: int, addresses: Iterable[str]) -> int:
    """Let old addresses lead nowhere any more; how many addresses were named."""
    named = [normalised(address) for address in addresses]
    for start in range(0, len(named), _SLICE):
        part = named[start : start + _SLICE]
        session.execute(
            delete(Redirect).where(Redirect.site_id == site_id, Redirect.address.in_(part))
        )
    return len(named)


def _check(wanted: dict[str, tuple[str, int]]) -> None:
    problems = [
        Problem(
            address,
            "wrong_redirect",
            N_("应转到本站内以“/”开头的地址，现为“{target}”"),
            {"target": target},
        )
        for address, (target, status) in wanted.items()
        if not _is_right(target, status)
    ]
    if problems:
        raise Invalid("wrong_redirects", N_("有旧地址的去向不正确："), problems=problems)


def _is_right(target: str, status: int) -> bool:
    if status not in STATUSES:
        return False
    return target == "" if status == 410 else _TARGET.fullmatch(target) is not None


def find_redirect(session: WalledSession, site_id: int, address: str) -> tuple[int, str] | None:
    """The status and target that are kept for an address, or None.

    Windows servers took addresses in any case: where nothing is kept for the address as it is
    written, the one in lower case counts.
    """
    exact = normalised(address)
    wanted = {exact, exact.lower()}
    rows = session.execute(
        select(Redirect.address, Redirect.status, Redirect.target).where(
            Redirect.site_id == site_id, Redirect.address.in_(wanted)
        )
    ).all()
    found = {row.address: (row.status, row.target) for row in rows}
    return found.get(exact) or found.get(exact.lower())
