"""The register (登记备案) of a tenant and year has no gaps, whoever issues at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from hosting.runtime.runtime import Runtime
from parts.office import ISSUER, Desk, columns_of_office, office
from parts.platform import Place
from tenants.review.models import Issue
from tenants.review.operations.signing import sign


def numbers(runtime: Runtime, place: Place) -> list[int]:
    """All numbers of a tenant, sorted."""
    with runtime.tenant_session(place.tenant_id, reading=True) as session:
        return sorted(session.scalars(select(Issue.number)))


def test_numbers_have_no_gaps_when_several_people_issue_at_once(
    each_runtime: Runtime, river: Place, hill: Place
) -> None:
    waiting: list[tuple[int, str]] = []
    with office(each_runtime, river) as desk:
        for number in range(12):
            written = desk.write(f"通知{number}")
            desk.pass_all(written, stages=("first", "second"))
            waiting.append((written.id, written.digest))

    def issue(one: tuple[int, str]) -> None:
        with each_runtime.tenant_session(river.tenant_id) as session:
            sign(session, one[0], stage="final", decision="approve", digest=one[1], by=ISSUER)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(issue, waiting))
    with office(each_runtime, hill) as desk:
        desk.pass_all(desk.write("另一单位的通知"))

    assert numbers(each_runtime, river) == list(range(1, 13))
    assert numbers(each_runtime, hill) == [1]


def test_a_number_that_was_rolled_back_is_given_to_the_next(
    each_runtime: Runtime, river: Place
) -> None:
    with each_runtime.tenant_session(river.tenant_id) as session:
        desk = Desk(session, river.site_id, columns_of_office(session))
        desk.pass_all(desk.write("作废"))
        session.rollback()
    with office(each_runtime, river) as desk:
        desk.pass_all(desk.write("通知"))

    assert numbers(each_runtime, river) == [1]
