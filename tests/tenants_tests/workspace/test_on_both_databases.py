"""What the pages read, on either database, with the rights of the tenant's own role."""

from __future__ import annotations

import pytest

from hosting.console.application import create_console
from hosting.runtime.runtime import Runtime
from parts.county_work import fill
from parts.platform import HILL, RIVER
from parts.workplace import Office, bench_of, grow_columns, staff
from tenants.content.models import Edition
from tenants.content.queries import SORTS, ItemFilter, item_count
from tenants.content.rules import reach_of
from tenants.workspace.queries.desk import desk, queue_at
from tenants.workspace.queries.items import item_list, item_state, versions
from tenants.workspace.queries.library import known_file
from tenants.workspace.queries.reviewing import under_review


@pytest.fixture
def work(each_runtime: Runtime) -> tuple[Office, dict[str, Edition]]:
    """The county with work in every state; the department with nothing but columns."""
    app = create_console(each_runtime)
    offices = [
        Office(each_runtime, app, place, staff(each_runtime, place)) for place in (RIVER, HILL)
    ]
    for office in offices:
        with each_runtime.tenant_session(office.place.tenant_id) as session:
            grow_columns(session, office.actors["tenant_admin"])
    with bench_of(offices[0]) as bench:
        return offices[0], fill(bench)


@pytest.mark.parametrize("role", ["contributor", "editor", "first_reviewer", "issuer"])
def test_a_desk_holds_what_waits(work: tuple[Office, dict[str, Edition]], role: str) -> None:
    office, made = work
    with office.runtime.tenant_session(RIVER.tenant_id, reading=True) as session:
        shown = desk(session, office.actors[role])
        waiting = {each.stage: each.total for each in shown.queues}

        assert waiting == {"first_reviewer": {"first": 2}, "issuer": {"final": 1}}.get(role, {})
        assert [each.edition.id for each in shown.returned] == (
            [made["returned"].id] if role == "editor" else []
        )
        if role != "contributor":
            named = ("banner", "grey", "first", "scheduled", "scheduled")
            assert [each.edition.id for each in shown.planned] == [made[each].id for each in named]
            assert [each.due.act for each in shown.planned] == [
                "withdraw",
                "withdraw",
                "issue",
                "issue",
                "withdraw",
            ]
            assert shown.planned_count == len(shown.planned)


@pytest.mark.parametrize("sort", SORTS)
def test_lists_are_sorted_and_counted(work: tuple[Office, dict[str, Edition]], sort: str) -> None:
    office, _ = work
    actor = office.actors["editor"]
    with office.runtime.tenant_session(RIVER.tenant_id, reading=True) as session:
        narrowed = ItemFilter(words="清河县", reach=reach_of(session, actor))
        found = item_list(session, narrowed, offset=0, limit=50, sort=sort, descending=True)

        assert len(found.rows) == item_count(session, narrowed) > 5
        assert set(found.names.values()) == {"李晓芸"}


def test_an_item_a_review_a_file_and_versions_are_read(
    work: tuple[Office, dict[str, Edition]],
) -> None:
    office, made = work
    actor = office.actors["issuer"]
    with office.runtime.tenant_session(RIVER.tenant_id, reading=True) as session:
        state = item_state(session, made["live"].item_id, actor)
        review = under_review(session, made["final"].id, actor)
        compared = versions(session, made["live"].item_id, actor, before=None, after=None)
        queue = queue_at(session, "first", actor)
        (attachment,) = review.content.attachments
        file = known_file(session, attachment[1].id, actor)

        assert [step.kind for step in state.steps][-2:] == ["submitted", "written"]
        assert state.issues[0].number == 1
        assert review.stages == ["final"]
        assert list(review.writers.values()) == ["李晓芸"]
        assert compared.before is not None
        assert queue.stage == "final"
        assert [each.id for _, each in file.uses] == [made["final"].id]
