"""Two tenants with something of every kind, opened as the city opens them, and all that is kept.

Ids are real ones, so that they can be looked for; words are each tenant's own.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import boto3
from redis import Redis
from sqlalchemy import MetaData, Table, create_engine, func, inspect, select, text, update

from hosting.console.application import create_console
from hosting.directory.models import Site
from hosting.directory.queries import main_site, site_of_host, tenant_by_code
from hosting.publishing.models import BuildFailure, StaleMark
from hosting.publishing.redirects import add_redirects
from hosting.publishing.tree import PublicFolder
from hosting.runtime import clock
from hosting.runtime.cache import tenant_cache_key
from hosting.runtime.ids import id_text, new_id
from hosting.runtime.jobs import Job
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.runtime.worker import drain
from hosting.security.actor import PLATFORM_ACTOR, Actor
from hosting.security.audit_key import make_audit_key
from migrations.legacy.sources.mirror import Mirror
from migrations.legacy.steps.plan import make_plan
from migrations.legacy.steps.run import run_move
from parts.forging import owners_engine
from parts.old_site import build_old_site
from parts.platform import Place
from parts.workplace import PDF, Bench, Office, bench_of, login_of, picture, staff
from provisioning.deletion.models import TenantDeletion
from provisioning.deletion.operations import begin_deletion
from provisioning.deletion.queries import deletions
from provisioning.domains.names import PlatformHosts
from provisioning.lifecycle.operations import announce_closing, close
from provisioning.onboarding.opening import Opening, check_opening
from provisioning.onboarding.operations import open_tenant
from tenants.content.facts import Attachment
from tenants.content.models import Edition, EditionTranslation
from tenants.receipts.operations import CHECK_WITHDRAWAL
from tenants.reposts.models import Repost, RepostTaker, SentRepost
from tenants.review.models import MigrationOrder, MigrationOrderLine, RepostAcceptance
from tenants.review.operations.withdraw import withdraw
from tenants.sites.operations.redesigning import DesignFacts, stage_design

WORDS = re.compile(r"[\u4e00-\u9fff][^\n'\"\\<>]{3,}|/art/[^'\"\\]+|[0-9a-f]{64}")
GOING = Opening(
    code="yunling",
    name="云岭县人民政府",
    kind="county",
    hosts=("www.yunling.gov.cn", "yunling.gov.cn"),
)
STAYING = Opening(code="wenlv", name="市文化旅游局", kind="department", hosts=("www.wenlv.gov.cn",))
ADMIN = Actor(0, "系统管理员")
TRAIL = ("audit_entry", "audit_head", "audit_checkpoint")
RECORD = "tenant_deletion"


@dataclass
class House:
    """Both tenants: one on its way out (closed already), one that stays."""

    runtime: Runtime
    going: Office
    staying: Office

    def begin(self, **facts: Any) -> int:
        """Begin the deletion of the one that goes."""
        said: dict[str, Any] = {"reason": "机构撤销", "wait_days": 30, "is_early": True, **facts}
        with self.runtime.platform_session(reason="test") as session:
            tenant = tenant_by_code(session, GOING.code)
            return begin_deletion(session, tenant, by=ADMIN, **said).id

    def record(self) -> TenantDeletion:
        """What is on record of it."""
        with self.runtime.platform_session(reason="test", reading=True) as session:
            (found,) = deletions(session)
            return found

    def people(self) -> set[str]:
        """Logins by which only people of the going tenant are known."""
        return {login_of(self.going.place, role) for role in self.going.actors}


def empty_house(runtime: Runtime) -> House:
    """Two tenants as they were opened, with their people; the one that goes is closed."""
    make_audit_key(runtime.settings)
    house = House(runtime, opened(runtime, GOING), opened(runtime, STAYING))
    shut(runtime, GOING.code)
    return house


def full_house(runtime: Runtime, folder: Path) -> House:
    """The same with something of every kind in both."""
    make_audit_key(runtime.settings)
    house = House(runtime, opened(runtime, GOING), opened(runtime, STAYING))
    furnish(house.going, "云岭县", folder)
    furnish(house.staying, "文旅局", folder)
    shut(runtime, GOING.code)
    return house


def opened(runtime: Runtime, opening: Opening) -> Office:
    """A tenant with its people, its first pages public."""
    with runtime.platform_session(reason="test") as session:
        hosts = PlatformHosts.of(runtime.settings)
        open_tenant(
            session, check_opening(session, opening, platform_hosts=hosts), by=PLATFORM_ACTOR
        )
    drain(runtime)
    with runtime.platform_session(reason="test", reading=True) as session:
        tenant_id = tenant_by_code(session, opening.code).id
        site_id = session.scalars(select(Site.id).where(Site.tenant_id == tenant_id)).one()
    place = Place(tenant_id, site_id, opening.code, opening.hosts[0])
    return Office(runtime, create_console(runtime), place, staff(runtime, place))


def furnish(office: Office, whose: str, folder: Path) -> None:
    """Give a tenant something of every kind; all that can be public is."""
    runtime, place = office.runtime, office.place
    with bench_of(office) as bench:
        _write(bench, whose)
    _move_in(runtime, place, folder)
    drain(runtime)
    _let_checks_end(runtime)
    _leave_behind(runtime, place, whose)


def _let_checks_end(runtime: Runtime) -> None:
    """Until the withdrawal has its receipt: its job is due a moment after the pages are made."""
    waiting = select(func.count(Job.id)).where(
        Job.kind == CHECK_WITHDRAWAL, Job.state.in_(("waiting", "running"))
    )
    end = time.monotonic() + 90
    while time.monotonic() < end:
        with runtime.platform_session(reason="test", reading=True) as session:
            if not session.scalar(waiting):
                return
        time.sleep(0.1)
        drain(runtime)
    raise TimeoutError("the withdrawal was never checked")


def _write(bench: Bench, whose: str) -> None:
    """Work in every state."""
    news = [each for each in bench.columns.values() if each.column_type == "工作动态"]
    photo = bench.keep(f"{whose}的照片.png", picture(40, 30, f"#12{ord(whose[0]) % 256:02x}56"))
    table = bench.keep(f"{whose}的清单.pdf", PDF + whose.encode())
    said: dict[str, Any] = {
        "column": news[0].path,
        "extra_column_ids": (news[-1].id,),
        "summary": f"{whose}的摘要文字",
        "source_name": f"{whose}来源单位",
        "author": f"{whose}某作者",
        "original_date": date(2015, 1, 1),
        "original_date_source": f"{whose}公报第三期",
        "body_html": f'<p>{whose}的正文<img src="{photo.path}" alt="{whose}图"></p>',
        "attachments": (Attachment(table.id, f"{whose}附件名"),),
    }
    for number in range(3):
        bench.publish(bench.write(f"{whose}公开的文件之{number}", **said))
    bench.write(f"{whose}没写完的草稿", **said)
    bench.hand_in(bench.write(f"{whose}待审的文件", **said))
    soon = clock.now() + timedelta(days=2)
    bench.publish(bench.write(f"{whose}定时的文件", **said, publish_at=soon))
    yesterday = clock.today() - timedelta(days=1)
    bench.publish(bench.write(f"{whose}期满的文件", **said, valid_until=yesterday))
    returned = bench.hand_in(bench.write(f"{whose}退回的文件", **said))
    bench.sign(returned, "first", "return", f"{whose}的退回意见")
    gone = bench.publish(bench.write(f"{whose}撤下的文件", **said))
    withdraw(bench.session, gone.item_id, reason=f"{whose}撤稿原因", by=bench.actor("issuer"))
    site = main_site(bench.session)
    stage_design(bench.session, site, facts=DesignFacts(site.theme), by=bench.actor("tenant_admin"))


def _move_in(runtime: Runtime, place: Place, folder: Path) -> None:
    """An old site, planned and brought in as drafts."""
    make_plan(
        runtime,
        place.tenant_id,
        name=f"old-{place.code}",
        source=Mirror(build_old_site(folder / place.code)),
        by=PLATFORM_ACTOR,
    )
    run_move(runtime, place.tenant_id, f"old-{place.code}", keep_unknown=True, by=PLATFORM_ACTOR)


def _leave_behind(runtime: Runtime, place: Place, whose: str) -> None:
    """What interrupted work and the cache leave: rows, files aside, links half made, evidence."""
    home, folder = runtime.settings.home, PublicFolder(runtime.settings.home)
    with runtime.tenant_session(place.tenant_id) as session:
        add_redirects(session, place.site_id, [(f"/old-{place.code}.asp", "/", 301)])
        session.add(BuildFailure(site_id=place.site_id, key="item:7", reason=f"{whose}的故障"))
        session.add(
            StaleMark(site_id=place.site_id, kind="key", subject=f"{whose}标记", lane="bulk")
        )
        _list_for_order(session, whose)
        _carry(session, whose)
        later = clock.now() + timedelta(days=30)
        session.enqueue("publish_site", key=f"later-{place.code}", run_at=later, site_id=7)
    site = folder.site(place.site_id)
    quarantine = home / "quarantine"
    for path in (
        site.staging / "7",
        quarantine / str(place.site_id) / "20261127T000000Z" / "index.html",
        quarantine / "hosts" / "20261127T000000Z" / place.host / "index.html",
        folder.hosts / f".{place.host}.new",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{whose}留下的残片")
    if not runtime.settings.storage_url:
        (home / "blobs" / "aside" / f"{place.tenant_id}-7").write_text(f"{whose}留下的残片")
    runtime.cache.set(tenant_cache_key(place.tenant_id, "menu"), f"{whose}的缓存", 3600)
    site_of_host(runtime, place.host)


def _list_for_order(session: WalledSession, whose: str) -> None:
    """An order in the making, with one draft on its list."""
    draft = session.scalars(select(Edition).where(Edition.state == "draft").limit(1)).one()
    order = MigrationOrder(
        id=new_id(),
        run=f"{whose}批次",
        reason=f"{whose}迁移",
        digest="0" * 64,
        lines=1,
        proposed_by=7,
        proposed_name=f"{whose}经办人",
    )
    line = MigrationOrderLine(
        order_id=order.id,
        serial=1,
        item_id=draft.item_id,
        edition_id=draft.id,
        digest=draft.digest,
        origin=f"{whose}旧址",
        original_date=date(2015, 1, 1),
    )
    session.add_all([order, line])


def _carry(session: WalledSession, whose: str) -> None:
    """An acceptance of another tenant's, a copy from there, and an item that goes there."""
    known = session.scalars(select(Edition).where(Edition.state == "draft").limit(1)).one()
    accepted = RepostAcceptance(
        id=new_id(),
        origin_tenant_id=7,
        origin_name="别的单位",
        column_id=known.column_id,
        digest="0" * 64,
        proposed_by=7,
        proposed_name=f"{whose}经办人",
    )
    copy = Repost(
        item_id=known.item_id,
        edition_id=known.id,
        origin_tenant_id=7,
        origin_item_id=7,
        origin_edition_id=7,
        origin_digest="0" * 64,
        origin_name="别的单位",
    )
    sent = SentRepost(item_id=known.item_id, receiver_tenant_id=7, sent_by=7)
    taker = RepostTaker(receiver_tenant_id=7, acceptance_id=7)
    told = EditionTranslation(edition_id=known.id, original_id=known.item_id)
    session.add_all([accepted, copy, sent, taker, told])


