"""`jiyue content import` of 10,000 items under a migration order, rendered and public.

The alternative is the same work without tenants, review, lists, integrity or a command: sanitise,
ORM `add_all`, render, gzip and write, in one process.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import nh3
from sqlalchemy import Text, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from bench.stage import ADMIN, Stage, host_of, stage, text, timed
from hosting.runtime.worker import drain
from hosting.security.operations import RoleFacts, create_account, grant_role
from hosting.security.passwords import hashed
from themes.contract import CleanHtml, ColumnView, ItemView, SiteView
from themes.renderer import render

_ITEMS = 10_000
_PASSWORD = "Qing-he-2026-bench"
COLUMN = "/xw/tzgg/"


def run() -> Iterator[str]:
    """Items a second of ours and of the bare parts, and their ratio."""
    with stage(serve=False) as platform, tempfile.TemporaryDirectory() as folder:
        tenant_id = platform.open("bench")
        drain(platform.runtime)
        with prepared(platform, "bench", tenant_id, _ITEMS) as file:
            seconds = timed(lambda: carry_out(platform, "bench", file))
        ours = _ITEMS / seconds
        yield f"imported, signed, rendered and public: {ours:.0f} items/s (at least 300)"
        bare = _ITEMS / timed(lambda: _bare(Path(folder)))
        yield f"bare parts without guards and lists: {bare:.0f} items/s"
        yield f"ratio ours : bare = {ours / bare:.2f}"


def fill(platform: Stage, code: str, tenant_id: int, items: int) -> None:
    """Import items into a tenant's notices under a migration order, until all are public."""
    with prepared(platform, code, tenant_id, items) as file:
        carry_out(platform, code, file)


@contextmanager
def prepared(platform: Stage, code: str, tenant_id: int, items: int) -> Iterator[Path]:
    """The file to import, and the people who propose and sign; gone afterwards."""
    _hire(platform, code, tenant_id)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{code}.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for number in range(items):
                file.write(json.dumps(_line(number), ensure_ascii=False) + "\n")
        yield path


def carry_out(platform: Stage, code: str, file: Path) -> None:
    """Import a prepared file by the command line, until all of it is public."""
    platform.command(
        "content",
        "import",
        str(file),
        *("--tenant", code, "--column", COLUMN, "--order", "历史内容迁入"),
        *("--proposed-by", f"{code}-a", "--by", f"{code}-b"),
    )


def _hire(platform: Stage, code: str, tenant_id: int) -> None:
    settings = platform.runtime.settings
    for login, role in ((f"{code}-a", "editor"), (f"{code}-b", "issuer")):
        password = hashed(_PASSWORD, settings=settings, login=login)
        with platform.runtime.platform_session(reason="benchmark") as session:
            account = create_account(session, login=login, name=login, password=password, by=ADMIN)
            grant_role(session, account, facts=RoleFacts(role, tenant_id), by=ADMIN)


def _line(number: int) -> dict[str, str]:
    day = date(2005, 1, 1) + timedelta(days=number % 10_000 * 2 // 3)
    return {
        "external_id": f"bench-{number}",
        "title": f"关于第{number}号事项的通知",
        "body_html": _body(number),
        "date": day.isoformat(),
        "source": "市政府办公室",
    }


def _body(number: int) -> str:
    return "".join(f"<p>{text(number * 10 + part, 120)}。</p>" for part in range(6))


class _Base(DeclarativeBase):
    pass


class _Article(_Base):
    __tablename__ = "article"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str] = mapped_column(Text)


def _bare(folder: Path) -> None:
    engine = create_engine(f"sqlite:///{folder / 'bare.sqlite3'}")
    _Base.metadata.create_all(engine)
    for start in range(0, _ITEMS, 500):
        with Session(engine) as session:
            rows = [
                _Article(id=n + 1, title=f"关于第{n}号事项的通知", body=nh3.clean(_body(n)))
                for n in range(start, start + 500)
            ]
            session.add_all(rows)
            session.commit()
            for row in rows:
                _write(folder, row)
    engine.dispose()


def _write(folder: Path, row: _Article) -> None:
    page = render("county", _view(row))
    path = folder / f"{row.id}.html"
    path.write_bytes(page)
    path.with_suffix(".html.gz").write_bytes(gzip.compress(page, 6, mtime=0))


def _view(row: _Article) -> ItemView:
    return ItemView(
        site=_SITE,
        column=_COLUMN,
        path=f"/{row.id}.html",
        title=row.title,
        pub_date="2020-01-01 00:00",
        source="市政府办公室",
        body=CleanHtml(row.body),
    )


_SITE = SiteView(
    name="某县人民政府",
    short_name="某县",
    locale="zh_Hans_CN",
    site_domain=host_of("bench"),
    site_id_code="",
    sponsor="某县人民政府办公室",
)
_COLUMN = ColumnView(
    name="通知公告", path=COLUMN, description="通知公告", keywords="通知", column_type="工作动态"
)
