"""A paper for each state that an item, a column's words, a banner or an order can be in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from hosting.directory.queries import main_site
from hosting.runtime.canaries import Canaries
from hosting.runtime.clock import now, today
from hosting.runtime.runtime import Runtime
from provisioning.canaries.desk import Desk
from provisioning.canaries.nest import column_facts
from provisioning.demo.writing import Office
from tenants.content.banners import BannerFacts, propose_banner
from tenants.content.columns import propose_column, propose_new_column
from tenants.content.importing import ImportedItem, import_items
from tenants.content.models import Edition
from tenants.content.writing import clean_facts
from tenants.review.models import FINAL, FIRST, RETURN, SECOND
from tenants.review.operations.signing import issue_urgently
from tenants.review.operations.withdraw import withdraw
from tenants.review.ordering import Order, propose_order
from tenants.review.rules import REFUSED
from tenants.sites.banners import BannerWords
from tenants.sites.rules import ColumnProposal

_ALL = (FIRST, SECOND, FINAL)
_LATER = timedelta(days=30)


def _draft(desk: Desk) -> None:
    desk.write("draft")


def _submitted(desk: Desk) -> None:
    desk.hand_in(desk.write("submitted"))


def _returned(desk: Desk) -> None:
    desk.sign(desk.hand_in(desk.write("returned")), FIRST, RETURN)


def _kept_secret(desk: Desk) -> None:
    desk.clear(desk.hand_in(desk.write("keptsecret")), REFUSED)


def _signed_once(desk: Desk) -> None:
    desk.bring_to(desk.write("signedonce"), FIRST)


def _signed_twice(desk: Desk) -> None:
    desk.bring_to(desk.write("signedtwice"), FIRST, SECOND)


def _scheduled(desk: Desk) -> None:
    desk.bring_to(desk.write("scheduled", publish_at=now() + _LATER), *_ALL)


def _public(desk: Desk) -> Edition:
    return desk.bring_to(desk.write("public"), *_ALL)


def _replaced(desk: Desk) -> None:
    live = desk.bring_to(desk.write("replaced"), *_ALL)
    desk.bring_to(desk.change(live, "replacing"), *_ALL)


def _revised(desk: Desk) -> None:
    live = desk.bring_to(desk.write("live"), *_ALL)
    desk.hand_in(desk.change(live, "revision"))


def _urgent(desk: Desk) -> None:
    urgent = desk.hand_in(desk.write("urgent"))
    desk.clear(urgent)
    reason = desk.canaries.word("urgentreason")
    by = desk.person("issuer")
    issue_urgently(desk.session, urgent.id, digest=urgent.digest, reason=reason, by=by)


def _withdrawn(desk: Desk) -> None:
    gone = desk.bring_to(desk.write("withdrawn"), *_ALL)
    reason = desk.canaries.word("withdrawalreason")
    withdraw(desk.session, gone.item_id, reason=reason, by=desk.person("issuer"))


def _recalled(desk: Desk) -> None:
    desk.bring_to(desk.write("recalled"), *_ALL)


def recall(desk: Desk) -> int:
    """Withdraw what readers have seen by now, so that it is known where they met it; the item."""
    titled = Edition.title == desk.canaries.word("title", "recalled")
    item_id = desk.session.scalars(select(Edition.item_id).where(titled)).one()
    reason = desk.canaries.word("withdrawalreason", "recalled")
    withdraw(desk.session, item_id, reason=reason, by=desk.person("issuer"))
    return item_id


def _ended(desk: Desk) -> None:
    desk.bring_to(desk.write("ended", valid_until=today() - timedelta(days=1)), *_ALL)


def _planned_column(desk: Desk) -> None:
    proposal = ColumnProposal(column_facts(desk.canaries, "planned"))
    propose_new_column(
        desk.session,
        main_site(desk.session),
        proposal=proposal,
        parent_id=desk.columns[0],
        by=desk.person("tenant_admin"),
    )


def _column_in_review(desk: Desk) -> None:
    desk.hand_in(_column_changed(desk, 3, "inreview"), "tenant_admin")


def _column_set(desk: Desk) -> None:
    changed = _column_changed(desk, 4, "set")
    desk.bring_to(changed, *_ALL, by="tenant_admin")


def _column_changed(desk: Desk, depth: int, which: str) -> Edition:
    proposal = ColumnProposal(column_facts(desk.canaries, which))
    by = desk.person("tenant_admin")
    return propose_column(desk.session, desk.columns[depth - 1], proposal=proposal, by=by)


def _banner_standing(desk: Desk) -> None:
    desk.bring_to(_banner(desk, "standing"), *_ALL)
    desk.hand_in(_banner(desk, "next"))


def _banner(desk: Desk, which: str) -> Edition:
    words = BannerWords(
        desk.canaries.word("banner", which),
        desk.canaries.word("bannertext", which),
        f"https://{desk.canaries.slug('bannerlink', which)}.example/",
    )
    facts = BannerFacts(words, withdraw_at=now() + _LATER)
    site = main_site(desk.session)
    return propose_banner(desk.session, site, facts=facts, by=desk.person("editor"))


PAPERS: tuple[Callable[[Desk], object], ...] = (
    _draft,
    _submitted,
    _returned,
    _kept_secret,
    _signed_once,
    _signed_twice,
    _scheduled,
    _public,
    _replaced,
    _revised,
    _urgent,
    _withdrawn,
    _recalled,
    _ended,
    _planned_column,
    _column_in_review,
    _column_set,
    _banner_standing,
)


def import_history(desk: Desk, run: str) -> None:
    """Two items that were public before, as drafts of one run."""
    rows = [
        ImportedItem(
            desk.canaries.word("externalid", run, place),
            clean_facts(desk.facts(f"{run}{place}")),
            old_address="" if place else f"/{desk.canaries.slug('oldaddress', run)}.htm",
            where=run,
        )
        for place in range(2)
    ]
    by = desk.person("editor")
    import_items(desk.session, desk.office.site_id, rows, run=run, by=by)


def order_history(runtime: Runtime, office: Office, canaries: Canaries, run: str) -> Order:
    """Propose a run's migration order."""
    reason = canaries.word("orderreason", run)
    by = office.people["editor"]
    return propose_order(runtime, office.tenant_id, run=run, reason=reason, by=by)