def put_off(runtime: Runtime, tenant_id: int) -> None:
    """A tenant's jobs wait a month: what follows by itself would fall due in a slow hour."""
    later = clock.now() + timedelta(days=30)
    with runtime.platform_session(reason="test") as session:
        waiting = (Job.for_tenant_id == tenant_id, Job.state == "waiting")
        session.execute(update(Job).where(*waiting).values(run_at=later))


def shut(runtime: Runtime, code: str, *, reason: str = "机构改革，职能并入市政府") -> None:
    """Close a tenant, its notice having run out."""
    with runtime.platform_session(reason="test") as session:
        tenant = tenant_by_code(session, code)
        step = announce_closing(session, tenant, reason=reason, by=PLATFORM_ACTOR)
        session.flush()
        step.notice_until = clock.today()
        close(session, tenant, reason=reason, by=PLATFORM_ACTOR)
    drain(runtime)


# What is kept, as whoever has the machines could read it.


def tables(runtime: Runtime) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """(table, rows) of the whole database."""
    engine = owners_engine(runtime)
    is_postgresql = engine.dialect.name == "postgresql"
    engine.dispose()
    url = runtime.settings.database_platform_url if is_postgresql else str(engine.url)
    reader = create_engine(url)
    with reader.begin() as connection:
        if is_postgresql:
            connection.execute(text("SELECT set_config('app.tenant_id', '-1', true)"))
        metadata = MetaData()
        for name in sorted(inspect(connection).get_table_names()):
            table = Table(name, metadata, autoload_with=connection)
            rows = connection.execute(select(table)).mappings()
            yield name, sorted((dict(row) for row in rows), key=repr)
    reader.dispose()


