"""The one function that makes public asks for the acceptance as it asks for signatures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hosting.runtime.errors import Conflict
from parts.office import Desk
from parts.reposting import ACCEPTER, PROPOSER, TwoSites
from tenants.content.models import Edition
from tenants.review.models import BY_REPOST, ENDED, PROPOSED, RepostAcceptance
from tenants.review.operations.accepting import (
    AcceptanceFacts,
    issue_acceptance,
    propose_acceptance,
)
from tenants.review.operations.issue import Ground, make_public

DIGEST = "sha256:" + "0" * 64


def accepted(sites: TwoSites, desk: Desk) -> RepostAcceptance:
    facts = AcceptanceFacts(sites.origin.tenant_id, desk.columns[1].id)
    made = propose_acceptance(desk.session, facts=facts, by=PROPOSER)
    return issue_acceptance(desk.session, made.id, digest=made.digest, by=ACCEPTER)


def ground_of(rule: RepostAcceptance, edition: Edition) -> Ground:
    lines = {edition.id: (0, edition.digest)}
    return Ground(BY_REPOST, lines=lines, acceptance=rule, origin_digest=DIGEST)


def why_refused(
    sites: TwoSites, spoil: Callable[[RepostAcceptance, Ground], Ground], column: int = 1
) -> str:
    def try_it(desk: Desk) -> str:
        rule = accepted(sites, desk)
        edition = desk.write("转载", column_id=desk.columns[column].id)
        ground = spoil(rule, ground_of(rule, edition))
        with pytest.raises(Conflict) as refused:
            make_public(desk.session, [edition], ground=ground, by=ACCEPTER)
        return str(refused.value.facts["why"])

    return sites.at(sites.receiver, try_it)


def as_it_is(_rule: RepostAcceptance, ground: Ground) -> Ground:
    return ground


def ended(rule: RepostAcceptance, ground: Ground) -> Ground:
    rule.state = ENDED
    return ground


def only_proposed(rule: RepostAcceptance, ground: Ground) -> Ground:
    rule.state = PROPOSED
    return ground


def signed_by_one(rule: RepostAcceptance, ground: Ground) -> Ground:
    rule.issued_by = rule.proposed_by
    return ground


def widened(rule: RepostAcceptance, ground: Ground) -> Ground:
    rule.origin_tenant_id = 7
    return ground


def without_origin(_rule: RepostAcceptance, ground: Ground) -> Ground:
    return replace(ground, origin_digest="")


def of_another_text(_rule: RepostAcceptance, ground: Ground) -> Ground:
    return replace(ground, lines=dict.fromkeys(ground.lines, (0, DIGEST)))


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (ended, "not_accepted"),
        (only_proposed, "not_accepted"),
        (signed_by_one, "not_accepted"),
        (without_origin, "not_accepted"),
        (widened, "acceptance_altered"),
        (of_another_text, "not_as_taken"),
    ],
)
def test_without_an_acceptance_as_it_was_signed_nothing_is_public(
    embedded: TwoSites, spoil: Callable[[RepostAcceptance, Ground], Ground], why: str
) -> None:
    assert why_refused(embedded, spoil) == why


def test_what_stands_elsewhere_than_accepted_is_not_public(embedded: TwoSites) -> None:
    assert why_refused(embedded, as_it_is, column=0) == "elsewhere_than_accepted"


def test_an_acceptance_is_signed_as_it_was_seen(embedded: TwoSites) -> None:
    def sign(desk: Desk) -> None:
        facts = AcceptanceFacts(embedded.origin.tenant_id, desk.columns[1].id)
        made = propose_acceptance(desk.session, facts=facts, by=PROPOSER)
        issue_acceptance(desk.session, made.id, digest=DIGEST, by=ACCEPTER)

    with pytest.raises(Conflict) as refused:
        embedded.at(embedded.receiver, sign)
    assert refused.value.code == "changed_since_seen"
