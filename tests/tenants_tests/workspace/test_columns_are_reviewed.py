"""What a site says of its columns is before every reader: it is written, signed and kept too."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from hosting.directory.queries import main_site
from hosting.publishing.rendering import Page, render_path
from parts.refusals import refused
from parts.workplace import Bench, Office, bench_of
from tenants.content.columns import propose_column, propose_new_column, standing
from tenants.content.models import DRAFT, SUPERSEDED, ColumnMatter, Edition
from tenants.content.queries import edition
from tenants.pages.preview import ask
from tenants.review.models import Issue, Signature
from tenants.review.operations.discard import discard_draft
from tenants.review.operations.signing import sign, submit
from tenants.sites.models import Column
from tenants.sites.operations.growing import create_column
from tenants.sites.queries import column, column_at, columns_of
from tenants.sites.rules import ColumnFacts, ColumnProposal

FORM = {"kind": "column", "column_type": "工作动态", "page_size": "20", "place": ""}
ALL = ("first", "second", "final")


def propose(
    bench: Bench, path: str, *, place: str = "", closes: bool = False, **said: str
) -> Edition:
    """What the keeper of the columns writes of one."""
    node = column_at(bench.session, bench.site_id, path)
    proposal = ColumnProposal(replace(standing(node).facts, **said), place, closes)  # type: ignore[arg-type]  # texts alone
    return propose_column(bench.session, node.id, proposal=proposal, by=bench.actor("tenant_admin"))


def plan(bench: Bench, name: str, slug: str, parent: str | None = None) -> Edition:
    """A new column, in the keeper's hand."""
    return propose_new_column(
        bench.session,
        main_site(bench.session),
        proposal=ColumnProposal(ColumnFacts(name, slug, column_type="工作动态")),
        parent_id=column_at(bench.session, bench.site_id, parent).id if parent else None,
        by=bench.actor("tenant_admin"),
    )


def shown(office: Office, path: str) -> str:
    """What readers get at a path; "" where there is nothing."""
    with office.runtime.tenant_session(office.place.tenant_id, reading=True) as session:
        page = render_path(office.runtime, session, office.place.site_id, path, drafts=False)
    return page.body.decode() if isinstance(page, Page) else ""


def previewed(office: Office, path: str) -> str:
    """What the preview shows at a path."""
    status, body = ask(office.runtime, office.place.tenant_id, office.place.site_id, path)
    assert status == 200
    return body.decode()


def menu(page: str) -> list[str]:
    """The site's top columns as its home page links to them."""
    top = {"/zwdt/", "/tzgg/", "/zwgk/", "/rsxx/"}
    return list(dict.fromkeys(each for each in re.findall(r'href="([^"]+)"', page) if each in top))


def test_a_new_name_reaches_readers_with_the_third_signature(county: Office) -> None:
    with bench_of(county) as bench:
        wanted = bench.bring_to(propose(bench, "/tzgg/", name="公告公示"), "first", "second")

    assert "公告公示" not in shown(county, "/tzgg/")
    assert "公告公示" in previewed(county, "/tzgg/")
    with bench_of(county) as bench:
        bench.sign(edition(bench.session, wanted.id), "final")

    assert "公告公示" in shown(county, "/tzgg/")
    assert "通知公告" not in shown(county, "/")


def test_a_new_column_is_before_readers_when_it_has_been_signed(county: Office) -> None:
    with bench_of(county) as bench:
        planned = bench.bring_to(plan(bench, "人事信息", "rsxx"), "first", "second")

    assert shown(county, "/rsxx/") == ""
    assert "人事信息" not in shown(county, "/")
    assert "人事信息" in previewed(county, "/rsxx/")
    with bench_of(county) as bench:
        bench.sign(edition(bench.session, planned.id), "final")

    assert "人事信息" in shown(county, "/rsxx/")
    assert "/rsxx/" in menu(shown(county, "/"))


def test_a_columns_place_is_signed_too(county: Office) -> None:
    assert menu(shown(county, "/"))[:2] == ["/zwdt/", "/tzgg/"]

    with bench_of(county) as bench:
        wanted = bench.bring_to(propose(bench, "/tzgg/", place="first"), "first", "second")

    assert menu(shown(county, "/"))[:2] == ["/zwdt/", "/tzgg/"]
    assert menu(previewed(county, "/"))[:2] == ["/tzgg/", "/zwdt/"]
    with bench_of(county) as bench:
        bench.sign(edition(bench.session, wanted.id), "final")
    assert menu(shown(county, "/"))[:2] == ["/tzgg/", "/zwdt/"]


