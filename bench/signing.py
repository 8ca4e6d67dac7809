"""From the signature of 审发 to the article being readable, in a small site and in a large one."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bench.importing import fill
from bench.stage import EDITOR, FIRST, ISSUER, SECOND, Stage, host_of, spread, stage, timed
from hosting.directory.queries import main_site
from tenants.content.facts import EditionFacts
from tenants.content.operations import create_item
from tenants.review.operations.signing import record_secrecy_review, sign, submit
from tenants.sites.queries import columns_of

_SMALL, _LARGE, _ROUNDS = 100, 10_000, 20


def run() -> Iterator[str]:
    """Medians at 100 and at 10,000 items, and their ratio."""
    with stage() as platform:
        medians = []
        for code, items in (("small", _SMALL), ("large", _LARGE)):
            tenant_id = platform.open(code)
            platform.wait(host_of(code), "/")
            fill(platform, code, tenant_id, items)
            times = [publish_one(platform, code, tenant_id, number) for number in range(_ROUNDS)]
            medians.append(median(times))
            yield f"site of {items} items: {spread(times)}"
        ratio = medians[1] / medians[0]
        yield f"ratio {_LARGE} : {_SMALL} items = {ratio:.2f} (median under 0.3 s)"


def publish_one(platform: Stage, code: str, tenant_id: int, number: int) -> float:
    """Seconds from the third signature of a new item until it can be read."""
    edition_id, digest, path = signed_twice(platform, tenant_id, number)

    def issue() -> None:
        with platform.runtime.tenant_session(tenant_id) as session:
            sign(session, edition_id, stage="final", decision="approve", digest=digest, by=ISSUER)
        platform.wait(host_of(code), path)

    return timed(issue)


def signed_twice(platform: Stage, tenant_id: int, number: int) -> tuple[int, str, str]:
    """A new item that waits for its third signature: edition, digest, path."""
    with platform.runtime.tenant_session(tenant_id) as session:
        site_id = main_site(session).id
        column = next(c for c in columns_of(session, site_id) if c.name == "通知公告")
        facts = EditionFacts(f"第{number}号通知", column.id, "<p>正文。</p>")
        item, draft = create_item(session, site_id, facts=facts, by=EDITOR)
        submit(session, draft.id, digest=draft.digest, by=EDITOR)
        record_secrecy_review(
            session, draft.id, outcome="cleared", basis="测试", digest=draft.digest, by=SECOND
        )
        for stage_name, by in (("first", FIRST), ("second", SECOND)):
            sign(
                session,
                draft.id,
                stage=stage_name,
                decision="approve",
                digest=draft.digest,
                by=by,
            )
        return draft.id, draft.digest, item.path
