"""The receipt of a withdrawal asks at the copies, too."""

from __future__ import annotations

from hosting.runtime.worker import Work
from parts.reposting import TwoSites
from tenants.receipts.jobs import check_withdrawal
from tenants.receipts.models import WithdrawalReceipt
from tenants.receipts.queries import proof_of_item


def receipt(sites: TwoSites, item_id: int) -> WithdrawalReceipt | None:
    check_withdrawal(Work(sites.runtime, sites.origin.tenant_id), item_id=item_id)
    with sites.runtime.tenant_session(sites.origin.tenant_id, reading=True) as session:
        return proof_of_item(session, item_id).receipt


def test_every_copy_is_asked_for_and_found_gone(embedded: TwoSites) -> None:
    embedded.accept()
    embedded.settle()
    item_id = embedded.publish()
    embedded.settle()
    path = embedded.copied(item_id).path
    embedded.withdraw(item_id)
    embedded.settle()

    found = receipt(embedded, item_id)

    assert found is not None
    assert found.state == "clean"
    (place,) = [each for each in found.places if each["kind"] == "repost"]
    assert (place["host"], place["path"]) == (embedded.receiver.host, path)
    assert (place["status"], place["verdict"]) == (410, "taken")


def test_a_copy_that_still_stands_keeps_the_receipt_waiting(embedded: TwoSites) -> None:
    embedded.accept()
    embedded.settle()
    item_id = embedded.publish()
    embedded.settle()
    embedded.withdraw(item_id)

    assert receipt(embedded, item_id) is None
