"""What was signed of a column is carried out on the tree."""

from __future__ import annotations

from collections.abc import Iterable

from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.columns import proposal_of
from tenants.content.models import Edition
from tenants.content.queries import column_has_items
from tenants.sites.operations.changing import close_column, set_column


def carry_out_on_columns(session: WalledSession, editions: Iterable[Edition], *, by: Actor) -> None:
    """Set or close the column of each edition that is one of a column; leave the others alone.

    Raises what `set_column` and `close_column` raise where the tree has changed since it was
    written, so that nothing is issued which cannot be carried out.
    """
    for each in editions:
        if each.column_facts is None:
            continue
        proposal = proposal_of(each)
        if proposal.closes:
            in_use = column_has_items(session, each.column_id)
            close_column(session, each.column_id, in_use=in_use, by=by)
        else:
            set_column(session, each.column_id, proposal=proposal, by=by)
