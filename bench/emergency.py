"""What is done in an emergency, on a served site of 100,000 items: banner, rollback, withdrawal.

A banner is ordered by the city; the style sheet says it on pages that were made before (ADR 13). A
redesign is staged, switched to and rolled back while an editor goes on publishing. An item is
withdrawn and its receipt waited for.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.client import HTTPConnection
from threading import Thread

from sqlalchemy import select

from bench.importing import COLUMN, fill
from bench.signing import publish_one
from bench.stage import ADMIN, ISSUER, Stage, host_of, served, spread, stage
from hosting.publishing.queries import sites
from hosting.publishing.tree import PublicFolder, SiteFolder
from hosting.runtime.clock import now
from hosting.runtime.worker import drain
from provisioning.notices.operations import NoticeFacts, order_notice
from tenants.content.models import Item
from tenants.receipts.models import WithdrawalReceipt
from tenants.review.operations.withdraw import withdraw
from tenants.sites.banners import BannerWords
from tenants.sites.models import BANNER

_ITEMS = 100_000
_CODE = "large"
_WORDS = "暴雨红色预警"
_PATIENCE_SECONDS = 1_800.0
_PAUSE_SECONDS = 0.2


def run() -> Iterator[str]:
    """Seconds until readers have each of them."""
    with stage(serve=False) as platform:
        tenant_id = platform.open(_CODE)
        drain(platform.runtime)
        fill(platform, _CODE, tenant_id, _ITEMS)
        with served(platform.environment, platform.port):
            platform.wait(host_of(_CODE), "/")
            yield from measured(platform, tenant_id)


def measured(platform: Stage, tenant_id: int) -> Iterator[str]:
    """The figures of a platform that is served."""
    yield from _withdrawal(platform, tenant_id)
    yield from _rollback(platform, tenant_id)
    yield from _banner(platform)


def _banner(platform: Stage) -> Iterator[str]:
    words = BannerWords(_WORDS)
    facts = NoticeFacts(BANNER, now() + timedelta(days=1), words=words)
    began = time.monotonic()
    with platform.runtime.platform_session(reason="benchmark") as session:
        order_notice(session, facts=facts, reason="测试", by=ADMIN)
    told = {
        "style sheet, which says it on every page": "/site.css",
        "column": COLUMN,
        "home page": "/",
    }
    for name, path in told.items():
        _until(lambda path=path: _WORDS in _text(platform, path))  # type: ignore[misc]
        yield f"banner on the {name}: {time.monotonic() - began:.1f} s"
    with platform.runtime.platform_session(reason="benchmark", reading=True) as session:
        last = session.scalars(select(Item.path).order_by(Item.id.desc()).limit(1)).one()
        first = session.scalars(select(Item.path).order_by(Item.id).limit(1)).one()
    _until(lambda: all(_WORDS in _text(platform, path) for path in (first, last)))
    yield f"banner built into pages to the last: {time.monotonic() - began:.0f} s"


def _rollback(platform: Stage, tenant_id: int) -> Iterator[str]:
    platform.command("design", "stage", "--tenant", _CODE, "--theme", "department")
    for number, verb in enumerate(("switch", "rollback")):
        done: list[float] = []
        command = Thread(target=lambda verb=verb, done=done: done.append(_shown(platform, verb)))
        command.start()
        clicks = _clicks(platform, tenant_id, command, 1_000 * number)
        command.join()
        yield f"until readers see the {verb}: {done[0]:.1f} s (at most 5)"
        yield f"clicks until its command ends: {spread(clicks)}"


def _clicks(platform: Stage, tenant_id: int, command: Thread, number: int) -> list[float]:
    times: list[float] = []
    while command.is_alive() or not times:
        times.append(publish_one(platform, _CODE, tenant_id, 50_000 + number + len(times)))
        time.sleep(_PAUSE_SECONDS)
    return times


def _shown(platform: Stage, verb: str) -> float:
    """From the command's start until readers see another tree; returns when the command ends."""
    folder = _folder(platform)
    before, began = folder.current_number(), time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "hosting.runtime", "design", verb, "--tenant", _CODE],
        env=platform.environment,
        stdout=subprocess.DEVNULL,
    )
    _until(lambda: folder.current_number() != before or process.poll() is not None)
    seconds = time.monotonic() - began
    if process.wait() or folder.current_number() == before:
        raise RuntimeError(f"{verb} changed nothing")
    return seconds


def _withdrawal(platform: Stage, tenant_id: int) -> Iterator[str]:
    with platform.runtime.tenant_session(tenant_id, reading=True) as session:
        found = session.scalars(select(Item).where(Item.live_edition_id.is_not(None)).limit(1))
        item_id, path = (gone := found.one()).id, gone.path
    began = time.monotonic()
    with platform.runtime.tenant_session(tenant_id) as session:
        withdraw(session, item_id, reason="测试", by=ISSUER)
    _until(lambda: platform.status(host_of(_CODE), path) == 410)
    yield f"withdrawn page gone: {time.monotonic() - began:.2f} s"
    states: list[str] = []

    def receipt() -> bool:
        with platform.runtime.tenant_session(tenant_id, reading=True) as session:
            wanted = WithdrawalReceipt.item_id == item_id
            states[:] = session.scalars(select(WithdrawalReceipt.state).where(wanted))
        return bool(states)

    _until(receipt)
    yield f"receipt ({states[0]}): {time.monotonic() - began:.0f} s (at most 60)"


def _folder(platform: Stage) -> SiteFolder:
    with platform.runtime.platform_session(reason="benchmark", reading=True) as session:
        site = next(each for each in sites(session, _CODE))
    return PublicFolder(platform.runtime.settings.home).site(site.site_id)


def _text(platform: Stage, path: str) -> str:
    connection = HTTPConnection("127.0.0.1", platform.port, timeout=60)
    try:
        connection.request("GET", path, headers={"Host": host_of(_CODE)})
        return connection.getresponse().read().decode(errors="replace")
    finally:
        connection.close()


def _until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)
