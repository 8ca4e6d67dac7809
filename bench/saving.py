"""An editor saves while a bulk import runs on the same SQLite file, against saving in peace."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median, quantiles
from threading import Thread

from bench.importing import carry_out, prepared
from bench.stage import EDITOR, Stage, spread, stage, timed
from hosting.directory.queries import main_site
from hosting.runtime.worker import drain
from tenants.content.facts import EditionFacts
from tenants.content.operations import create_item, save_draft
from tenants.sites.queries import columns_of

_ITEMS, _SAVES = 10_000, 60
# A person pauses; who saved without a pause would measure two machines fighting for one lock.
_PAUSE_SECONDS = 0.05


def run() -> Iterator[str]:
    """Times of a save in both cases, and the ratio of their medians."""
    with stage(serve=False) as platform:
        bulk_id, editor_id = platform.open("bulk"), platform.open("editor")
        drain(platform.runtime)
        item_id = _draft(platform, editor_id)
        quiet = [_save(platform, editor_id, item_id, number) for number in range(_SAVES)]
        yield f"saving in peace: {spread(quiet)}"
        busy: list[float] = []
        with prepared(platform, "bulk", bulk_id, _ITEMS) as file:
            importing = Thread(target=carry_out, args=(platform, "bulk", file))
            importing.start()
            while importing.is_alive():
                busy.append(_save(platform, editor_id, item_id, len(busy) + _SAVES))
                time.sleep(_PAUSE_SECONDS)
        yield f"saving during an import of {_ITEMS}: {spread(busy)} (at most 0.2 s)"
        yield f"95 of 100 within {quantiles(busy, n=20)[-1]:.3f} s"
        yield f"ratio of the medians = {median(busy) / median(quiet):.2f}"


def _draft(platform: Stage, tenant_id: int) -> int:
    with platform.runtime.tenant_session(tenant_id) as session:
        site_id = main_site(session).id
        facts = EditionFacts("通知", columns_of(session, site_id)[0].id, "<p>正文。</p>")
        return create_item(session, site_id, facts=facts, by=EDITOR)[0].id


def _save(platform: Stage, tenant_id: int, item_id: int, number: int) -> float:
    def save() -> None:
        with platform.runtime.tenant_session(tenant_id) as session:
            column_id = columns_of(session, main_site(session).id)[0].id
            facts = EditionFacts(f"通知{number}", column_id, "<p>正文。</p>")
            save_draft(session, item_id, facts=facts, expected_digest=None, by=EDITOR)

    return timed(save)
