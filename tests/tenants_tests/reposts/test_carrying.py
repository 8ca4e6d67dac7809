"""What one tenant has signed is carried by others, and follows it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from hosting.publishing.blobs import open_store
from hosting.runtime.clock import local, now
from hosting.runtime.errors import Conflict, Forbidden, Invalid
from parts.office import EDITOR, ISSUER
from parts.reposting import TITLE, TwoSites
from tenants.content.models import DRAFT, PUBLISHED, WITHDRAWN, Item
from tenants.content.queries import contents_of
from tenants.reposts.operations.sending import send
from tenants.review.models import Issue, Withdrawal


def issue_of(sites: TwoSites, item_id: int) -> Issue:
    live = sites.live(item_id)
    assert live is not None
    with sites.runtime.tenant_session(sites.receiver.tenant_id, reading=True) as session:
        return session.scalars(select(Issue).where(Issue.edition_id == live.id)).one()


def test_what_is_accepted_is_public_on_the_origins_signatures(sites: TwoSites) -> None:
    acceptance_id = sites.accept()
    sites.settle()

    item_id = sites.publish()
    sites.settle()

    issue, copy = issue_of(sites, item_id), sites.copy(item_id)
    assert copy is not None
    assert (issue.ground, issue.acceptance_id) == ("repost", acceptance_id)
    assert issue.origin_digest == copy.origin_digest
    assert issue.issued_name == "审发乙"
    assert TITLE in sites.page(item_id)


def test_what_nobody_accepted_is_a_draft_there(sites: TwoSites) -> None:
    item_id = sites.publish()
    sites.send(item_id)
    sites.settle()

    assert sites.newest(item_id).state == DRAFT
    assert sites.page(item_id) == ""
    told = sites.sent(item_id)
    assert told is not None
    assert (told.state, told.host, told.path) == ("waiting", "", "")


def test_what_stands_in_another_column_is_not_carried(sites: TwoSites) -> None:
    sites.accept()
    sites.settle()

    item_id = sites.publish(column=1)
    sites.settle()

    assert sites.copy(item_id) is None
    assert sites.sent(item_id) is None


def test_an_acceptance_of_all_columns_takes_what_stands_in_any(sites: TwoSites) -> None:
    sites.accept(everything=True)
    sites.settle()

    item_id = sites.publish(column=1)
    sites.settle()

    assert sites.live(item_id) is not None


def test_after_an_acceptance_has_ended_it_is_a_draft(sites: TwoSites) -> None:
    acceptance_id = sites.accept()
    sites.settle()
    first = sites.publish()
    sites.settle()

    sites.end(acceptance_id)
    second = sites.publish("第二篇")
    sites.send(second)
    sites.settle()

    assert sites.live(first) is not None
    assert sites.newest(second).state == DRAFT


def test_the_page_names_source_link_and_time(embedded: TwoSites) -> None:
    embedded.accept()
    embedded.settle()
    item_id = embedded.publish()
    embedded.settle()

    with embedded.runtime.tenant_session(embedded.origin.tenant_id, reading=True) as session:
        path = session.scalars(select(Item.path).where(Item.id == item_id)).one()
    url = embedded.runtime.settings.address(embedded.origin.host, path)
    page = embedded.page(item_id)
    assert f'<link rel="canonical" href="{url}">' in page
    assert '<meta name="ContentSource" content="清河县人民政府">' in page
    assert "转载自清河县人民政府，转载时间" in page
    assert f'<a href="{url}">查看原文</a>' in page


def test_what_is_carried_on_a_later_day_keeps_the_day_of_the_original(embedded: TwoSites) -> None:
    item_id = embedded.publish()
    with time_machine.travel(now() + timedelta(days=3), tick=True):
        embedded.send(item_id)
        embedded.settle()

    newest = embedded.newest(item_id)
    assert newest.original_date == local(newest.written_at).date() - timedelta(days=3)
    assert newest.original_date_source == "清河县人民政府"


def test_files_are_copied_and_outlive_those_of_the_origin(embedded: TwoSites) -> None:
    embedded.accept()
    embedded.settle()
    item_id = embedded.publish_with_files()
    embedded.settle()

    store = open_store(embedded.runtime.settings)
    assert store.discard(embedded.origin.tenant_id, 1000)
    live = embedded.live(item_id)
    assert live is not None
    with embedded.runtime.tenant_session(embedded.receiver.tenant_id, reading=True) as session:
        content = contents_of(session, [live])[live.id]
    files = [file for _, file in content.attachments] + list(content.images)
    assert [file.name for file in files] == ["报名表.pdf", "流程.png"]
    assert all(store.read(embedded.receiver.tenant_id, file.digest) for file in files)
    assert all((embedded.tree(embedded.receiver) / each.path[1:]).is_file() for each in files)
    assert f'href="{embedded.runtime.settings.address(embedded.origin.host, "/zcwj/")}"' in (
        live.body_html
    )


def test_a_newer_edition_updates_the_copy(sites: TwoSites) -> None:
    sites.accept()
    sites.settle()
    item_id = sites.publish()
    sites.settle()
    sites.change(item_id, body_html="<p>更正：报名至十月底。</p>")
    sites.settle()

    live = sites.live(item_id)
    assert live is not None
    assert "更正" in live.body_html
    assert live.number == 2


def test_without_an_acceptance_a_newer_edition_is_a_new_draft(sites: TwoSites) -> None:
    item_id = sites.publish()
    sites.send(item_id)
    sites.settle()
    sites.change(item_id, body_html="<p>更正：报名至十月底。</p>")
    sites.settle()

    newest = sites.newest(item_id)
    assert (newest.state, newest.number) == (DRAFT, 2)
    assert "更正" in newest.body_html


def test_a_withdrawal_at_the_origin_takes_the_copy_down(sites: TwoSites) -> None:
    sites.accept()
    sites.settle()
    item_id = sites.publish()
    sites.settle()
    assert sites.page(item_id)

    sites.withdraw(item_id, reason="名单有误")
    sites.settle()

    assert sites.page(item_id) == ""
    assert sites.newest(item_id).state == WITHDRAWN
    with sites.runtime.tenant_session(sites.receiver.tenant_id, reading=True) as session:
        reasons = session.scalars(select(Withdrawal.reason)).all()
    assert reasons == ["来源单位“清河县人民政府”已撤稿：名单有误"]
    told = sites.sent(item_id)
    assert told is not None
    assert told.state == "gone"


def test_a_draft_ends_with_its_origin(sites: TwoSites) -> None:
    item_id = sites.publish()
    sites.send(item_id)
    sites.settle()
    sites.withdraw(item_id)
    sites.settle()

    assert sites.copied(item_id).draft_edition_id is None


def test_what_is_issued_anew_is_carried_anew(sites: TwoSites) -> None:
    sites.accept()
    sites.settle()
    item_id = sites.publish()
    sites.settle()
    sites.withdraw(item_id)
    sites.settle()
    sites.change(item_id, body_html="<p>核对后重新发布。</p>")
    sites.settle()

    live = sites.live(item_id)
    assert live is not None
    assert live.state == PUBLISHED
    assert "核对后" in live.body_html


def test_only_whoever_issues_it_sends_it(embedded: TwoSites) -> None:
    item_id = embedded.publish()
    to = [embedded.receiver.tenant_id]

    with pytest.raises(Forbidden):
        embedded.at(embedded.origin, lambda desk: send(desk.session, item_id, to=to, by=EDITOR))


def test_what_is_not_public_is_sent_nowhere(embedded: TwoSites) -> None:
    draft = embedded.at(embedded.origin, lambda desk: desk.write("草稿"))
    to = [embedded.receiver.tenant_id]

    with pytest.raises(Conflict) as refused:
        embedded.at(
            embedded.origin, lambda desk: send(desk.session, draft.item_id, to=to, by=ISSUER)
        )
    assert refused.value.code == "not_public"


def test_an_item_goes_to_other_tenants_that_are_there(embedded: TwoSites) -> None:
    item_id = embedded.publish()
    to = [embedded.origin.tenant_id, 987654321]

    with pytest.raises(Invalid):
        embedded.at(embedded.origin, lambda desk: send(desk.session, item_id, to=to, by=ISSUER))
