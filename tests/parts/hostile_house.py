"""A county that was sent hostile input through every door, served with all it shows."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from werkzeug.serving import make_server

from hosting.console.application import create_console
from hosting.directory.application import create_application
from hosting.directory.models import Domain
from hosting.publishing.hosts import bind_hosts
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from hosting.runtime.worker import drain
from hosting.security.html import clean
from migrations.legacy.sources.mirror import Mirror
from migrations.legacy.steps.plan import make_plan
from migrations.legacy.steps.run import run_move
from parts.hostile import IN_PLAIN_FIELDS
from parts.old_site import Article, build_old_site
from parts.platform import RIVER, make_home
from parts.workplace import PDF, Bench, Office, bench_of, grow_columns, staff
from tenants.content.facts import Attachment
from tenants.content.models import Edition
from tenants.content.queries import item
from tenants.exchange.importing import import_file
from tenants.sites.queries import column_at

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOST = "www.river.localhost"


@dataclass(frozen=True)
class Piece:
    """A piece of work: its ids, and where it is public."""

    item_id: int
    edition_id: int
    path: str


@dataclass
class HostileHouse:
    """The county, where it is served, and what it has."""

    port: int
    office: Office
    work: dict[str, Piece] = field(default_factory=dict)

    @property
    def console(self) -> str:
        """The console's address."""
        return f"http://console.localhost:{self.port}"

    @property
    def site(self) -> str:
        """The public site's address."""
        return f"http://{HOST}:{self.port}"

    def enter(self, page: Page, role: str) -> None:
        """Let a browser be that of the person with a role."""
        token = self.office.browser(role).token
        page.context.add_cookies([{"name": "jiyue-sign-in", "value": token, "url": self.console}])

    def placed(self, written: str) -> str:
        """A path with what the work is called in it."""
        return written.format(**self.work)

    def stored(self) -> list[str]:
        """Every text that is kept."""
        with self.office.runtime.tenant_session(RIVER.tenant_id, reading=True) as session:
            return list(session.scalars(select(Edition.body_html)))


@contextmanager
def hostile_house(folder: Path, template: Path) -> Iterator[HostileHouse]:
    """Open and serve it; nothing is in it yet."""
    home = make_home(folder)
    shutil.copy(template, home / "jiyue.sqlite3")
    port = _free_port()
    runtime = Runtime.open(Settings(home=home, host_cache_seconds=0, bind=f"127.0.0.1:{port}"))
    office = Office(runtime, create_console(runtime), RIVER, staff(runtime, RIVER))
    with runtime.platform_session(reason="test") as session:
        site = {"for_tenant_id": RIVER.tenant_id, "site_id": RIVER.site_id}
        session.add(Domain(host=HOST, **site))
    with runtime.tenant_session(RIVER.tenant_id) as session:
        grow_columns(session, office.actors["tenant_admin"])
    server = make_server("127.0.0.1", port, create_application(runtime), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield HostileHouse(port, office)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        runtime.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def by_the_editor(house: HostileHouse, bodies: Sequence[str]) -> dict[int, str]:
    """Through the editor's form: what is kept of each, by its place; refused ones are missing."""
    office, kept = house.office, {}
    browser = office.browser("editor")
    token = browser.form_token("/account")
    with bench_of(office) as bench:
        column_id = bench.columns["/tzgg/"].id
    for place, body in enumerate(bodies):
        answer = browser.client.post(
            office.path("items/new"),
            data={"title": f"编辑{place}", "column_id": str(column_id), "body_html": body}
            | {"csrf_token": token},
            base_url=browser.host,
            environ_base=browser.environ,
        )
        assert answer.status_code in (303, 422), answer.status_code
        if answer.status_code == 303:
            kept[place] = _body_titled(house, f"编辑{place}")
    return kept


def by_import(house: HostileHouse, bodies: Sequence[str], folder: Path) -> dict[int, str]:
    """Through `jiyue content import`."""
    office, path, run = house.office, folder / "items.jsonl", f"of {len(bodies)}"
    lines = [
        {
            "external_id": f"x{place}",
            "title": f"导入{place}",
            "body_html": body,
            "date": "2019-01-02",
        }
        for place, body in enumerate(bodies)
    ]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with office.runtime.tenant_session(RIVER.tenant_id, reading=True) as session:
        column_id = column_at(session, RIVER.site_id, "/tzgg/").id
    import_file(
        office.runtime,
        RIVER.tenant_id,
        RIVER.site_id,
        path,
        column_id=column_id,
        run=run,
        by=office.actors["tenant_admin"],
        progress=lambda done, total: None,
    )
    return {place: _body_titled(house, f"{run}导入{place}") for place in range(len(bodies))}


def by_moving(house: HostileHouse, bodies: Sequence[str], folder: Path) -> list[str]:
    """In the pages of an old site that is moved in: what is kept of them."""
    before, run = set(house.stored()), f"old-{len(bodies)}"
    text = "<p>　　各村民委员会：现就有关事项通知如下，请认真贯彻执行。</p>"
    articles = [
        Article(place + 1, f"搬来{place}", "2019-01-02 09:00", "办公室", text + body, "通知公告")
        for place, body in enumerate(bodies)
    ]
    source = Mirror(build_old_site(folder, articles))
    runtime, actor = house.office.runtime, house.office.actors["tenant_admin"]
    make_plan(runtime, RIVER.tenant_id, name=run, source=source, by=actor)
    run_move(runtime, RIVER.tenant_id, run, keep_unknown=True, by=actor)
    return [each for each in house.stored() if each not in before]


def _body_titled(house: HostileHouse, title: str) -> str:
    with house.office.runtime.tenant_session(RIVER.tenant_id, reading=True) as session:
        found = select(Edition.body_html).where(Edition.title == title)
        return session.scalars(found.order_by(Edition.id.desc())).first() or ""


def publish_hostile(house: HostileHouse, bodies: Sequence[str]) -> None:
    """Work in several states whose texts and plain fields are all hostile, and its pages public."""
    whole = "".join(f"<div>{clean(body)}</div>" for body in bodies)
    half = "".join(f"<div>{clean(body)}</div>" for body in bodies[::2])
    with bench_of(house.office) as bench:
        live = bench.publish(_hostile(bench, whole))
        revision = bench.bring_to(bench.change(live, body_html=half))
        draft = _hostile(bench, whole)
        returned = bench.hand_in(_hostile(bench, half))
        bench.sign(returned, "first", "return", "\n".join(IN_PLAIN_FIELDS))
        made = {"live": live, "revision": revision, "draft": draft, "returned": returned}
        for name, each in made.items():
            house.work[name] = Piece(each.item_id, each.id, item(bench.session, each.item_id).path)
    drain(house.office.runtime)
    bind_hosts(house.office.runtime)


def _hostile(bench: Bench, body: str) -> Edition:
    """An item each of whose fields says something hostile."""
    said = iter(IN_PLAIN_FIELDS * 2)
    file = bench.keep("<img src=x onerror=alert(1)>.pdf", PDF)
    return bench.write(
        " ".join(IN_PLAIN_FIELDS[:4]),
        body_html=body,
        subtitle=next(said),
        summary=" ".join(IN_PLAIN_FIELDS),
        keywords=next(said),
        source_name=next(said),
        author=next(said),
        doc_number=next(said),
        index_no=next(said),
        issuing_body=next(said),
        theme_class=next(said),
        lost_attachments=IN_PLAIN_FIELDS[:3],
        attachments=(Attachment(file.id, IN_PLAIN_FIELDS[1]),),
    )
