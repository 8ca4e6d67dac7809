"""Names of people, which rows know by account id."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from hosting.runtime.session import WalledSession
from hosting.security.models import Account


def names_of(session: WalledSession, account_ids: Iterable[int]) -> dict[int, str]:
    """The names of accounts by id; ids of nobody (such as the platform's) are left out."""
    wanted = set(account_ids)
    if not wanted:
        return {}
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)))
    return {row[0]: row[1] for row in rows}
