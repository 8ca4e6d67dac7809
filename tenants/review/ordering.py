"""A migration order over any number of items, in transactions that starve nobody.

What takes long is read outside of them, what is written goes in parts, and each step is right when
it is taken again after a crash.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from hosting.runtime.pace import Pace
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.review.models import MigrationOrder
from tenants.review.operations import order as orders
from tenants.review.operations.listing import Listing, digest_of_lines, read_listing
from tenants.review.operations.renumbering import (
    close_renumbering,
    columns_of_order,
    plan_renumbering,
    renumber_part,
)

OpenSession = Callable[..., AbstractContextManager[WalledSession]]
"""`session()` or `session(reading=True)` of one tenant."""


@dataclass(frozen=True)
class Order:
    """What people are told of an order."""

    id: int
    digest: str
    lines: int
    year: int | None = None
    number: int | None = None


def propose_order(runtime: Runtime, tenant_id: int, *, run: str, reason: str, by: Actor) -> Order:
    """Propose to make public all open drafts of a run; see `read_listing` for what is raised.

    Lines stand in the order of their dates. A crash on the way leaves a listing that nobody can
    issue, and the next proposal of the run takes its place. Records MigrationOrderProposed.
    """
    with runtime.tenant_session(tenant_id, reading=True) as session:
        listing = read_listing(session, run)
    pace = Pace(runtime)
    _drop_left_listings(runtime, tenant_id, run, pace)
    with runtime.tenant_session(tenant_id) as session:
        order_id = orders.begin_order(session, listing, reason=reason, by=by).id
    _list(runtime, tenant_id, order_id, listing, pace)
    with runtime.tenant_session(tenant_id, reading=True) as session:
        listed = digest_of_lines(session, order_id)
    with runtime.tenant_session(tenant_id) as session:
        return _told(orders.propose(session, order_id, listed=listed, by=by))


def _drop_left_listings(runtime: Runtime, tenant_id: int, run: str, pace: Pace) -> None:
    dropped = 1
    while dropped:
        with pace.transaction(), runtime.tenant_session(tenant_id) as session:
            dropped = orders.drop_listing_part(session, run, most=pace.size)


def _list(runtime: Runtime, tenant_id: int, order_id: int, listing: Listing, pace: Pace) -> None:
    done = 0
    while part := listing.drafts[done : done + pace.size]:
        with pace.transaction(), runtime.tenant_session(tenant_id) as session:
            orders.list_part(session, order_id, part, first=done + 1)
        done += len(part)


def issue_order(
    runtime: Runtime,
    tenant_id: int,
    order_id: int,
    *,
    digest: str,
    by: Actor,
    along: Callable[[WalledSession], None] = lambda session: None,
) -> Order:
    """Sign a proposed order; a job carries it out. `along` is done in the same transaction.

    Raises as `operations.order.issue`. Records MigrationOrderIssued.
    """
    with runtime.tenant_session(tenant_id, reading=True) as session:
        listed = digest_of_lines(session, order_id)
    with runtime.tenant_session(tenant_id) as session:
        issued = orders.issue(session, order_id, digest=digest, listed=listed, by=by)
        along(session)
        return _told(issued)


def _told(order: MigrationOrder) -> Order:
    return Order(order.id, order.digest, order.lines, order.year, order.number)


def carry_out(runtime: Runtime, open_session: OpenSession, order_id: int) -> None:
    """Make an issued order's lines public and put their lists in order, part by part.

    Conflict, and nothing is made public, where the lines are not those that were signed.
    """
    pace = Pace(runtime)
    with open_session(reading=True) as session:
        orders.check_signed(session, order_id, listed=digest_of_lines(session, order_id))
    looked_at = 1
    while looked_at:
        with pace.transaction(), open_session() as session:
            looked_at = orders.carry_out_part(session, order_id, most=pace.size)
    with open_session(reading=True) as session:
        columns = columns_of_order(session, order_id)
    for column_id in columns:
        _renumber(open_session, column_id, pace)
    with open_session() as session:
        orders.close_order(session, order_id)


def _renumber(open_session: OpenSession, column_id: int, pace: Pace) -> None:
    with open_session(reading=True) as session:
        plan = plan_renumbering(session, column_id)
    done = 0
    while part := plan.moves[done : done + pace.size]:
        done += len(part)
        with pace.transaction(), open_session() as session:
            renumber_part(session, plan, part)
    with open_session() as session:
        close_renumbering(session, plan)
