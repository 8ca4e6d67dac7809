"""What a sign-in still awaits after the password, and which roles count in it.

Two factors are obligatory for whoever publishes or administers (GB/T 22239-2019 8.1.4.1 d), where
the platform's settings say so; a role that asks for them does not count in a sign-in without, nor
does one that is confined to networks count from elsewhere (8.1.4.4 c).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from ipaddress import ip_address
from typing import Literal

from hosting.console.cookies import is_local
from hosting.runtime.clock import now
from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.runtime.settings import Settings
from hosting.security.models import STRONG_METHODS, Credential, Membership
from hosting.security.queries import credential_of_account, running_memberships
from hosting.security.roles import LABELS, STRONG_ROLES
from hosting.security.second_factors import has_second_factor

Step = Literal["", "second_factor", "enrolment", "password"]


def awaited(session: WalledSession, account_id: int, *, method: str, settings: Settings) -> Step:
    """The next step of a sign-in that was proved by `method`, or "" when it is complete.

    Needs a platform session.
    """
    if method not in STRONG_METHODS:
        if has_second_factor(session, account_id):
            return "second_factor"
        if demands_two_factors(settings, running_memberships(session, account_id)):
            return "enrolment"
    known_by_password = method not in ("openid", "openid_mfa")
    credential = credential_of_account(session, account_id)
    if known_by_password and credential is not None and has_to_change(credential, settings):
        return "password"
    return ""


def demands_two_factors(settings: Settings, memberships: Iterable[Membership]) -> bool:
    """Whether somebody who holds these roles has to sign in with two factors."""
    return is_required(settings) and any(each.role in STRONG_ROLES for each in memberships)


def is_required(settings: Settings) -> bool:
    """Whether the platform asks for two factors; where nothing is set, all but a local one does."""
    return settings.second_factor == "required" or (
        not settings.second_factor and not is_local(settings)
    )


def has_to_change(credential: Credential, settings: Settings) -> bool:
    """Whether a password is too old, or known to whoever has set it."""
    days = settings.password_maximum_age_days
    is_old = bool(days) and now() - credential.changed_at > timedelta(days=days)
    return credential.must_change or is_old


def counting(
    memberships: Sequence[Membership], *, method: str, address: str, settings: Settings
) -> tuple[tuple[Membership, ...], tuple[Membership, ...]]:
    """Those that count in a sign-in proved by `method` and used from `address`, and the others."""
    counts = [
        not is_too_weak(settings, method, each.role)
        and is_reachable(settings, address, role=each.role)
        for each in memberships
    ]
    held = tuple(each for each, does in zip(memberships, counts, strict=True) if does)
    withheld = tuple(each for each, does in zip(memberships, counts, strict=True) if not does)
    return held, withheld


def is_too_weak(settings: Settings, method: str, role: str) -> bool:
    """Whether a role asks for two factors and the sign-in was proved by one."""
    return is_required(settings) and role in STRONG_ROLES and method not in STRONG_METHODS


def is_reachable(settings: Settings, address: str, *, role: str = "") -> bool:
    """Whether the console may be used from an address, or a role exercised from there.

    What is confined to networks is shut to addresses that can't be read.
    """
    networks = settings.networks.get(role)
    if networks is None:
        return True
    try:
        parsed = ip_address(address.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return any((mapped or parsed) in network for network in networks)


def refuse_unknown_roles(settings: Settings) -> None:
    """Raise Invalid when a network is meant for a role that there isn't: a slip would shut nobody.

    Settings themselves know no roles.
    """
    if unknown := sorted(settings.networks.keys() - {"", *LABELS}):
        names = "、".join(unknown)
        raise Invalid(
            "wrong_console_networks",
            N_("JIYUE_CONSOLE_NETWORKS 中没有这样的角色：{names}"),
            names=names,
        )