def test_a_column_stands_behind_the_one_that_was_signed(county: Office) -> None:
    with bench_of(county) as bench:
        last = column_at(bench.session, bench.site_id, "/zwgk/")
        bench.publish(propose(bench, "/zwdt/", place=str(last.id)))
        order = [e.path for e in columns_of(bench.session, bench.site_id) if e.depth == 1]

    assert order == ["/tzgg/", "/zwgk/", "/zwdt/", "/llz/"]


def test_a_closing_takes_three_signatures_and_frees_the_path(county: Office) -> None:
    with bench_of(county) as bench:
        wanted = bench.bring_to(propose(bench, "/zwdt/bmdt/", closes=True), "first", "second")

    assert "部门动态" in shown(county, "/zwdt/bmdt/")
    with bench_of(county) as bench:
        bench.sign(edition(bench.session, wanted.id), "final")

    assert shown(county, "/zwdt/bmdt/") == ""
    assert "部门动态" not in shown(county, "/zwdt/")
    with bench_of(county) as bench:
        bench.publish(plan(bench, "部门要闻", "bmdt", "/zwdt/"))
    assert "部门要闻" in shown(county, "/zwdt/bmdt/")


def test_a_column_in_use_is_not_closed_even_when_all_have_signed(county: Office) -> None:
    with bench_of(county) as bench:
        wanted = bench.bring_to(propose(bench, "/tzgg/", closes=True), "first", "second")
        bench.write("刚写的公告", "/tzgg/")

        with refused("column_in_use"):
            bench.sign(wanted, "final")
        bench.session.rollback()

    assert "通知公告" in shown(county, "/tzgg/")


def test_nobody_signs_what_they_wrote_nor_twice(county: Office) -> None:
    keeper = replace(county.actors["tenant_admin"], roles=frozenset({"tenant_admin", "issuer"}))
    with bench_of(county) as bench:
        wanted = bench.bring_to(propose(bench, "/tzgg/", name="公告公示"), "first", "second")

        with refused("own_work"):
            sign(
                bench.session,
                wanted.id,
                stage="final",
                decision="approve",
                digest=wanted.digest,
                by=keeper,
            )


def test_a_change_after_a_signature_sends_the_column_back(county: Office) -> None:
    with bench_of(county) as bench:
        bench.bring_to(propose(bench, "/tzgg/", name="公告公示"), "first", "second")
        again = propose(bench, "/tzgg/", name="公示公告")

        assert again.state == DRAFT
        signatures = bench.session.scalars(
            select(Signature).where(Signature.edition_id == again.id)
        ).all()
        assert signatures == []
        with refused("wrong_stage"):
            bench.sign(again, "final")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"description": "另一个说明"}, id="description"),
        pytest.param({"place": "first"}, id="place"),
        pytest.param({"closes": True}, id="closing"),
        pytest.param({"slug": "gggs"}, id="path"),
    ],
)
def test_the_digest_covers_all_that_readers_see_of_a_column(
    county: Office, change: dict[str, object]
) -> None:
    with bench_of(county) as bench:
        one = propose(bench, "/tzgg/", name="公告公示")
        other = propose(bench, "/tzgg/", name="公告公示", **change)  # type: ignore[arg-type]  # as given

        assert one.digest != other.digest


def test_a_columns_change_takes_the_next_number_of_the_register(county: Office) -> None:
    with bench_of(county) as bench:
        bench.publish(bench.write("公告"))
        changed = bench.publish(propose(bench, "/tzgg/", name="公告公示"))
        issues = bench.session.scalars(select(Issue).order_by(Issue.number)).all()

    assert [each.number for each in issues] == [1, 2]
    assert issues[1].digest == changed.digest


def test_words_altered_behind_the_platforms_back_are_not_shown(county: Office) -> None:
    with bench_of(county) as bench:
        bench.publish(propose(bench, "/tzgg/", name="公告公示"))
    with bench_of(county) as bench:
        bench.session.execute(
            update(Column).where(Column.path == "/tzgg/").values(name="被篡改的栏目")
        )

    assert "公告公示" in shown(county, "/tzgg/")
    assert "被篡改的栏目" not in shown(county, "/")


