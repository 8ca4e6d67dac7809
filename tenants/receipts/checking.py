"""Looking for what is left: all places that the areas name, asked for as readers ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import select

from hosting.directory.asking import Asker
from hosting.directory.queries import hosts_of_site
from hosting.publishing.standing import IN_LIMIT, slices
from hosting.publishing.traces import Asked, AskSites, Place, Withdrawn
from hosting.runtime.errors import Unavailable
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from tenants.content.models import Edition, Item
from tenants.content.queries import edition, item
from tenants.receipts.judging import Checked, judge, settled, unanswered
from tenants.receipts.models import WithdrawalCheck
from tenants.review.models import Withdrawal
from tenants.sites.queries import site_of

Ask = Callable[[Place], Sequence[Asked]]


def look(runtime: Runtime, tenant_id: int, check: WithdrawalCheck) -> list[Checked]:
    """Ask for every place at which readers could have met the item; in no transaction.

    Sorted by kind in the order of the areas. A place that nobody answers for says so.
    """
    with runtime.tenant_session(tenant_id, reading=True) as session:
        withdrawn = withdrawn_of(session, check)
        places = _places(runtime, session, withdrawn)
    found = [_asked(ask, place, withdrawn) for place, ask in places]
    titled = {path for each in found for path in each.titled}
    if not titled:
        return found
    with runtime.tenant_session(tenant_id, reading=True) as session:
        others = _bearing(session, withdrawn, titled)
    return [settled(each, others) for each in found]


def withdrawn_of(session: WalledSession, check: WithdrawalCheck) -> Withdrawn:
    """What a check looks for."""
    withdrawal = session.scalars(
        select(Withdrawal).where(Withdrawal.id == check.withdrawal_id)
    ).one()
    gone = item(session, check.item_id)
    hosts = hosts_of_site(session, session.tenant_id, gone.site_id)
    return Withdrawn(
        tenant_id=session.tenant_id,
        site_id=gone.site_id,
        hosts=tuple(hosts) or (site_of(session, gone.site_id).main_host,),
        item_id=gone.id,
        path=gone.path,
        title=edition(session, withdrawal.edition_id).title,
        pages=tuple((str(key), str(path)) for key, path in check.pages),
    )


def _places(
    runtime: Runtime, session: WalledSession, withdrawn: Withdrawn
) -> list[tuple[Place, Ask]]:
    """Every place once, with whoever asks for it."""
    sites = AskSites(Asker(runtime))
    found: dict[tuple[str, str, str], tuple[Place, Ask]] = {}
    for area in runtime.areas:
        for trace in area.traces:
            ask = trace.ask(runtime) if trace.ask is not None else sites
            for place in trace.find(runtime, session, withdrawn):
                found.setdefault((place.server, place.host, place.path), (place, ask))
    return list(found.values())


def _asked(ask: Ask, place: Place, withdrawn: Withdrawn) -> Checked:
    try:
        answers = ask(place)
    except Unavailable:
        return unanswered(place)
    return judge(place, answers, withdrawn)


def _bearing(session: WalledSession, withdrawn: Withdrawn, paths: Iterable[str]) -> frozenset[str]:
    """Those of the paths at which another public item stands that bears the same title."""
    is_live = (Edition.tenant_id == Item.tenant_id) & (Edition.id == Item.live_edition_id)
    found: set[str] = set()
    for some in slices(sorted(paths), IN_LIMIT):
        found.update(
            session.scalars(
                select(Item.path)
                .join(Edition, is_live)
                .where(
                    Item.site_id == withdrawn.site_id,
                    Item.path.in_(some),
                    Edition.title == withdrawn.title,
                )
            )
        )
    return frozenset(found)
