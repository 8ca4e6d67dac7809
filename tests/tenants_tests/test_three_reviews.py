"""Nothing becomes public without three people's signatures and the secrecy review."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hosting.publishing.rendering import render_path
from hosting.runtime.clock import now, today
from hosting.runtime.runtime import Runtime
from parts.office import EDITOR, FIRST, ISSUER, SECOND, office
from parts.platform import Place
from parts.refusals import refused
from tenants.content.models import DRAFT, PUBLISHED, SCHEDULED
from tenants.content.operations import save_draft
from tenants.content.queries import content_of, edition, item
from tenants.pages.families.items import NotWhatWasSigned
from tenants.review.models import BY_ORDER, Issue
from tenants.review.operations.issue import Ground, make_public
from tenants.review.operations.scheduled import issue_scheduled
from tenants.review.operations.signing import issue_urgently, sign, submit
from tenants.review.operations.withdraw import withdraw


def test_three_people_and_the_secrecy_review_make_an_item_public(
    each_runtime: Runtime, river: Place
) -> None:
    with office(each_runtime, river) as desk:
        written = desk.write("关于印发防汛预案的通知")
        desk.pass_all(written)

        issue = desk.session.scalars(select(Issue)).one()

        assert edition(desk.session, written.id).state == PUBLISHED
        assert (issue.edition_id, issue.digest, issue.number) == (written.id, written.digest, 1)
        assert item(desk.session, written.item_id).live_edition_id == written.id


def test_the_author_cannot_review_their_own_work(runtime: Runtime, river: Place) -> None:
    with office(runtime, river) as desk:
        written = desk.write("通知")
        submit(desk.session, written.id, digest=written.digest, by=EDITOR)
        author = replace(EDITOR, roles=frozenset({"first_reviewer"}))

        with refused("own_work"):
            desk.sign(written, "first", author)


def test_one_person_cannot_sign_two_stages(runtime: Runtime, river: Place) -> None:
    with office(runtime, river) as desk:
        written = desk.write("通知")
        submit(desk.session, written.id, digest=written.digest, by=EDITOR)
        desk.sign(written, "first", FIRST)
        twice = replace(FIRST, roles=frozenset({"first_reviewer", "second_reviewer"}))

        with refused("signed_already"):
            desk.sign(written, "second", twice)


def test_nothing_is_issued_without_the_secrecy_review(runtime: Runtime, river: Place) -> None:
    with office(runtime, river) as desk:
        written = desk.write("通知")
        submit(desk.session, written.id, digest=written.digest, by=EDITOR)
        desk.sign(written, "first", FIRST)
        desk.sign(written, "second", SECOND)

        with refused("secrecy_review_missing"):
            desk.sign(written, "final", ISSUER)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "另一个标题"},
        {"body_html": "<p>改过的正文</p>"},
        {"publish_at": now() + timedelta(days=1)},
        {"withdraw_at": now() + timedelta(days=9)},
        {"valid_until": today() + timedelta(days=9)},
        {"extra_column_ids": "other"},
        {"attachments": "one"},
    ],
    ids=["title", "text", "schedule", "withdrawal", "validity", "columns", "attachments"],
)
def test_an_edit_after_a_signature_sends_the_item_back(
    runtime: Runtime, river: Place, change: dict[str, object]
) -> None:
    with office(runtime, river) as desk:
        written = desk.write("通知")
        submit(desk.session, written.id, digest=written.digest, by=EDITOR)
        desk.sign(written, "first", FIRST)

        saved = save_draft(
            desk.session,
            written.item_id,
            facts=replace(desk.facts("通知"), **desk.resolve(change)),
            expected_digest=written.digest,
            by=EDITOR,
        )

        assert saved.state == DRAFT
        assert saved.digest != written.digest
        with refused("wrong_stage"):
            desk.sign(saved, "second", SECOND)


def test_a_scheduled_item_goes_out_when_its_time_has_come_and_not_before(
    runtime: Runtime, river: Place
) -> None:
    with office(runtime, river) as desk:
        written = desk.write("通知", publish_at=now() + timedelta(hours=1))
        desk.pass_all(written)
        assert edition(desk.session, written.id).state == SCHEDULED

        issue_scheduled(desk.session, written.id, by=ISSUER)

        assert edition(desk.session, written.id).state == SCHEDULED


def test_a_scheduled_item_without_signatures_stays_private(runtime: Runtime, river: Place) -> None:
    with office(runtime, river) as desk:
        written = desk.write("通知", publish_at=now() - timedelta(hours=1))
        written.state = SCHEDULED  # as if somebody had set the flag behind the platform's back

        with refused("not_issuable"):
            issue_scheduled(desk.session, written.id, by=ISSUER)


def test_a_row_altered_behind_the_platforms_back_is_not_published(
    runtime: Runtime, river: Place
) -> None:
    with office(runtime, river) as desk:
        written = desk.write("通知")
        desk.pass_all(written, stages=("first", "second"))
        written.body_html = "<p>夹带的内容</p>"
        desk.session.flush()

        with refused("not_issuable"):
            desk.sign(written, "final", ISSUER)


def test_a_digest_changed_with_its_text_behind_the_platforms_back_has_no_signatures(
    runtime: Runtime, river: Place
) -> None:
    with office(runtime, river) as desk:
        written = desk.write("通知")
        desk.pass_all(written, stages=("first", "second"))
        written.body_html = "<p>夹带的内容</p>"
        written.digest = content_of(desk.session, written.id).digest()
        desk.session.flush()

        with refused("unsigned_first"):
            desk.sign(written, "final", ISSUER)


def test_what_a_later_edition_replaced_is_not_signed_any_more(
    runtime: Runtime, river: Place
) -> None:
    with office(runtime, river) as desk:
        replaced = desk.write("通知")
        desk.pass_all(replaced, stages=("first", "second"))
        save_draft(
            desk.session,
            replaced.item_id,
            facts=desk.facts("通知", body_html="<p>改过的正文</p>"),
            expected_digest=None,
            by=EDITOR,
        )

        with refused("wrong_stage"):
            desk.sign(replaced, "final", ISSUER)


def test_an_order_makes_nothing_public_that_it_does_not_name(
    runtime: Runtime, river: Place
) -> None:
    with office(runtime, river) as desk:
        named, other = desk.write("列入的"), desk.write("未列入的")
        ground = Ground(BY_ORDER, order_id=1, lines={named.id: (1, named.digest)})

        with refused("not_issuable"):
            make_public(desk.session, [other], ground=ground, by=ISSUER)


def test_a_live_page_altered_behind_the_platforms_back_is_not_rendered_again(
    runtime: Runtime, river: Place
) -> None:
    with office(runtime, river) as desk:
        written = desk.write("通知")
        desk.pass_all(written)
        path = item(desk.session, written.item_id).path
        written.body_html = "<p>夹带的内容</p>"
        written.digest = content_of(desk.session, written.id).digest()

    with (
        runtime.tenant_session(river.tenant_id, reading=True) as session,
        pytest.raises(NotWhatWasSigned),
    ):
        render_path(runtime, session, river.site_id, path, drafts=False)


def test_what_was_seen_is_what_is_signed(runtime: Runtime, river: Place) -> None:
    with office(runtime, river) as desk:
        written = desk.write("通知")
        submit(desk.session, written.id, digest=written.digest, by=EDITOR)

        with refused("changed_since_seen"):
            sign(
                desk.session,
                written.id,
                stage="first",
                decision="approve",
                digest="sha256:another",
                by=FIRST,
            )


def test_the_live_edition_stays_public_while_a_new_one_is_written(
    runtime: Runtime, river: Place
) -> None:
    with office(runtime, river) as desk:
        live = desk.write("通知")
        desk.pass_all(live)

        new = save_draft(
            desk.session,
            live.item_id,
            facts=desk.facts("通知（修订）"),
            expected_digest=live.digest,
            by=EDITOR,
        )
        held = item(desk.session, live.item_id)
        assert (held.live_edition_id, held.draft_edition_id) == (live.id, new.id)

        desk.pass_all(new)
        assert held.live_edition_id == new.id
        assert edition(desk.session, live.id).state == "superseded"


def test_an_urgent_issue_demands_its_reviews_afterwards(runtime: Runtime, river: Place) -> None:
    with office(runtime, river) as desk:
        written = desk.write("紧急通知")
        desk.clear(written)
        issue = issue_urgently(
            desk.session, written.id, digest=written.digest, reason="汛情紧急", by=ISSUER
        )
        assert issue.review_due_at is not None

        desk.sign(written, "first", FIRST)
        assert issue.review_due_at is not None
        desk.sign(written, "second", SECOND)

        assert issue.review_due_at is None


def test_a_withdrawn_item_needs_all_signatures_again(runtime: Runtime, river: Place) -> None:
    with office(runtime, river) as desk:
        written = desk.write("通知")
        desk.pass_all(written)

        withdraw(desk.session, written.item_id, reason="内容有误", by=ISSUER)

        held = item(desk.session, written.item_id)
        assert held.live_edition_id is None
        again = save_draft(
            desk.session,
            written.item_id,
            facts=desk.facts("更正后的通知"),
            expected_digest=None,
            by=EDITOR,
        )
        assert again.state == DRAFT


def test_a_return_needs_an_opinion_and_makes_it_a_draft_again(
    runtime: Runtime, river: Place
) -> None:
    with office(runtime, river) as desk:
        written = desk.write("通知")
        submit(desk.session, written.id, digest=written.digest, by=EDITOR)

        returned = sign(
            desk.session,
            written.id,
            stage="first",
            decision="return",
            digest=written.digest,
            opinion="文号有误",
            by=FIRST,
        )

        assert returned.state == DRAFT
