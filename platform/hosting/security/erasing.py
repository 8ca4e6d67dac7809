"""What becomes of the people of a tenant that is deleted, and of its trail.

Who worked there alone is shut out for good and loses name, login, password and sign-ins. The
account's number stays: the trail refers to it, and names that stand in the trail stay until it is
pruned (docs/adr/0007). Who has or had a role elsewhere as well loses only the roles here.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select

from hosting.runtime.erasing import RowErasure
from hosting.runtime.ids import id_text
from hosting.runtime.language import N_, text
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.session import WalledSession
from hosting.security import events
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.audit import AuditEntry, AuditHead
from hosting.security.audit_checkpoints import AuditCheckpoint
from hosting.security.models import (
    Account,
    Credential,
    Identity,
    Membership,
    RecoveryCode,
    SecondFactor,
    SignIn,
)

_NAMELESS = N_("已注销用户")
# By what somebody proves who they are, and that they did.
_PROOFS = (Credential, SecondFactor, RecoveryCode, Identity, SignIn)


def remove_people(session: WalledSession, tenant_id: int, most: int) -> int:
    """Roles in the tenant, and accounts that are nobody's elsewhere; how many roles there were."""
    held = session.scalars(
        select(Membership).where(Membership.for_tenant_id == tenant_id).limit(most)
    ).all()
    people = {each.account_id for each in held}
    for account in _only_here(session, tenant_id, people):
        erase_account(session, account)
    session.execute(delete(Membership).where(Membership.id.in_([each.id for each in held])))
    return len(held)


def _only_here(
    session: WalledSession, tenant_id: int, account_ids: Collection[int]
) -> list[Account]:
    """Those of the accounts that never had a role on the platform or in another tenant."""
    elsewhere = select(Membership.account_id).where(
        Membership.account_id.in_(account_ids), Membership.for_tenant_id != tenant_id
    )
    return list(
        session.scalars(
            select(Account).where(Account.id.in_(account_ids), Account.id.not_in(elsewhere))
        )
    )


def erase_account(session: WalledSession, account: Account) -> None:
    """Take everything personal from an account for good; its number stays. Records AccountErased.

    Safe to repeat.
    """
    erased = f"erased-{id_text(account.id)}"
    if account.login == erased:
        return
    account.state, account.login, account.name = "disabled", erased, text(_NAMELESS)
    for model in _PROOFS:
        session.execute(delete(model).where(model.account_id == account.id))
    session.record(events.AccountErased(PLATFORM_ID, account.id), by=PLATFORM_ACTOR)


ERASES = (RowErasure(N_("人员职责"), (Membership, *_PROOFS), remove_people),)

_SEALED = "the trail is sealed and kept for its time; pruning removes it"
KEEPS: dict[type, str] = {
    AuditEntry: _SEALED,
    AuditHead: _SEALED,
    AuditCheckpoint: _SEALED,
    Account: "its number is what the trail refers to; remove_people takes what is personal from it",
}
