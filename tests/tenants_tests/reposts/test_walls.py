"""Nothing crosses between two tenants but what the one has signed and the other lets in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from hosting.directory.models import Tenant
from hosting.publishing.blobs import DiskBlobs
from hosting.runtime.errors import Conflict, Forbidden, Invalid
from hosting.runtime.worker import Work
from parts.office import ISSUER
from parts.reposting import ACCEPTER, PROPOSER, TITLE, TwoSites
from tenants.content.models import Edition, Item
from tenants.content.operations import delete_draft
from tenants.reposts.jobs import report_repost
from tenants.reposts.models import Repost, SentRepost
from tenants.reposts.operations.sending import send
from tenants.reposts.queries import incoming, waiting_count
from tenants.review.models import RepostAcceptance
from tenants.review.operations.accepting import (
    AcceptanceFacts,
    issue_acceptance,
    propose_acceptance,
)
from tenants.review.operations.withdraw import withdraw


def set_state(sites: TwoSites, tenant_id: int, state: str) -> None:
    with sites.runtime.platform_session(reason="test") as session:
        session.execute(update(Tenant).where(Tenant.id == tenant_id).values(state=state))


def titles(sites: TwoSites, tenant_id: int) -> list[str]:
    with sites.runtime.tenant_session(tenant_id, reading=True) as session:
        return list(session.scalars(select(Edition.title)))


def test_a_draft_of_the_origin_is_carried_nowhere(sites: TwoSites) -> None:
    sites.accept(everything=True)
    sites.settle()
    draft = sites.at(sites.origin, lambda desk: desk.write("内部讨论稿"))
    sites.settle()

    sites.carry(draft.item_id)

    assert titles(sites, sites.receiver.tenant_id) == []


def test_what_was_not_offered_is_not_to_be_had_by_its_id(sites: TwoSites) -> None:
    item_id = sites.publish()
    sites.settle()

    sites.carry(item_id)

    assert sites.copy(item_id) is None
    assert titles(sites, sites.receiver.tenant_id) == []


def test_a_job_with_an_id_of_nobody_does_nothing(embedded: TwoSites) -> None:
    embedded.carry(987654321)

    assert embedded.copy(987654321) is None


def test_a_forged_report_writes_nothing_at_the_origin(sites: TwoSites) -> None:
    item_id = sites.publish()
    sites.settle()

    report_repost(
        Work(sites.runtime, sites.receiver.tenant_id),
        origin_tenant_id=sites.origin.tenant_id,
        origin_item_id=item_id,
    )

    assert sites.sent(item_id) is None


def test_the_origin_sees_no_row_of_the_receiver(sites: TwoSites) -> None:
    item_id = sites.publish()
    sites.send(item_id)
    sites.settle()

    with sites.runtime.tenant_session(sites.origin.tenant_id, reading=True) as session:
        assert session.scalars(select(Repost)).all() == []
        assert session.scalars(select(RepostAcceptance)).all() == []
        assert session.scalars(select(Item).where(Item.id != item_id)).all() == []
    with sites.runtime.tenant_session(sites.receiver.tenant_id, reading=True) as session:
        assert session.scalars(select(SentRepost)).all() == []


def test_what_is_not_what_was_signed_is_refused(sites: TwoSites) -> None:
    item_id = sites.publish()
    sites.send(item_id)
    with sites.runtime.tenant_session(sites.origin.tenant_id) as session:
        session.execute(update(Edition).values(body_html="<p>偷换的内容</p>"))

    with pytest.raises(Conflict) as refused:
        sites.carry(item_id)

    assert refused.value.code == "origin_altered"
    assert sites.copy(item_id) is None


def test_an_altered_acceptance_makes_nothing_public(sites: TwoSites) -> None:
    sites.accept()
    sites.settle()
    with sites.runtime.tenant_session(sites.receiver.tenant_id) as session:
        session.execute(update(RepostAcceptance).values(origin_column_id=None))
    item_id = sites.publish()
    sites.settle()

    assert sites.live(item_id) is None


def test_what_is_withdrawn_while_it_is_copied_is_never_public(
    sites: TwoSites, monkeypatch: pytest.MonkeyPatch
) -> None:
    sites.accept()
    sites.settle()
    item_id = sites.publish_with_files()
    sites.send(item_id)
    put: Callable[..., str] = DiskBlobs.put

    def withdrawn_meanwhile(store: DiskBlobs, tenant_id: int, data: bytes) -> str:
        if tenant_id == sites.receiver.tenant_id:
            monkeypatch.undo()
            sites.withdraw(item_id)
        return put(store, tenant_id, data)

    monkeypatch.setattr(DiskBlobs, "put", withdrawn_meanwhile)
    sites.carry(item_id)

    assert sites.copy(item_id) is None


def test_run_twice_or_late_the_newest_signed_edition_stands(sites: TwoSites) -> None:
    sites.accept()
    sites.settle()
    item_id = sites.publish()
    sites.settle()
    sites.change(item_id, body_html="<p>第二版。</p>")
    for _ in range(2):
        sites.carry(item_id)
    sites.settle()

    live = sites.live(item_id)
    assert live is not None
    assert "第二版" in live.body_html
    assert live.number == 2


def test_what_was_taken_down_here_is_not_carried_again(sites: TwoSites) -> None:
    sites.accept()
    sites.settle()
    item_id = sites.publish()
    sites.settle()
    own = sites.copied(item_id).id
    sites.at(
        sites.receiver,
        lambda desk: withdraw(desk.session, own, reason="与本单位无关", by=ACCEPTER),
    )
    sites.change(item_id, body_html="<p>第二版。</p>")
    sites.settle()

    assert sites.live(item_id) is None
    told = sites.sent(item_id)
    assert told is not None
    assert told.state == "declined"


def test_a_draft_that_was_given_up_here_is_not_carried_again(sites: TwoSites) -> None:
    item_id = sites.publish()
    sites.send(item_id)
    sites.settle()
    draft = sites.newest(item_id)
    sites.at(
        sites.receiver,
        lambda desk: delete_draft(
            desk.session,
            draft.item_id,
            expected_digest=draft.digest,
            is_on_record=False,
            by=PROPOSER,
        ),
    )
    sites.change(item_id, body_html="<p>第二版。</p>")
    sites.settle()

    assert titles(sites, sites.receiver.tenant_id) == []


def test_a_copy_is_carried_on_by_nobody(sites: TwoSites) -> None:
    sites.accept()
    sites.settle()
    item_id = sites.publish()
    sites.settle()
    own = sites.copied(item_id).id

    with pytest.raises(Conflict) as refused:
        sites.at(
            sites.receiver,
            lambda desk: send(desk.session, own, to=[sites.origin.tenant_id], by=ISSUER),
        )
    assert refused.value.code == "is_repost"


def test_a_suspended_origin_hands_nothing_on_but_its_withdrawals(sites: TwoSites) -> None:
    sites.accept()
    sites.settle()
    first = sites.publish()
    sites.settle()
    second = sites.publish("第二篇")
    sites.send(second)
    set_state(sites, sites.origin.tenant_id, "suspended")
    sites.withdraw(first)
    sites.settle()

    assert sites.live(first) is None
    assert sites.copy(second) is None


def test_a_copy_outlives_the_rows_of_its_origin(sites: TwoSites) -> None:
    sites.accept()
    sites.settle()
    item_id = sites.publish()
    sites.settle()
    with sites.runtime.platform_session(reason="test") as session:
        for row in session.scalars(select(SentRepost)):
            session.delete(row)
    sites.carry(item_id)

    assert TITLE in sites.page(item_id)


def test_a_closed_receiver_gets_nothing(sites: TwoSites) -> None:
    item_id = sites.publish()
    sites.send(item_id)
    set_state(sites, sites.receiver.tenant_id, "closed")
    sites.settle()

    assert titles(sites, sites.receiver.tenant_id) == []


def test_the_desk_sees_what_waits(sites: TwoSites) -> None:
    item_id = sites.publish()
    sites.send(item_id)
    sites.settle()

    with sites.runtime.tenant_session(sites.receiver.tenant_id, reading=True) as session:
        assert waiting_count(session) == 1
        (row,) = incoming(session)
    assert (row[2].title, row[0].origin_name) == (TITLE, "清河县人民政府")


def proposed(sites: TwoSites) -> RepostAcceptance:
    return sites.at(
        sites.receiver,
        lambda desk: propose_acceptance(
            desk.session,
            facts=AcceptanceFacts(sites.origin.tenant_id, desk.columns[1].id),
            by=ACCEPTER,
        ),
    )


def test_nobody_signs_the_acceptance_that_they_proposed(embedded: TwoSites) -> None:
    made = proposed(embedded)

    with pytest.raises(Forbidden) as refused:
        embedded.at(
            embedded.receiver,
            lambda desk: issue_acceptance(desk.session, made.id, digest=made.digest, by=ACCEPTER),
        )
    assert refused.value.code == "own_proposal"


def test_an_acceptance_is_signed_by_whoever_issues(embedded: TwoSites) -> None:
    made = proposed(embedded)

    with pytest.raises(Forbidden):
        embedded.at(
            embedded.receiver,
            lambda desk: issue_acceptance(desk.session, made.id, digest=made.digest, by=PROPOSER),
        )


def test_what_is_only_proposed_carries_nothing(embedded: TwoSites) -> None:
    proposed(embedded)
    item_id = embedded.publish()
    embedded.send(item_id)
    embedded.settle()

    assert embedded.live(item_id) is None


def test_nobody_accepts_themselves(embedded: TwoSites) -> None:
    with pytest.raises(Invalid):
        embedded.at(
            embedded.receiver,
            lambda desk: propose_acceptance(
                desk.session,
                facts=AcceptanceFacts(embedded.receiver.tenant_id, desk.columns[1].id),
                by=ACCEPTER,
            ),
        )
