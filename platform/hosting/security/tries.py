"""Counting tries of passwords and codes, so that nobody can lock out anybody elsewhere.

None of them goes by tenant: who has not signed in belongs to none, and a count for all of a tenant
would let one stranger shut out an office.
"""

from __future__ import annotations

from contextlib import suppress

from hosting.runtime.errors import LimitReached
from hosting.runtime.runtime import Runtime
from hosting.security.limited import is_familiar
from hosting.security.limits import Limit, subscriber

# Colleagues share an address, so it may fail as often as a score of people.
_PEOPLE_AN_ADDRESS = 20
# Whoever tries codes knows the password already. From all addresses together they may try so many
# times as often: enough to bar guessing, and too many for a person who mistypes.
_ADDRESSES_AN_ACCOUNT = 10
# Whoever tries passwords from many addresses may fail so many times as often as from one. Where the
# name's owner has signed in before they still can: nobody is shut out of their own office.
_STRANGE_ADDRESSES_AN_ACCOUNT = 20


class PasswordTries:
    """Tries of one name from one address, of all names from it, of the name from everywhere."""

    def __init__(self, runtime: Runtime, login: str, address: str) -> None:
        times, seconds = runtime.settings.sign_in_attempts, runtime.settings.sign_in_window_seconds
        self._runtime, self._cache = runtime, runtime.cache
        self._of_account = Limit("sign_ins", times, seconds)
        self._of_account_elsewhere = Limit(
            "sign_ins_elsewhere", times * _STRANGE_ADDRESSES_AN_ACCOUNT, seconds
        )
        self._of_address = Limit("sign_ins_here", times * _PEOPLE_AN_ADDRESS, seconds)
        self._login = login
        self._written_address, self._address = address, subscriber(address)

    def count(self) -> None:
        """One more try; LimitReached when it is too many, or when the address failed too often."""
        self._of_address.check(self._cache, self._address)
        self._of_account.count(self._cache, self._login, self._address)
        self._check_elsewhere()

    def count_failure(self) -> None:
        """The address has failed once more, whoever it tried to be, and so has the name."""
        # Either may just have become too much, which is said at the next try.
        with suppress(LimitReached):
            self._of_account_elsewhere.count(self._cache, self._login)
        with suppress(LimitReached):
            self._of_address.count(self._cache, self._address)

    def _check_elsewhere(self) -> None:
        try:
            self._of_account_elsewhere.check(self._cache, self._login)
        except LimitReached:
            if not is_familiar(self._runtime, self._login, self._written_address):
                raise

    def forgive(self) -> None:
        """It was the name's owner after all."""
        self._of_account.forgive(self._cache, self._login, self._address)


class CodeTries:
    """Tries of codes in one sign-in, and for one account from everywhere."""

    def __init__(self, runtime: Runtime, account_id: int, sign_in_id: int) -> None:
        times, seconds = runtime.settings.sign_in_attempts, runtime.settings.sign_in_window_seconds
        self._cache = runtime.cache
        self._here = Limit("codes", times, seconds)
        self._of_account = Limit("codes_of_account", times * _ADDRESSES_AN_ACCOUNT, seconds)
        self._sign_in = str(sign_in_id)
        self._account = str(account_id)

    def count(self) -> None:
        """One more try; LimitReached when it is too many."""
        self._of_account.count(self._cache, self._account)
        self._here.count(self._cache, self._sign_in)

    def forgive(self) -> None:
        """It was right."""
        self._here.forgive(self._cache, self._sign_in)
        self._of_account.forgive(self._cache, self._account)