@dataclass
class Kept:
    """Everything that is kept: rows by table, files of HOME, objects of the bucket, Redis."""

    rows: dict[str, list[dict[str, Any]]]
    files: dict[str, bytes]
    objects: dict[str, bytes]
    values: dict[str, bytes]

    def words(self, *tables_: str) -> str:
        """All rows of some tables as one text."""
        return "\n".join(repr(row) for name in tables_ for row in self.rows.get(name, ()))

    def places(self, needle: str) -> list[str]:
        """Where a text stands, the trail and the record of deletions apart."""
        kept = {f"row of {name}" for name in self.rows if needle in self.words(name)}
        kept -= {f"row of {name}" for name in (*TRAIL, RECORD)}
        raw = needle.encode()
        for kind, things in (("file", self.files), ("object", self.objects), ("key", self.values)):
            kept |= {f"{kind} {n}" for n, body in things.items() if needle in n or raw in body}
        return sorted(kept)


def kept(runtime: Runtime) -> Kept:
    """All that the platform keeps now. SQLite's own files are looked at apart."""
    home = runtime.settings.home
    files = {
        str(path.relative_to(home)): path.read_bytes() if path.is_file() else b""
        for path in sorted(home.rglob("*"))
        if not path.name.startswith("jiyue.sqlite3")
        and not (path.is_symlink() and path.is_dir() and path.parent.name != "hosts")
    }
    return Kept(dict(tables(runtime)), files, _objects(runtime), _values(runtime))


