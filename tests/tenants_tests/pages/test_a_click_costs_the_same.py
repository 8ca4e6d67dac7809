"""What a click costs does not grow with its site: steps of the database are counted, not timed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select

from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from parts.long_column import show_long_column
from parts.office import ISSUER, Desk, office
from parts.platform import Place
from tenants.content.models import Edition, Item
from tenants.review.operations.withdraw import withdraw

FEW, MANY = 150, 3_000
# One reading of all of the site's items takes a dozen steps for each of them.
SLACK = MANY
_STRIDE = 5

Act = Callable[[Desk], Any]


@contextmanager
def counted_steps(runtime: Runtime) -> Iterator[Counter[str]]:
    """Instructions of SQLite's machine while the block lasts, by statement, in strides of five."""
    steps: Counter[str] = Counter()

    def count(statement: str) -> int:
        steps[statement] += _STRIDE
        return 0

    def begin(connection: Any, _cursor: object, statement: str, *_: object) -> None:
        file = connection.connection.driver_connection
        file.set_progress_handler(lambda: count(statement), _STRIDE)

    event.listen(runtime.database.engine, "before_cursor_execute", begin)
    try:
        yield steps
    finally:
        event.remove(runtime.database.engine, "before_cursor_execute", begin)


def steps_of_clicks(runtime: Runtime, place: Place, items: int) -> dict[str, Counter[str]]:
    """What is done to one item of a column of so many, each until readers have it."""
    show_long_column(runtime, place, items)
    acts: dict[str, Act] = {"issue": _issue, "correct": _correct, "withdraw": _withdraw}
    return {name: _steps_of(runtime, place, act) for name, act in acts.items()}


def _steps_of(runtime: Runtime, place: Place, act: Act) -> Counter[str]:
    with counted_steps(runtime) as steps:
        with office(runtime, place) as desk:
            act(desk)
        drain(runtime, seconds=60)
    return steps


def _issue(desk: Desk) -> None:
    desk.pass_all(desk.write("防汛通知"))


def _newest(desk: Desk) -> Edition:
    newest = select(func.max(Item.id)).where(Item.live_edition_id.is_not(None)).scalar_subquery()
    return desk.session.scalars(
        select(Edition).join(Item, Item.live_edition_id == Edition.id).where(Item.id == newest)
    ).one()


def _correct(desk: Desk) -> None:
    desk.pass_all(desk.change(_newest(desk), body_html="<p>更正后的正文。</p>"))


def _withdraw(desk: Desk) -> None:
    withdraw(desk.session, _newest(desk).item_id, reason="内容有误", by=ISSUER)


@pytest.fixture
def clicks(
    runtime: Runtime, river: Place, hill: Place
) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    """The same clicks on a small site, and then on a large one."""
    return steps_of_clicks(runtime, river, FEW), steps_of_clicks(runtime, hill, MANY)


def test_no_statement_of_a_click_takes_more_steps_on_a_larger_site(
    clicks: tuple[dict[str, Counter[str]], dict[str, Counter[str]]],
) -> None:
    small, large = clicks
    grown = [
        f"{act}: {small[act][statement]} steps, then {count}: {statement}"
        for act, steps in large.items()
        for statement, count in steps.items()
        if count > small[act][statement] + SLACK
    ]

    assert not grown, "\n".join(grown)