def test_an_edition_altered_after_its_signatures_is_not_carried_out(county: Office) -> None:
    with bench_of(county) as bench:
        wanted = bench.bring_to(propose(bench, "/tzgg/", name="公告公示"), "first", "second")
        bench.session.execute(
            update(Edition).where(Edition.id == wanted.id).values(title="被篡改的栏目")
        )
        bench.session.expire_all()

        with refused("not_issuable"):
            bench.sign(edition(bench.session, wanted.id), "final")
        bench.session.rollback()

    assert "被篡改的栏目" not in shown(county, "/tzgg/")


def test_an_item_waits_for_its_column(county: Office) -> None:
    with bench_of(county) as bench:
        planned = plan(bench, "人事信息", "rsxx")
        bench.columns = {each.path: each for each in columns_of(bench.session, bench.site_id)}
        item = bench.bring_to(bench.write("任免通知", "/rsxx/"), "first", "second")

        with refused("column_not_open"), bench.session.begin_nested():
            bench.sign(item, "final")
        bench.publish(planned)
        bench.sign(edition(bench.session, item.id), "final")

    assert "任免通知" in shown(county, "/rsxx/")


def test_a_column_waits_for_the_one_above(county: Office) -> None:
    with bench_of(county) as bench:
        above = plan(bench, "人事信息", "rsxx")
        below = bench.bring_to(plan(bench, "任免", "rm", "/rsxx/"), "first", "second")

        with refused("parent_not_open"), bench.session.begin_nested():
            bench.sign(below, "final")
        bench.publish(above)
        bench.sign(edition(bench.session, below.id), "final")

    assert "任免" in shown(county, "/rsxx/rm/")


def test_what_somebody_took_meanwhile_is_said_at_the_signature(county: Office) -> None:
    with bench_of(county) as bench:
        wanted = bench.bring_to(propose(bench, "/tzgg/", slug="gggs"), "first", "second")
        site = main_site(bench.session)
        facts = ColumnFacts("公告公示", "gggs")
        create_column(
            bench.session, site, facts=facts, parent_id=None, by=bench.actor("tenant_admin")
        )

        with refused("wrong_column"):
            bench.sign(wanted, "final")


def test_only_who_keeps_the_columns_hands_them_in(county: Office) -> None:
    with bench_of(county) as bench:
        wanted = propose(bench, "/tzgg/", name="公告公示")

        with refused("role_missing"):
            submit(bench.session, wanted.id, digest=wanted.digest, by=bench.actor("editor"))


def test_a_planned_column_that_is_given_up_leaves_nothing(county: Office) -> None:
    with bench_of(county) as bench:
        planned = plan(bench, "人事信息", "rsxx")
        discard_draft(
            bench.session,
            planned.item_id,
            expected_digest=planned.digest,
            by=bench.actor("tenant_admin"),
        )

    with bench_of(county) as bench:
        assert bench.session.scalars(select(ColumnMatter)).all() == []
        assert "/rsxx/" not in {each.path for each in bench.session.scalars(select(Column))}


def test_a_planned_column_that_was_sent_back_is_given_up_and_kept_on_record(county: Office) -> None:
    with bench_of(county) as bench:
        planned = bench.hand_in(plan(bench, "人事信息", "rsxx"))
        bench.sign(planned, "first", "return", "与现有栏目重复")
        discard_draft(
            bench.session,
            planned.item_id,
            expected_digest=planned.digest,
            by=bench.actor("tenant_admin"),
        )

    with bench_of(county) as bench:
        kept = edition(bench.session, planned.id)
        assert (kept.title, kept.state) == ("人事信息", SUPERSEDED)
        assert column(bench.session, kept.column_id).state == "closed"
        plan(bench, "人事信息", "rsxx")


def test_an_item_that_was_sent_back_is_given_up_and_kept_on_record(county: Office) -> None:
    with bench_of(county) as bench:
        draft = bench.hand_in(bench.write("公告"))
        bench.sign(draft, "first", "return", "内容重复")
    editor = county.browser("editor")
    item = county.path(f"items/{draft.item_id}/")

    asked = editor.get(f"{item}deletion").text
    gone = editor.post(f"{item}deletion", on=f"{item}deletion", digest=draft.digest)

    assert "留存备查" in asked
    assert gone.status_code == 303
    page = editor.get(item).text
    assert "已作废" in page
    assert "内容重复" in page