def _objects(runtime: Runtime) -> dict[str, bytes]:
    parts = urlsplit(runtime.settings.storage_url)
    if parts.scheme != "s3":
        return {}
    client = boto3.client("s3", endpoint_url=dict(parse_qsl(parts.query))["endpoint"])
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=parts.netloc)
    keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
    return {key: client.get_object(Bucket=parts.netloc, Key=key)["Body"].read() for key in keys}


def _values(runtime: Runtime) -> dict[str, bytes]:
    if not runtime.settings.redis_url:
        return {}
    with closing(Redis.from_url(runtime.settings.redis_url)) as client:
        return {key.decode(): cast("bytes", client.get(key) or b"") for key in client.scan_iter()}


def needles(house: House, before: Kept) -> set[str]:
    """Words and ids that only the going tenant has."""
    own, other = set[str](), set[str]()
    tenant_id = house.going.place.tenant_id
    for name, rows in before.rows.items():
        for row in rows:
            mine = tenant_id in (row.get("tenant_id"), row.get("for_tenant_id"))
            (own if mine and name not in TRAIL else other).update(_said(row))
    own |= {str(tenant_id), id_text(tenant_id), GOING.name, *GOING.hosts, *house.people()}
    own |= {name for name in before.files if f"blobs/{tenant_id}" in name}
    return own - other


def _said(row: dict[str, Any]) -> Iterator[str]:
    """Texts of some length, and ids as people and addresses write them."""
    for name, value in row.items():
        if isinstance(value, int) and value > 1 << 40 and name.endswith("id"):
            yield from (str(value), id_text(value))
        elif not isinstance(value, int):
            yield from WORDS.findall(str(value))
