"""A publisher is killed again and again amid its work while readers fetch its pages."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from hosting.publishing.files import Files
from hosting.publishing.hosts import bind_hosts
from hosting.publishing.verify import verify_site
from hosting.publishing.whole_site import rebuild_site
from parts.gateway import StartNginx
from parts.newsroom import Newsroom
from parts.platform import RIVER
from parts.programs import free_port
from parts.restless import DESIGNS, ITEMS, killed, reading

Record = Callable[[str, object], None]

_NGINX = """
user root;
worker_processes 1;
pid nginx.pid;
error_log error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    server {{
        listen 127.0.0.1:{port};
        root {hosts}/$host;
        gzip_static on;
        location / {{ try_files $uri $uri/index.html =404; }}
    }}
}}
"""


@pytest.fixture
def port(newsroom: Newsroom, start_nginx: StartNginx) -> int:
    """Where nginx shows what is public, and nothing but that."""
    newsroom.write_all({item: f"原{item}" for item in ITEMS} | DESIGNS | {"layout": "版式一"})
    newsroom.publish()
    bind_hosts(newsroom.runtime)
    number = free_port()
    hosts = newsroom.runtime.settings.home / "public/hosts"
    start_nginx(_NGINX.format(port=number, hosts=hosts), number)
    return number


def kill_amid_reading(
    newsroom: Newsroom, port: int, folder: Path, *, kills: int, readers: int
) -> int:
    """How many pages were read."""
    seed = random.randrange(10**9)
    newsroom.runtime.close()
    with reading(readers, port, folder) as told:
        killed(newsroom.runtime.settings, kills, random.Random(seed))
        fetched, complaints = told()
    assert complaints == [], f"seed {seed}"
    assert fetched > kills
    return fetched


def assert_all_is_well(newsroom: Newsroom) -> None:
    """The next publisher finishes by itself, and what is public is what was written last."""
    newsroom.write_all({item: f"终{item}" for item in ITEMS})
    newsroom.publish()
    assert all(f"终{item}" in newsroom.read(f"/art/{item}.html") for item in ITEMS)
    assert verify_site(newsroom.runtime, RIVER.tenant_id, RIVER.site_id).findings == []
    rebuild_site(newsroom.runtime, RIVER.tenant_id, RIVER.site_id)
    newsroom.folder.clear_discarded(Files())
    left = {path.name for path in newsroom.folder.root.iterdir()}
    assert left == {"current", "trees"}


def test_readers_never_notice_that_a_publisher_is_killed(
    newsroom: Newsroom, port: int, tmp_path: Path
) -> None:
    kill_amid_reading(newsroom, port, tmp_path, kills=15, readers=2)

    assert_all_is_well(newsroom)


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_readers_never_notice_five_hundred_kills(
    newsroom: Newsroom, port: int, tmp_path: Path, record_property: Record
) -> None:
    fetched = kill_amid_reading(newsroom, port, tmp_path, kills=500, readers=8)

    assert_all_is_well(newsroom)
    record_property("tried", 500)
    record_property("fetched", fetched)
