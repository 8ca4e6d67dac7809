"""A tenant brings 5,000 old items in while another publishes one by one, against doing so in peace.

Seconds are from the third signature to the page being readable. Bulk is a tenant's import under an
order, rendered and public, by the command and by the platform's own worker.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median, quantiles
from threading import Thread

from bench.importing import carry_out, prepared
from bench.signing import publish_one
from bench.stage import Stage, host_of, spread, stage

_ITEMS, _QUIET = 5_000, 20
# A person reads what was published; who signed without a pause would be bulk, too.
_PAUSE_SECONDS = 0.2


def run() -> Iterator[str]:
    """Times of a publish in peace and during the burst, and their ratio."""
    with stage() as platform:
        bulk_id, single_id = platform.open("bulk"), platform.open("single")
        for code in ("bulk", "single"):
            platform.wait(host_of(code), "/")
        quiet = [publish_one(platform, "single", single_id, number) for number in range(_QUIET)]
        yield f"publishing in peace: {spread(quiet)}"
        with prepared(platform, "bulk", bulk_id, _ITEMS) as file:
            began = time.perf_counter()
            busy = _during(
                platform, single_id, Thread(target=carry_out, args=(platform, "bulk", file))
            )
            seconds = time.perf_counter() - began
        yield f"the burst: {_ITEMS} items in {seconds:.0f} s, {len(busy)} publishes meanwhile"
        yield f"publishing during the burst: {spread(busy)} (at most 2 s)"
        yield f"95 of 100 within {quantiles(busy, n=20)[-1]:.3f} s"
        yield f"ratio of the medians = {median(busy) / median(quiet):.2f}"
        yield f"ratio of the slowest = {max(busy) / max(quiet):.2f}"


def _during(platform: Stage, tenant_id: int, burst: Thread) -> list[float]:
    burst.start()
    busy: list[float] = []
    while burst.is_alive() or len(busy) < 2:
        busy.append(publish_one(platform, "single", tenant_id, _QUIET + len(busy)))
        time.sleep(_PAUSE_SECONDS)
    return busy
