"""Reading an article on any of 10,000 hosts through our gateway, against nginx on one plain folder.

The hosts are links, as the platform makes them; readers ask for a thousand of them in turn.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.importing import fill
from bench.reading import an_article, ours, plain, rate
from bench.stage import host_of, stage
from hosting.publishing.tree import PublicFolder
from hosting.runtime.worker import drain

_HOSTS, _ASKED, _ROUNDS = 10_000, 1_000, 11
_IN_TURN = """
local hosts, next_host = {{}}, 0
init = function(args)
  for number = 0, {asked} - 1 do
    hosts[number] = wrk.format("GET", "{path}", {{ ["Host"] = "www.h" .. number .. ".localhost" }})
  end
end
request = function()
  next_host = (next_host + 1) % {asked}
  return hosts[next_host]
end
"""


def run() -> Iterator[str]:
    """Requests a second of both, their medians, and the median ratio of the rounds."""
    if not shutil.which("wrk") or not shutil.which("nginx"):
        yield "left out: needs nginx and wrk"
        return
    with stage(serve=False) as platform, tempfile.TemporaryDirectory() as folder:
        tenant_id = platform.open("bench")
        drain(platform.runtime)
        fill(platform, "bench", tenant_id, 50)
        _link_hosts(PublicFolder(platform.runtime.settings.home))
        path = an_article(platform, tenant_id)
        script = Path(folder) / "in-turn.lua"
        script.write_text(_IN_TURN.format(asked=_ASKED, path=path))
        with ours(platform) as mine, plain(platform, path) as theirs:
            rounds = [_round(mine, theirs, path, script, number) for number in range(_ROUNDS)]
        many, one = (median(rates) for rates in zip(*rounds, strict=True))
        ratio = median(each[0] / each[1] for each in rounds)
        yield f"our gateway, {_HOSTS} hosts: {many:.0f} requests/s"
        yield f"nginx on one plain folder: {one:.0f} requests/s"
        yield f"ratio hosts : plain, median of {_ROUNDS} rounds = {ratio:.2f} (at least 0.9)"


def _link_hosts(public: PublicFolder) -> None:
    target = (public.hosts / host_of("bench")).readlink()
    for number in range(_HOSTS):
        (public.hosts / f"www.h{number}.localhost").symlink_to(target)


def _round(mine: int, theirs: int, path: str, script: Path, number: int) -> tuple[float, float]:
    """Both rates, asked alike; who is asked first changes from round to round."""
    if number % 2:
        plain_rate = rate(theirs, path, script)
        return rate(mine, path, script), plain_rate
    return rate(mine, path, script), rate(theirs, path, script)
