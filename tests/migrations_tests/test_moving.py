"""An old site is moved in: planned, run, verified, cut over, accounted for, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from hosting.directory.asking import Asker
from hosting.directory.models import Tenant
from hosting.publishing.models import Redirect
from hosting.publishing.rendering import Page, render_path
from hosting.publishing.stale import changed
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security.actor import PLATFORM_ACTOR, Actor
from migrations.legacy.models import LegacyAddress, LegacyFinding, LegacyRun
from migrations.legacy.operations.planning import decide_address
from migrations.legacy.queries import addresses_of, run_of, tenant_of_run
from migrations.legacy.sources.mirror import Mirror
from migrations.legacy.steps.certificate import certify
from migrations.legacy.steps.check import check_plan
from migrations.legacy.steps.cutover import CutOver, cut_over
from migrations.legacy.steps.plan import make_plan
from migrations.legacy.steps.run import run_move
from migrations.legacy.steps.undo import undo_move
from migrations.legacy.steps.verify import Answered, verify_move
from parts.office import EDITOR, ISSUER, columns_of_office, office
from parts.old_site import ARTICLES, INJECTED
from parts.platform import Place
from parts.refusals import refused
from tenants.content.models import DRAFT, Edition, Item
from tenants.media.models import Asset
from tenants.sites.models import PLANNED, Column

NAME = "qhz"


@dataclass
class Mover:
    """Somebody of operations who moves one old site into one tenant."""

    runtime: Runtime
    place: Place
    folder: Path

    def plan(self, name: str = NAME) -> None:
        make_plan(
            self.runtime,
            self.place.tenant_id,
            name=name,
            source=Mirror(self.folder),
            by=PLATFORM_ACTOR,
        )

    def run(self, *, keep_unknown: bool | None = None) -> None:
        run_move(
            self.runtime, self.place.tenant_id, NAME, keep_unknown=keep_unknown, by=PLATFORM_ACTOR
        )

    def verify(self) -> list[Answered]:
        return verify_move(self.runtime, self.place.tenant_id, NAME, by=PLATFORM_ACTOR)

    def cut_over(self, proposed_by: Actor = EDITOR, by: Actor = ISSUER) -> CutOver:
        return cut_over(self.runtime, self.place.tenant_id, NAME, proposed_by=proposed_by, by=by)

    def open_history(self, until: date = date(2020, 1, 1)) -> None:
        with self.runtime.platform_session(reason="test") as session:
            tenant = session.scalars(select(Tenant).where(Tenant.id == self.place.tenant_id)).one()
            tenant.history_until = until

    def all_the_way(self) -> CutOver:
        with self.runtime.tenant_session(self.place.tenant_id) as session:
            changed(session, self.place.site_id, [], keys=["home:"])
        self.open_history()
        self.plan()
        self.run()
        self.verify()
        return self.cut_over()

    @contextmanager
    def reading(self) -> Iterator[WalledSession]:
        with self.runtime.tenant_session(self.place.tenant_id, reading=True) as session:
            yield session

    def editions(self) -> dict[str, Edition]:
        """The newest edition of each item, by old address."""
        with self.reading() as session:
            rows = session.execute(
                select(Item.old_address, Edition)
                .join(Edition, (Edition.tenant_id == Item.tenant_id) & (Edition.item_id == Item.id))
                .order_by(Edition.number)
            )
            return {row[0]: row[1] for row in rows}

    def shown(self, path: str) -> Page | None:
        """What readers would be shown at a path."""
        with self.reading() as session:
            page = render_path(self.runtime, session, self.place.site_id, path, drafts=False)
        return page if isinstance(page, Page) else None

    def count(self, model: type[Any]) -> int:
        with self.reading() as session:
            return session.scalar(select(func.count(model.id))) or 0

    def decisions(self) -> dict[str, str]:
        with self.reading() as session:
            rows = addresses_of(session, run_of(session, NAME).id)
            return {row.address: row.decision for row in rows}

    def targets(self) -> dict[str, str]:
        with self.reading() as session:
            rows = addresses_of(session, run_of(session, NAME).id)
            return {row.address: row.target for row in rows}


@pytest.fixture
def mover(runtime: Runtime, river: Place, old_folder: Path) -> Mover:
    return Mover(runtime, river, old_folder)


def add_page(folder: Path, name: str, text: str) -> None:
    (folder / name).write_bytes(f"<html><body>{text}</body></html>".encode("gb18030"))


def test_every_old_address_gets_a_decision(mover: Mover) -> None:
    mover.plan()

    decisions = mover.decisions()

    assert len(decisions) == sum(1 for path in mover.folder.rglob("*") if path.is_file())
    assert decisions["/show.asp?id=1"] == "page"
    assert decisions["/list.asp?cid=1"] == "redirect"
    assert decisions["/uploadfile/2009/fangxun.pdf"] == "attachment"
    assert decisions["/uploadfile/2009/hui.png"] == "asset"
    assert decisions["/css/style.css"] == "drop"


def test_planning_again_changes_nothing_but_what_the_source_changed(mover: Mover) -> None:
    mover.plan()
    before = mover.decisions(), mover.count(LegacyFinding)
    mover.plan()
    assert (mover.decisions(), mover.count(LegacyFinding)) == before

    add_page(mover.folder, "new.html", "新页面")
    (mover.folder / "show.asp?id=6").unlink()
    mover.plan()

    assert "/new.html" in mover.decisions()
    assert "/show.asp?id=6" not in mover.decisions()


def test_what_a_person_decided_stands_when_planned_again(mover: Mover) -> None:
    mover.plan()
    with mover.runtime.tenant_session(mover.place.tenant_id) as session:
        run = run_of(session, NAME)
        decide_address(
            session,
            run,
            "/show.asp?id=5",
            decision="redirect",
            destination="/gk/",
            reason="并入概况",
            by=EDITOR,
        )

    mover.plan()

    assert mover.decisions()["/show.asp?id=5"] == "redirect"


def test_a_decision_that_cannot_be_is_refused(mover: Mover) -> None:
    mover.plan()
    with mover.runtime.tenant_session(mover.place.tenant_id) as session:
        run = run_of(session, NAME)
        facts = {"reason": "", "by": EDITOR}

        with refused("no_such_address"):
            decide_address(session, run, "/x", decision="gone", destination="", **facts)
        with refused("wrong_destination"):
            decide_address(session, run, "/index.asp", decision="redirect", destination="", **facts)
        with refused("wrong_destination"):
            decide_address(
                session,
                run,
                "/index.asp",
                decision="redirect",
                destination="https://elsewhere.example/",
                **facts,
            )


def test_nothing_runs_while_an_address_is_undecided(mover: Mover) -> None:
    add_page(mover.folder, "odd.html", "")
    mover.plan()
    assert mover.decisions()["/odd.html"] == "unknown"

    with refused("undecided"):
        mover.run()
    assert mover.count(Item) == 0

    mover.run(keep_unknown=False)
    assert mover.decisions()["/odd.html"] == "gone"
    assert mover.count(Item) == len(ARTICLES)


def test_what_is_kept_though_unknown_comes_in_as_a_page(mover: Mover) -> None:
    add_page(mover.folder, "odd.html", "")
    mover.plan()

    mover.run(keep_unknown=True)

    assert mover.decisions()["/odd.html"] == "page"
    assert "/odd.html" in mover.editions()


def test_articles_come_in_as_drafts_with_what_they_said(mover: Mover) -> None:
    mover.plan()
    mover.run()

    editions = mover.editions()

    for article in ARTICLES:
        edition = editions[f"/show.asp?id={article.number}"]
        assert edition.state == DRAFT
        assert edition.title == article.title
        assert edition.original_date == date.fromisoformat(article.date[:10])
        assert f"发布时间：{article.date}" in edition.original_date_source
        assert edition.source_name == article.source
    with mover.reading() as session:
        names = {row.id: row.name for row in session.scalars(select(Column))}
    assert names[editions["/show.asp?id=3"].column_id] == "机构概况"


def test_links_and_pictures_of_a_text_lead_to_what_they_became(mover: Mover) -> None:
    mover.plan()
    mover.run()

    targets, editions = mover.targets(), mover.editions()
    body = editions["/show.asp?id=2"].body_html

    assert f'href="{targets["/show.asp?id=1"]}"' in body
    assert f'src="{targets["/uploadfile/2009/hui.png"]}"' in body
    assert "已删除的文件" in body
    assert "show.asp" not in body
    assert targets["/uploadfile/2009/fangxun.pdf"] in editions["/show.asp?id=1"].body_html
    assert "file://" not in editions["/show.asp?id=6"].body_html
    assert "casino" not in editions["/show.asp?id=4"].body_html


def test_running_again_makes_nothing_new(mover: Mover) -> None:
    mover.plan()
    mover.run()
    counts = [mover.count(model) for model in (Item, Edition, Asset, Column, LegacyAddress)]

    mover.run()

    again = [mover.count(model) for model in (Item, Edition, Asset, Column, LegacyAddress)]
    assert again == counts


class Killed(BaseException):
    """The machine went off."""


class Mortal:
    """A runtime whose process dies when so many transactions have been committed."""

    def __init__(self, runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = -1
        self._open = runtime.tenant_session
        monkeypatch.setattr(runtime, "tenant_session", self._session)

    def _session(
        self, tenant_id: int | None, *, reading: bool = False
    ) -> AbstractContextManager[WalledSession]:
        return self._open(tenant_id, reading=True) if reading else self._counted(tenant_id)

    @contextmanager
    def _counted(self, tenant_id: int | None) -> Iterator[WalledSession]:
        with self._open(tenant_id) as session:
            yield session
            if self.left == 0:
                raise Killed
        self.left -= 1


def test_killed_at_any_transaction_and_run_again_it_ends_the_same(
    mover: Mover, monkeypatch: pytest.MonkeyPatch
) -> None:
    mortal = Mortal(mover.runtime, monkeypatch)
    deaths = 0
    while True:
        mortal.left = deaths
        try:
            mover.plan()
            mover.run()
        except Killed:
            deaths += 1
            continue
        break

    mortal.left = -1
    assert deaths > 8
    assert mover.count(Item) == len(ARTICLES)
    assert mover.count(Column) == 3
    assert mover.count(Asset) == 2
    assert {edition.number for edition in mover.editions().values()} == {1}
    assert all(answer.is_right for answer in mover.verify())


def test_a_source_that_changed_after_planning_is_not_run(mover: Mover) -> None:
    mover.plan()
    add_page(mover.folder, "show.asp?id=1", "别的内容")

    with refused("source_changed"):
        mover.run()


def test_the_check_names_what_stands_in_the_way(mover: Mover) -> None:
    add_page(mover.folder, "odd.html", "")
    (mover.folder / "uploadfile/2009/fangxun.pdf").write_bytes(b"MZ\x90 a program")
    mover.plan()

    found = check_plan(mover.runtime, mover.place.tenant_id, NAME, by=PLATFORM_ACTOR)

    codes = {(one.code, one.address): one.blocking for one in found}
    assert codes[("undecided", "/odd.html")] is True
    assert codes[("history_closed", "")] is True
    assert codes[("file_refused", "/uploadfile/2009/fangxun.pdf")] is False
    with mover.reading() as session:
        assert run_of(session, NAME).state == "planned"


def test_a_file_that_no_door_lets_in_is_left_out_and_named(mover: Mover) -> None:
    (mover.folder / "uploadfile/2009/fangxun.pdf").write_bytes(b"MZ\x90 a program")
    mover.plan()
    mover.run()

    assert mover.decisions()["/uploadfile/2009/fangxun.pdf"] == "drop"
    assert mover.editions()["/show.asp?id=1"].lost_attachments == ["防汛预案.pdf"]


def test_every_old_address_answers_in_the_preview_before_anything_is_public(mover: Mover) -> None:
    mover.plan()
    mover.run()

    answers = mover.verify()

    assert [one for one in answers if not one.is_right] == []
    assert {one.address for one in answers} >= {f"/show.asp?id={one.number}" for one in ARTICLES}
    with mover.reading() as session:
        assert session.scalars(select(Item.id).where(Item.live_edition_id.is_not(None))).all() == []


def test_columns_that_a_move_brings_are_public_from_the_cut_over_on(mover: Mover) -> None:
    mover.open_history()
    mover.plan()
    mover.run()
    with mover.reading() as session:
        brought = {each.path for each in session.scalars(select(Column)) if each.state == PLANNED}
    mover.verify()

    before = [mover.shown(path) for path in sorted(brought)]
    mover.cut_over()

    assert brought
    assert set(before) == {None}
    assert None not in [mover.shown(path) for path in brought]


def test_one_person_cannot_cut_over(mover: Mover) -> None:
    mover.open_history()
    mover.plan()
    mover.run()
    mover.verify()

    with refused("own_proposal"):
        mover.cut_over(proposed_by=ISSUER, by=ISSUER)


def test_nothing_is_cut_over_that_was_not_verified(mover: Mover) -> None:
    mover.open_history()
    mover.plan()
    mover.run()

    with refused("wrong_state"):
        mover.cut_over()


def test_after_cut_over_old_addresses_lead_to_public_pages(
    each_runtime: Runtime, river: Place, old_folder: Path
) -> None:
    mover = Mover(each_runtime, river, old_folder)
    done = mover.all_the_way()

    asker = Asker(mover.runtime)
    old = asker.ask(mover.place.host, "/show.asp?id=1")
    page = asker.ask(mover.place.host, old.headers["location"])

    assert (done.public, done.waiting) == (len(ARTICLES), 0)
    assert old.status == 301
    assert page.status == 200
    assert "关于做好2009年防汛工作的通知" in page.body.decode()
    assert asker.ask(mover.place.host, "/list.asp?cid=2").status == 301
    assert asker.ask(mover.place.host, "/SHOW.ASP?ID=1").status == 301
    assert [answer for answer in mover.verify() if not answer.is_right] == []


def test_no_public_page_carries_what_was_injected(mover: Mover) -> None:
    mover.all_the_way()

    public = list((mover.runtime.settings.home / "public").rglob("*.html"))

    assert len(public) > len(ARTICLES)
    for page in public:
        text = page.read_text(encoding="utf-8")
        assert INJECTED not in text
        assert "casino.example" not in text


def test_cut_over_closes_the_time_for_history(mover: Mover) -> None:
    mover.all_the_way()

    with mover.runtime.platform_session(reason="test", reading=True) as session:
        tenant = session.scalars(select(Tenant).where(Tenant.id == mover.place.tenant_id)).one()
        assert tenant.history_until is None


def test_cutting_over_again_changes_nothing(mover: Mover) -> None:
    mover.all_the_way()
    before = mover.count(Redirect)

    again = mover.cut_over()

    assert again.order_lines == 0
    assert mover.count(Redirect) == before


def test_an_article_without_a_date_waits_for_its_reviews(mover: Mover) -> None:
    text = (
        "<p>清河镇位于县城东部，总面积一百二十平方公里，辖十二个村民委员会，人口三万余人。</p>" * 3
    )
    add_page(mover.folder, "about.html", f"<h2>清河镇简介</h2>{text}")
    done = mover.all_the_way()

    assert (done.public, done.waiting) == (len(ARTICLES), 1)
    assert mover.editions()["/about.html"].original_date is None
    assert Asker(mover.runtime).ask(mover.place.host, "/about.html").status == 404


def test_the_certificate_adds_up(mover: Mover) -> None:
    mover.all_the_way()

    facts = certify(mover.runtime, mover.place.tenant_id, NAME)

    assert facts["adds_up"] is True
    assert facts["found"] == facts["imported"] + facts["redirected"] + facts["dropped"]
    assert facts["imported_by_kind"] == {"page": len(ARTICLES), "attachment": 1, "asset": 1}
    assert facts["order"]["proposed_by"] == EDITOR.name
    assert facts["order"]["issued_by"] == ISSUER.name


def test_undoing_before_cut_over_leaves_nothing_of_it_and_all_else(mover: Mover) -> None:
    with office(mover.runtime, mover.place) as desk:
        desk.write("本单位自己的草稿")
    columns = mover.count(Column)
    mover.plan()
    mover.run()

    done = undo_move(mover.runtime, mover.place.tenant_id, NAME, by=PLATFORM_ACTOR)

    assert done.deleted == len(ARTICLES)
    assert [edition.title for edition in mover.editions().values()] == ["本单位自己的草稿"]
    assert mover.count(Column) == columns


def test_undoing_after_cut_over_withdraws_and_ends_redirects(mover: Mover) -> None:
    mover.all_the_way()

    done = undo_move(mover.runtime, mover.place.tenant_id, NAME, by=ISSUER)

    assert done.withdrawn == len(ARTICLES)
    assert mover.count(Redirect) == 0
    assert Asker(mover.runtime).ask(mover.place.host, "/show.asp?id=1").status == 404
    with refused("cut_over_already"):
        mover.plan()


def test_columns_that_the_tenant_has_are_used_as_they_are(mover: Mover) -> None:
    with mover.runtime.tenant_session(mover.place.tenant_id) as session:
        own = {column.name: column.id for column in columns_of_office(session)}
    mover.plan()
    mover.run()

    assert mover.editions()["/show.asp?id=1"].column_id == own["通知公告"]


def test_a_document_that_a_list_shows_by_itself_becomes_an_item(mover: Mover) -> None:
    page = mover.folder / "list.asp?cid=1"
    link = '<a href="uploadfile/2009/fangxun.pdf">防汛预案全文</a>'
    row = f"<table><tr><td>{link}</td><td>2009-06-01</td></tr></table><table><tr><td>"
    page.write_bytes(page.read_bytes().replace(b"<table><tr><td>", row.encode("gb18030"), 1))
    article = mover.folder / "show.asp?id=1"
    article.write_bytes(article.read_bytes().replace(b"fangxun.pdf", b"other.pdf"))
    mover.plan()
    mover.run()

    edition = mover.editions()["/uploadfile/2009/fangxun.pdf"]

    assert (edition.title, edition.original_date) == ("防汛预案全文", date(2009, 6, 1))


def test_another_tenant_neither_sees_nor_meets_the_move(mover: Mover, hill: Place) -> None:
    mover.plan()
    other = Mover(mover.runtime, hill, mover.folder)

    with other.reading() as session, refused("no_such_run"):
        run_of(session, NAME)
    other.plan()
    other.run()

    assert mover.count(Item) == 0
    with refused("name_ambiguous"):
        tenant_of_run(mover.runtime, NAME, None)
    assert tenant_of_run(mover.runtime, NAME, hill.code) == hill.tenant_id


def test_a_name_that_another_import_used_is_refused(mover: Mover) -> None:
    with office(mover.runtime, mover.place) as desk:
        draft = desk.write("早先导入的")
        desk.session.scalars(select(Item).where(Item.id == draft.item_id)).one().run = NAME

    with refused("name_taken"):
        mover.plan()
    assert mover.count(LegacyRun) == 0


@pytest.mark.sample("sites/gxpopss_cn")
def test_the_first_real_site_moves_in_whole(runtime: Runtime, river: Place, sample: Path) -> None:
    mover = Mover(runtime, river, sample)
    done = mover.all_the_way()
    editions = mover.editions()
    facts = certify(runtime, river.tenant_id, NAME)
    asker = Asker(runtime)

    assert done.public == len(editions) == 73
    assert facts["adds_up"] is True
    assert facts["found"] == 127
    assert all(edition.title and edition.original_date for edition in editions.values())
    assert all(answer.is_right for answer in mover.verify())
    opened = "/staticpages/20190513/ghb5cd8e75c-349.html"
    assert editions[opened].body_html.count("<img") == 4
    assert asker.ask(river.host, opened).status == 301
    assert len(editions["/staticpages/20190520/ghb5ce266e6-350.html"].lost_attachments) == 5
