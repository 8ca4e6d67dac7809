"""The jobs of what the city puts over sites."""

from __future__ import annotations

from hosting.runtime.pace import Pace
from hosting.runtime.worker import Work
from provisioning.notices.operations import carry_out_due, tell_some

_SITES_A_STEP = 20


def city_notices_due(work: Work) -> None:
    """Begin and end what is due, whichever job came for it; each minute as well."""
    with work.session() as session:
        carry_out_due(session)


def spread_city_notice(work: Work, *, notice_id: int) -> None:
    """Tell every site, a few in a transaction; goes on where it was interrupted."""
    pace, goes_on = Pace(work.runtime), True
    while goes_on:
        with pace.transaction(), work.session() as session:
            goes_on = tell_some(session, notice_id, limit=_SITES_A_STEP)
