"""One notice carried by 1,000 tenants that have accepted it, until readers find it in all of them.

The alternative is what a city does without it: the same notice imported and made public tenant by
tenant, by the import's command, here for a few of them and told a tenant.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from sqlalchemy import func, select

from bench.importing import carry_out, prepared
from bench.signing import signed_twice
from bench.stage import EDITOR, ISSUER, Stage, host_of, stage, timed
from hosting.directory.models import Tenant
from hosting.directory.queries import main_site
from hosting.runtime.jobs import BULK, PERSON, outstanding
from tenants.reposts.models import SHOWN, SentRepost
from tenants.review.operations.accepting import (
    AcceptanceFacts,
    issue_acceptance,
    propose_acceptance,
)
from tenants.review.operations.signing import sign
from tenants.review.operations.withdraw import withdraw
from tenants.sites.queries import columns_of

_TENANTS, _ONE_BY_ONE = 1_000, 10
_SECONDS = 3_600


def run() -> Iterator[str]:
    """Seconds until it is public everywhere, until it is gone everywhere, and the ratio."""
    yield from measured(_TENANTS)


def measured(tenants: int) -> Iterator[str]:
    """The same at so many tenants."""
    with stage() as platform:
        origin_id = platform.open("origin", "portal")
        codes = [f"t{number}" for number in range(tenants)]
        for code in codes:
            _accept(platform, platform.open(code), origin_id)
        _rest(platform)
        edition_id, digest, path = signed_twice(platform, origin_id, 1)
        began = time.perf_counter()
        item_id = _issue(platform, origin_id, edition_id, digest)
        copies = _carried(platform, origin_id, item_id, tenants)
        for host, copy in copies:
            platform.wait(host, copy, seconds=_SECONDS)
        carried = time.perf_counter() - began
        yield f"public in {tenants} tenants: {carried:.1f} s (asked: 60 s for 1,000)"
        yield f"a tenant: {carried / tenants * 1000:.1f} ms"
        _rest(platform)
        began = time.perf_counter()
        with platform.runtime.tenant_session(origin_id) as session:
            withdraw(session, item_id, reason="内容有误", by=ISSUER)
        for host, copy in [(host_of("origin"), path), *copies]:
            _wait_gone(platform, host, copy)
        gone = time.perf_counter() - began
        yield f"withdrawn from {tenants} tenants: {gone:.1f} s (asked: 60 s for 1,000)"
        _rest(platform)
        single = _one_by_one(platform, codes[:_ONE_BY_ONE])
        yield f"imported tenant by tenant: {single * 1000:.0f} ms a tenant"
        yield f"ratio tenant by tenant : reposted = {single / (carried / tenants):.1f}"


def _accept(platform: Stage, tenant_id: int, origin_id: int) -> None:
    with platform.runtime.tenant_session(tenant_id) as session:
        columns = columns_of(session, main_site(session).id)
        notices = next(each for each in columns if each.name == "通知公告")
        facts = AcceptanceFacts(origin_id, notices.id)
        made = propose_acceptance(session, facts=facts, by=EDITOR)
        issue_acceptance(session, made.id, digest=made.digest, by=ISSUER)


def _rest(platform: Stage) -> None:
    """Wait until nothing is left to do for people or in bulk."""
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        with platform.runtime.platform_session(reason="benchmark", reading=True) as session:
            if not any(outstanding(session, (PERSON, BULK))):
                return
        time.sleep(0.5)
    raise TimeoutError


def _issue(platform: Stage, tenant_id: int, edition_id: int, digest: str) -> int:
    with platform.runtime.tenant_session(tenant_id) as session:
        facts = {"stage": "final", "decision": "approve", "digest": digest}
        return sign(session, edition_id, **facts, by=ISSUER).item_id


def _carried(platform: Stage, origin_id: int, item_id: int, tenants: int) -> list[tuple[str, str]]:
    """Host and path of each copy, once all have told that they are public."""
    rows = select(SentRepost).where(SentRepost.item_id == item_id, SentRepost.state == SHOWN)
    count = select(func.count()).select_from(rows.subquery())
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        with platform.runtime.tenant_session(origin_id, reading=True) as session:
            if session.scalar(count) == tenants:
                return [(each.host, each.path) for each in session.scalars(rows)]
        time.sleep(0.2)
    raise TimeoutError


def _wait_gone(platform: Stage, host: str, path: str) -> None:
    end = time.monotonic() + _SECONDS
    while platform.status(host, path) == 200:
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.02)


def _one_by_one(platform: Stage, codes: list[str]) -> float:
    """Seconds a tenant, by one command after another."""
    seconds = 0.0
    with platform.runtime.platform_session(reason="benchmark", reading=True) as session:
        ids = dict(session.execute(select(Tenant.code, Tenant.id)).tuples())
    for code in codes:
        with prepared(platform, code, ids[code], 1) as file:
            seconds += timed(lambda c=code, f=file: carry_out(platform, c, f))  # type: ignore[misc]  # bound per round
    return seconds / len(codes)
