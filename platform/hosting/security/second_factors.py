"""What is done to second factors: set up, shown, replaced, taken away.

All of it needs a platform session: the database's tenant role can't read these tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update

from hosting.runtime.clock import now
from hosting.runtime.errors import Conflict, Forbidden, Invalid, Problem
from hosting.runtime.language import N_
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.session import WalledSession
from hosting.runtime.settings import Settings
from hosting.security import events, tokens, totp
from hosting.security.actor import Actor
from hosting.security.models import RecoveryCode, SecondFactor
from hosting.security.operations import end_sign_ins
from hosting.security.sealing import seal, unseal

_PURPOSE = "second factor"


@dataclass(frozen=True)
class FactorState:
    """How an account stands: since when its app is set up (None: not), and the codes left."""

    since: datetime | None
    codes_left: int


def factor_state(session: WalledSession, account_id: int) -> FactorState:
    """The state of an account's second factor."""
    row = _confirmed(session, account_id)
    left = session.scalar(
        select(func.count(RecoveryCode.id)).where(
            RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
        )
    )
    return FactorState(row.confirmed_at if row else None, left or 0)


def has_second_factor(session: WalledSession, account_id: int) -> bool:
    """Whether the account has an app that was confirmed."""
    return _confirmed(session, account_id) is not None


def begin_set_up(session: WalledSession, account_id: int, *, settings: Settings) -> None:
    """Make a secret that waits to be confirmed, in place of one that was never confirmed.

    The app that is in use stays in use until then.
    """
    session.execute(
        delete(SecondFactor).where(
            SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_(None)
        )
    )
    sealed = seal(settings, totp.new_secret(), purpose=_PURPOSE)
    session.add(SecondFactor(account_id=account_id, sealed_secret=sealed))


def waiting_secret(session: WalledSession, account_id: int, *, settings: Settings) -> str | None:
    """The secret that waits to be confirmed, or None."""
    row = _waiting(session, account_id)
    return unseal(settings, row.sealed_secret, purpose=_PURPOSE) if row else None


def confirm(
    session: WalledSession, account_id: int, code: str, *, settings: Settings, by: Actor
) -> list[str]:
    """Take the waiting app into use and give new recovery codes, which are shown this once.

    Raises Conflict when none waits, Invalid when the code is not the app's. Other sign-ins are
    left to the caller. Records second_factor_set.
    """
    row = _waiting(session, account_id)
    if row is None:
        raise Conflict("no_set_up", N_("没有正在进行的设置，请重新开始"))
    step = totp.matching_step(
        unseal(settings, row.sealed_secret, purpose=_PURPOSE), code, at=now(), after=0
    )
    if step is None:
        raise wrong_code()
    session.execute(
        delete(SecondFactor).where(SecondFactor.account_id == account_id, SecondFactor.id != row.id)
    )
    row.confirmed_at, row.last_step = now(), step
    session.record(events.SecondFactorSet(PLATFORM_ID, account_id), by=by)
    return _replace_codes(session, account_id)


def wrong_code() -> Invalid:
    """What is said to a code that is not right."""
    return Invalid(
        "wrong_code",
        N_("验证码不正确："),
        problems=[
            Problem(
                "code",
                "wrong_code",
                N_("验证码不正确或已经用过。请核对手机时间，等下一个验证码出现后再填"),
            )
        ],
    )


def check_code(session: WalledSession, account_id: int, code: str, *, settings: Settings) -> str:
    """Take a code: "totp", "recovery_code", or "" when it is neither. None is taken twice."""
    row = _confirmed(session, account_id)
    if row is not None and _takes(session, row, code, settings):
        return "totp"
    return "recovery_code" if _take_recovery_code(session, account_id, code) else ""


def renew_recovery_codes(session: WalledSession, account_id: int, *, by: Actor) -> list[str]:
    """New recovery codes; the old ones hold no longer. Records recovery_codes_renewed.

    Raises Conflict for an account without a second factor.
    """
    if not has_second_factor(session, account_id):
        raise Conflict("no_second_factor", N_("还没有设置两步验证"))
    session.record(events.RecoveryCodesRenewed(PLATFORM_ID, account_id), by=by)
    return _replace_codes(session, account_id)


def remove(
    session: WalledSession, account_id: int, *, reason: str, by: Actor, keeping: int | None = None
) -> None:
    """Take an account's second factor away, and end its sign-ins but one.

    Records second_factor_removed; does nothing where there is none.
    """
    if not has_second_factor(session, account_id):
        return
    session.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.record(events.SecondFactorRemoved(PLATFORM_ID, account_id, reason), by=by)
    end_sign_ins(session, account_id, reason="second_factor_changed", keeping=keeping)


def reset(session: WalledSession, account_id: int, *, reason: str, by: Actor) -> None:
    """Take somebody else's second factor away, who has lost it; Forbidden for one's own."""
    if account_id == by.account_id:
        raise Forbidden("own_account", N_("不能重置自己的两步验证，请由其他管理员办理"))
    remove(session, account_id, reason=reason, by=by)


def _takes(session: WalledSession, row: SecondFactor, code: str, settings: Settings) -> bool:
    secret = unseal(settings, row.sealed_secret, purpose=_PURPOSE)
    step = totp.matching_step(secret, code, at=now(), after=row.last_step)
    if step is None:
        return False
    # Two requests with one code: the row lets the first one alone through.
    taken = session.scalars(
        update(SecondFactor)
        .where(SecondFactor.id == row.id, SecondFactor.last_step < step)
        .values(last_step=step)
        .returning(SecondFactor.id)
    )
    return taken.first() is not None


def _take_recovery_code(session: WalledSession, account_id: int, code: str) -> bool:
    taken = session.scalars(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_digest == tokens.digest(totp.plain_code(code)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
        .returning(RecoveryCode.id)
    )
    if taken.first() is None:
        return False
    left = factor_state(session, account_id).codes_left
    session.record(events.RecoveryCodeUsed(PLATFORM_ID, account_id, left))
    return True


def _replace_codes(session: WalledSession, account_id: int) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = totp.new_recovery_codes()
    session.add_all(_rows(account_id, codes))
    return codes


def _rows(account_id: int, codes: Iterable[str]) -> list[RecoveryCode]:
    digests = (tokens.digest(totp.plain_code(code)) for code in codes)
    return [RecoveryCode(account_id=account_id, code_digest=digest) for digest in digests]


def _confirmed(session: WalledSession, account_id: int) -> SecondFactor | None:
    query = select(SecondFactor).where(
        SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_not(None)
    )
    return session.scalars(query).one_or_none()


def _waiting(session: WalledSession, account_id: int) -> SecondFactor | None:
    query = select(SecondFactor).where(
        SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_(None)
    )
    return session.scalars(query).one_or_none()
