"""Reading an article through nginx on our tree, against nginx on one plain folder with the file."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from sqlalchemy import select

from bench.importing import fill
from bench.stage import Stage, accepts, free_port, host_of, stage, until
from hosting.runtime.worker import drain
from tenants.content.models import Item

# Many short rounds, each with both: what else the machine does falls on both alike.
_ROUNDS, _SECONDS, _CONNECTIONS = 11, 2, 32
_PLAIN = """
worker_processes auto; pid {folder}/pid; error_log {folder}/error; {user}
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; default_type text/html;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


def run() -> Iterator[str]:
    """Requests a second of both, their medians, and the median ratio of the rounds."""
    if not shutil.which("wrk") or not shutil.which("nginx"):
        yield "left out: needs nginx and wrk"
        return
    with stage(serve=False) as platform:
        tenant_id = platform.open("bench")
        drain(platform.runtime)
        fill(platform, "bench", tenant_id, 50)
        path = an_article(platform, tenant_id)
        with ours(platform) as gateway, plain(platform, path) as other:
            rounds = [_round(gateway, other, path, number) for number in range(_ROUNDS)]
        mine, theirs = (median(rates) for rates in zip(*rounds, strict=True))
        ratio = median(each[0] / each[1] for each in rounds)
        yield f"nginx on our tree: {mine:.0f} requests/s"
        yield f"nginx on one plain folder: {theirs:.0f} requests/s"
        yield f"ratio ours : plain, median of {_ROUNDS} rounds = {ratio:.2f} (at least 0.95)"


def _round(gateway: int, other: int, path: str, number: int) -> tuple[float, float]:
    """Both rates; who is asked first changes from round to round."""
    if number % 2:
        theirs = rate(other, path)
        return rate(gateway, path), theirs
    return rate(gateway, path), rate(other, path)


def an_article(platform: Stage, tenant_id: int) -> str:
    """The address of one."""
    with platform.runtime.tenant_session(tenant_id, reading=True) as session:
        path: str = session.scalars(select(Item.path).limit(1)).one()
        return path


@contextmanager
def ours(platform: Stage) -> Iterator[int]:
    """The port of our gateway."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        configuration = subprocess.run(
            [
                *(sys.executable, "-m", "hosting.runtime", "gateway", "nginx"),
                *("--listen", f"127.0.0.1:{port}", "--access-log", "off", *_as_root()),
            ],
            env=platform.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        with _nginx(Path(folder), configuration, port):
            yield port


def _as_root() -> tuple[str, ...]:
    """Started as root, nginx gives its workers to a user that may not read a private folder."""
    return ("--user", "root") if os.geteuid() == 0 else ()


@contextmanager
def plain(platform: Stage, path: str) -> Iterator[int]:
    """The port of a server that knows this article alone, on any host."""
    port = free_port()
    tree = platform.runtime.settings.home / "public" / "hosts" / host_of("bench")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        file = root / path.lstrip("/")
        file.parent.mkdir(parents=True)
        shutil.copy(tree / path.lstrip("/"), file)
        user = "user root;" if _as_root() else ""
        configuration = _PLAIN.format(folder=folder, port=port, root=root, user=user)
        with _nginx(Path(folder), configuration, port):
            yield port


@contextmanager
def _nginx(folder: Path, configuration: str, port: int) -> Iterator[None]:
    file = folder / "nginx.conf"
    file.write_text(configuration)
    process = subprocess.Popen(
        ["nginx", "-c", str(file), "-p", str(folder), "-g", "daemon off;"],
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: accepts(port))
        yield
    finally:
        process.terminate()
        process.wait(20)


def rate(port: int, path: str, script: Path | None = None) -> float:
    """Requests a second that a server answers; a script may ask for other hosts in turn."""
    said = subprocess.run(
        [
            "wrk",
            *(("-s", str(script)) if script else ()),
            *("-t1", f"-c{_CONNECTIONS}", f"-d{_SECONDS}s", "-H", f"Host: {host_of('bench')}"),
            f"http://127.0.0.1:{port}{path}",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    if "Non-2xx" in said:
        raise RuntimeError(said)
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found is not None, said
    return float(found[1])
