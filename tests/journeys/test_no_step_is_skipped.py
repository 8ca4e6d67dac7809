"""Every step of review on work in every state, by whoever may take it: in turn or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from parts.platform import RIVER
from parts.two_offices import Offices, Work, open_offices
from parts.workplace import BASIS

# (who takes it, what it is done to, what is said besides the digest that was seen)
STEPS: dict[str, tuple[str, str, dict[str, str]]] = {
    "submission": ("editor", "items", {}),
    "deletion": ("editor", "items", {}),
    "withdrawal": ("issuer", "items", {"reason": "数据有误"}),
    "receipt": ("issuer", "items", {}),
    "secrecy-review": ("first_reviewer", "reviews", {"outcome": "cleared", "basis": BASIS}),
    "first-review": ("first_reviewer", "reviews", {"decision": "approve"}),
    "second-review": ("second_reviewer", "reviews", {"decision": "approve"}),
    "final-review": ("issuer", "reviews", {"decision": "approve"}),
    "urgent-issue": ("issuer", "reviews", {"reason": "防汛应急响应"}),
    "unscheduling": ("issuer", "reviews", {"opinion": "等候会议纪要"}),
}
DRAFT = {"submission", "deletion", "secrecy-review"}
CLEARED = {"secrecy-review", "urgent-issue"}
# What may be done with each piece of the county's work (DESIGN.md 5). A secrecy review may be made
# of whatever is open, and comes before an urgent issue, after which both reviews are made good.
IN_TURN = {
    "draft": DRAFT,
    "mine": DRAFT,
    "returned": DRAFT,
    "first": {"secrecy-review", "first-review"},
    "second": CLEARED | {"second-review"},
    "final": CLEARED | {"final-review"},
    "scheduled": CLEARED | {"unscheduling"},
    "published-1": {"withdrawal"},
    "revision": CLEARED | {"second-review", "withdrawal"},
    "withdrawn": {"receipt"},
    "urgent": {"withdrawal", "first-review", "second-review"},
}


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Offices]:
    with open_offices(tmp_path_factory.mktemp("offices"), sqlite_template) as opened:
        yield opened


def take(offices: Offices, step: str, work: Work) -> int:
    """Somebody who may take this step takes it; the status of the answer."""
    who, kind, said = STEPS[step]
    browser = offices.browser(who)
    id_ = work.item_id if kind == "items" else work.edition_id
    answer = browser.client.post(
        f"/t/river/{kind}/{id_}/{step}",
        data={**said, "digest": work.digest, "csrf_token": offices.token(who)},
        base_url=browser.host,
        environ_base=browser.environ,
    )
    return answer.status_code


@pytest.mark.parametrize("state", IN_TURN)
def test_what_is_not_in_its_turn_is_refused_and_does_nothing(offices: Offices, state: str) -> None:
    before = offices.rows(RIVER)

    taken = {
        step: status
        for step in STEPS.keys() - IN_TURN[state]
        if (status := take(offices, step, offices.work[state])) < 400
    }

    assert taken == {}
    assert offices.rows(RIVER) == before


@pytest.mark.parametrize("step", STEPS)
def test_what_is_in_its_turn_is_done(step: str, tmp_path: Path, sqlite_template: Path) -> None:
    """Or the test above would prove nothing."""
    with open_offices(tmp_path, sqlite_template) as offices:
        answers = {
            state: take(offices, step, offices.work[state])
            for state, steps in IN_TURN.items()
            if step in steps
        }

    assert set(answers.values()) == {303}, answers
