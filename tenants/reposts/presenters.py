"""What is said of reposts, for commands and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hosting.runtime.language import N_, text
from hosting.runtime.session import WalledSession
from hosting.runtime.settings import Settings
from tenants.reposts.models import ASKED, DECLINED, GONE, SHOWN, WAITING
from tenants.reposts.queries import incoming, sent_of
from tenants.review.models import ENDED, ISSUED, PROPOSED, RepostAcceptance
from tenants.review.queries import acceptances
from tenants.sites.queries import column

STATES: Mapping[str, str] = {
    ASKED: N_("已送转，待处理"),
    WAITING: N_("对方待审"),
    SHOWN: N_("已转载"),
    GONE: N_("已随来源撤下"),
    DECLINED: N_("对方未采用"),
}
"""How a copy stands, as its origin is told; msgids."""

ACCEPTANCE_STATES: Mapping[str, str] = {
    PROPOSED: N_("待签发"),
    ISSUED: N_("生效中"),
    ENDED: N_("已终止"),
}
_MOST = 10_000


def told(session: WalledSession, settings: Settings, item_id: int | None) -> dict[str, Any]:
    """Where an item is carried; without one the acceptances and copies of the tenant."""
    if item_id is not None:
        return {
            "item": str(item_id),
            "reposts": [
                {
                    "tenant": tenant.code,
                    "name": tenant.name,
                    "state": row.state,
                    "url": settings.address(row.host, row.path) if row.path else "",
                }
                for row, tenant in sent_of(session, item_id, limit=_MOST)
            ],
        }
    return {
        "acceptances": [acceptance_facts(session, each) for each in acceptances(session)],
        "incoming": [
            {
                "item": str(item.id),
                "title": edition.title,
                "origin": copy.origin_name,
                "state": edition.state,
                "path": item.path,
            }
            for copy, item, edition in incoming(session, limit=_MOST)
        ],
    }


def acceptance_facts(session: WalledSession, shown: RepostAcceptance) -> dict[str, Any]:
    """An acceptance with who and when."""
    return {
        "id": str(shown.id),
        "state": shown.state,
        "origin": shown.origin_name,
        "origin_column": shown.origin_column_name,
        "column": column(session, shown.column_id).path,
        "proposed_by": shown.proposed_name,
        "issued_by": shown.issued_name,
        "issued_at": shown.issued_at.isoformat() if shown.issued_at else None,
        "ended_by": shown.ended_name,
        "end_reason": shown.end_reason,
    }


def in_words(said: Mapping[str, Any]) -> str:
    """The same for people."""
    if "reposts" in said:
        rows = said["reposts"]
        return "\n".join(f"{e['name']}  {text(STATES[e['state']])}  {e['url']}" for e in rows)
    lines = [
        f"{e['id']}  {text(ACCEPTANCE_STATES[e['state']])}  {e['origin']} {e['origin_column']} → "
        f"{e['column']}"
        for e in said["acceptances"]
    ]
    lines += [f"{e['item']}  {e['origin']}  {e['title']}" for e in said["incoming"]]
    return "\n".join(lines)
