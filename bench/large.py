"""A site of 100,000 items against one of 1,000 or 10,000: import, full build, click, sweep.

One site is filled once and measured in all of these ways; it takes the better part of half an hour.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from bench.importing import fill
from bench.signing import publish_one
from bench.stage import Stage, host_of, served, spread, stage, timed
from hosting.publishing.queries import sites
from hosting.publishing.tree import PublicFolder
from hosting.publishing.verify import verify_site
from hosting.runtime.worker import drain

_SIZES = {"small": 1_000, "middle": 10_000, "large": 100_000}
_CLICKS, _ROUNDS = 40, 3
_LOOK_SECONDS = 0.05


def run() -> Iterator[str]:
    """Figures of each kind, and their ratios."""
    with stage(serve=False) as platform:
        ids = {}
        for code, items in _SIZES.items():
            ids[code] = platform.open(code)
            drain(platform.runtime)
            seconds = timed(partial(fill, platform, code, ids[code], items))
            yield f"import of {items} under an order until all are public: {items / seconds:.0f}/s"
        yield from _building(platform)
        yield from _sweeping(platform, ids["large"])
        with served(platform.environment, platform.port):
            yield from _clicking(platform, ids)


def _building(platform: Stage) -> Iterator[str]:
    """Most memory of all processes of a full build, at 10,000 and at 100,000 items."""
    peaks = {}
    for code in ("middle", "large"):
        began = time.perf_counter()
        peaks[code] = _peak_bytes(platform, "publish", "--full", "--tenant", code)
        pages = _SIZES[code] / (time.perf_counter() - began)
        yield f"full build of {_SIZES[code]}: {pages:.0f} articles/s, {peaks[code] >> 20} MiB"
    ratio = peaks["large"] / peaks["middle"]
    yield f"ratio of memory 100,000 : 10,000 = {ratio:.2f} (at most 1.3)"
    seconds = timed(lambda: platform.command("design", "stage", "--tenant", "large", *_THEME))
    yield f"a design staged on 100,000: {seconds:.0f} s"
    for verb in ("switch", "rollback"):
        yield f"until readers see the {verb}: {_until_shown(platform, verb):.1f} s (at most 5)"


_THEME = ("--theme", "department")


def _until_shown(platform: Stage, verb: str) -> float:
    """From the command's start until `current` points at another tree."""
    with platform.runtime.platform_session(reason="benchmark", reading=True) as session:
        site = next(each for each in sites(session, "large"))
    folder = PublicFolder(platform.runtime.settings.home).site(site.site_id)
    before, began = folder.current_number(), time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "hosting.runtime", "design", verb, "--tenant", "large"],
        env=platform.environment,
        stdout=subprocess.DEVNULL,
    )
    while folder.current_number() == before and process.poll() is None:
        time.sleep(0.01)
    seconds = time.perf_counter() - began
    if process.wait() or folder.current_number() == before:
        raise RuntimeError(f"{verb} changed nothing")
    return seconds


def _peak_bytes(platform: Stage, *arguments: str) -> int:
    """The most that a command and its children held at one time (PSS), in bytes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hosting.runtime", *arguments],
        env=platform.environment,
        stdout=subprocess.DEVNULL,
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(_held(each) for each in _family(process.pid)))
        time.sleep(_LOOK_SECONDS)
    if process.returncode:
        raise RuntimeError(f"{arguments} ended with {process.returncode}")
    return peak


def _family(process_id: int) -> list[int]:
    try:
        told = Path(f"/proc/{process_id}/task/{process_id}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [process_id, *(each for child in told.split() for each in _family(int(child)))]


def _held(process_id: int) -> int:
    try:
        told = Path(f"/proc/{process_id}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    line = next((line for line in told.splitlines() if line.startswith("Pss:")), "Pss: 0 kB")
    return int(line.split()[1]) * 1024


def _sweeping(platform: Stage, tenant_id: int) -> Iterator[str]:
    """One verification of every file and row, against sha256sum over the same files."""
    with platform.runtime.platform_session(reason="benchmark", reading=True) as session:
        site = next(each for each in sites(session, "large"))
    tree = PublicFolder(platform.runtime.settings.home).site(site.site_id).current.resolve()

    def verified() -> None:
        result = verify_site(platform.runtime, tenant_id, site.site_id)
        if result.findings or result.checked < _SIZES["large"]:
            raise RuntimeError("the sweep did not see all of it")

    ours, theirs = [], []
    for _ in range(_ROUNDS):
        theirs.append(timed(lambda: _sums(tree)))
        ours.append(timed(verified))
    yield f"sweep of 100,000 items: {spread(ours)}"
    yield f"sha256sum over the same tree: {spread(theirs)}"
    yield f"ratio sha256sum : sweep = {median(theirs) / median(ours):.2f} (at least 0.7)"


def _sums(tree: Path) -> None:
    subprocess.run(
        f"find {tree} -type f -print0 | xargs -0 sha256sum > /dev/null",
        shell=True,
        check=True,
    )


def _clicking(platform: Stage, ids: dict[str, int]) -> Iterator[str]:
    """From the last signature to a page that can be read, on a served platform."""
    times: dict[str, list[float]] = {"small": [], "large": []}
    for code in times:
        platform.wait(host_of(code), "/")
    for number in range(_CLICKS):
        # In turns: what else the machine does meets both alike.
        for code, each in times.items():
            each.append(publish_one(platform, code, ids[code], number))
    for code, each in times.items():
        late = quantiles(each, n=20)[-1]
        yield f"click on {_SIZES[code]} items: {spread(each)}, 95 of 100 in {late:.3f} s"
    slow = {code: quantiles(each, n=20)[-1] for code, each in times.items()}
    ratio = slow["large"] / slow["small"]
    yield f"ratio of the slow clicks 100,000 : 1,000 = {ratio:.2f} (at most 1.5)"