def test_a_keeper_writes_hands_in_and_follows_a_change(county: Office) -> None:
    with bench_of(county) as bench:
        node = bench.columns["/tzgg/"]
        node.update_class = "notices"
    keeper = county.browser("tenant_admin")
    edit = county.path(f"columns/{node.id}/")

    page = keeper.get(edit).text
    saved = keeper.post(edit, on=edit, name="公告公示", slug="tzgg", update_days="30", **FORM)
    digest = re.search(r'name="digest"[^>]*value="([^"]+)"', keeper.get(edit).text)
    assert digest is not None
    handed_in = keeper.post(
        edit,
        on=edit,
        name="公告公示",
        slug="tzgg",
        update_days="30",
        digest=digest[1],
        next="submit",
        **FORM,
    )

    assert 'value="通知公告"' in page
    assert saved.status_code == handed_in.status_code == 303
    assert "待初审" in keeper.get(county.path("columns/")).text
    with bench_of(county) as bench:
        wanted = bench.session.scalars(select(Edition)).one()
        for stage in ALL:
            if stage == "first":
                bench.clear(wanted)
            bench.sign(wanted, stage)
        changed = column_at(bench.session, bench.site_id, "/tzgg/")
        assert (changed.name, changed.update_days) == ("公告公示", 30)
        assert changed.update_class == "notices", "what the form doesn't ask stays"


def test_a_reviewer_sees_what_would_change_and_signs_it(county: Office) -> None:
    with bench_of(county) as bench:
        wanted = bench.hand_in(propose(bench, "/tzgg/", name="公告公示", slug="gggs"))
    reviewer = county.browser("first_reviewer")
    page = county.path(f"reviews/{wanted.id}/")

    queue = reviewer.get(county.path("reviews/")).text
    shown_before = reviewer.get(page).text
    signed = reviewer.post(
        county.path(f"reviews/{wanted.id}/first-review"),
        on=page,
        decision="approve",
        digest=wanted.digest,
        opinion="",
    )

    assert "栏目“公告公示”" in queue
    assert "<del>" in shown_before
    assert "通知公告" in shown_before
    assert "gggs" in shown_before
    assert signed.status_code == 303
    assert signed.headers["Location"].endswith(page)
    assert reviewer.get(page).status_code == 200


def test_two_keepers_do_not_overwrite_each_other(county: Office) -> None:
    with bench_of(county) as bench:
        node = bench.columns["/tzgg/"]
    keeper = county.browser("tenant_admin")
    edit = county.path(f"columns/{node.id}/")
    keeper.get(edit)
    keeper.post(edit, on=edit, name="公告公示", slug="tzgg", digest="", **FORM)

    late = keeper.post(edit, on=edit, name="公示公告", slug="tzgg", digest="", **FORM)

    assert late.status_code == 409
    assert "他人刚刚保存" in late.text
    with bench_of(county) as bench:
        assert bench.session.scalars(select(Edition.title)).all() == ["公告公示"]


def test_a_closing_is_handed_in_from_its_confirmation(county: Office) -> None:
    with bench_of(county) as bench:
        bench.write("公告", "/tzgg/")
        used, empty = bench.columns["/tzgg/"].id, bench.columns["/zwdt/bmdt/"].id
    keeper = county.browser("tenant_admin")
    used_page, empty_page = (county.path(f"columns/{each}/closing") for each in (used, empty))

    in_use = keeper.post(used_page, on=used_page)
    handed_in = keeper.post(empty_page, on=empty_page)

    assert in_use.status_code == 409
    assert "下还有稿件或栏目" in in_use.text
    assert handed_in.status_code == 303
    assert "关闭待初审" in keeper.get(county.path("columns/")).text
    with bench_of(county) as bench:
        assert "/zwdt/bmdt/" in {e.path for e in columns_of(bench.session, bench.site_id)}


def test_a_change_is_given_up_from_its_confirmation(county: Office) -> None:
    with bench_of(county) as bench:
        wanted = propose(bench, "/tzgg/", name="公告公示")
    keeper = county.browser("tenant_admin")
    page = county.path(f"columns/{wanted.column_id}/discarding")

    asked = keeper.get(page).text
    given_up = keeper.post(page, on=page, digest=wanted.digest)

    assert "网上的栏目不受影响" in asked
    assert given_up.status_code == 303
    assert 'value="通知公告"' in keeper.get(county.path(f"columns/{wanted.column_id}/")).text
