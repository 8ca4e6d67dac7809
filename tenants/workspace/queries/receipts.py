"""What was proved after an item was withdrawn, and where something is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hosting.directory.models import Site
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.models import Edition, Item
from tenants.content.queries import edition
from tenants.content.rules import reach_of
from tenants.receipts.models import WithdrawalReceipt
from tenants.receipts.queries import WithdrawalProof, proof_of_item, proofs_of_item
from tenants.receipts.queries import receipts_of_leftovers as found_left
from tenants.review.models import FINAL
from tenants.review.rules import ROLE_OF_STAGE
from tenants.sites.queries import site_of
from tenants.workspace.queries.items import seen_item

_LOOKED_AT = 50


@dataclass(frozen=True)
class ReceiptState:
    """An item with the proof of its last withdrawal and those before it, the newest first."""

    item: Item
    site: Site
    edition: Edition
    proof: WithdrawalProof
    earlier: Sequence[WithdrawalProof]
    may_ask: bool


def receipt_state(session: WalledSession, item_id: int, by: Actor) -> ReceiptState:
    """The receipts of an item; NotFound where it never was withdrawn, or is a foreign one."""
    found = seen_item(session, item_id, by)
    proof = proof_of_item(session, item_id)
    return ReceiptState(
        item=found,
        site=site_of(session, found.site_id),
        edition=edition(session, proof.withdrawal.edition_id),
        proof=proof,
        earlier=proofs_of_item(session, item_id)[1:],
        may_ask=found.live_edition_id is None
        and not proof.is_being_checked
        and ROLE_OF_STAGE[FINAL] in by.roles,
    )


def leftovers(
    session: WalledSession, by: Actor, *, limit: int
) -> list[tuple[Item, WithdrawalReceipt, Edition]]:
    """What was withdrawn within a person's reach and is still to be met somewhere."""
    reach = reach_of(session, by)
    found = [
        (each, receipt)
        for each, receipt in found_left(session, limit=_LOOKED_AT)
        if reach.covers(each.column_id, each.created_by)
    ][:limit]
    return [
        (each, receipt, edition(session, proof_of_item(session, each.id).withdrawal.edition_id))
        for each, receipt in found
    ]
