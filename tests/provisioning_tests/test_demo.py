"""The sample municipality: complete, signed, repeatable, and honest about being a sample."""

from __future__ import annotations

import shutil
import stat
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hosting.directory.asking import Asker
from hosting.directory.models import Site, Tenant
from hosting.directory.queries import tenant_by_code
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from hosting.runtime.worker import drain
from hosting.security.models import Account
from hosting.security.passwords import verifies
from hosting.security.queries import credential_of_login
from parts.platform import make_home
from provisioning.blueprints.loader import blueprint
from provisioning.demo.accounts import FILE, fresh_password
from provisioning.demo.municipality import FOLDER, TenantPlan, municipality
from provisioning.demo.pieces import pieces_of
from provisioning.demo.prose import pictures_in, to_html
from provisioning.demo.steps import STEPS
from tenants.content.models import Edition, EditionAsset, Item
from tenants.review.models import Issue, SecrecyReview, Signature

TODAY = date(2026, 11, 23)
PLANS = municipality().tenants
Loaded = tuple[Runtime, dict[str, object]]

# The whole sample is loaded once, which takes half a minute of work.
pytestmark = pytest.mark.timeout(300)


def run_demo(runtime: Runtime) -> dict[str, object]:
    told: dict[str, object] = {}
    for step in sorted(STEPS, key=lambda step: step.order):
        told |= step.run(runtime)
        drain(runtime)
    return told


def places_of(plan: TenantPlan) -> set[str]:
    chosen = blueprint(plan.kind)
    below = {s.path[:-1] + c.path for s in plan.subsites for c in chosen.subsite_columns}
    return {column.path for column in chosen.columns} | below


def test_the_municipality_has_a_portal_two_counties_a_department_and_two_townships() -> None:
    kinds = Counter(plan.kind for plan in PLANS)

    assert kinds == {"portal": 1, "county": 2, "department": 1}
    assert [len(plan.subsites) for plan in PLANS if plan.subsites] == [2]


def test_at_least_three_hundred_items_are_official_texts_with_their_real_dates() -> None:
    laws = [p for plan in PLANS for p in pieces_of(plan, TODAY) if "-law-" in p.key]

    assert len(laws) >= 300
    assert {law.source for law in laws} == {"国家法律法规数据库"}
    assert len({law.title for law in laws}) == len(laws)
    assert min(law.day for law in laws) < date(2000, 1, 1) < max(law.day for law in laws)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.code)
def test_every_piece_has_a_column_and_every_leaf_column_a_piece(plan: TenantPlan) -> None:
    used = {piece.column for piece in pieces_of(plan, TODAY)}
    places = places_of(plan)
    above = {path[: path.rindex("/", 0, -1) + 1] for path in places}

    assert used <= places
    assert places - above - {"/xz/"} <= used


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.code)
def test_texts_are_whole_whatever_the_day(plan: TenantPlan) -> None:
    for day in (TODAY, date(2028, 2, 29), date(2027, 1, 1)):
        for piece in pieces_of(plan, day):
            assert piece.text.strip(), piece.key
            assert "{" not in piece.title + piece.text, piece.key
            assert piece.day < day, piece.key


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.code)
def test_every_picture_and_attachment_is_carried_along(plan: TenantPlan) -> None:
    wanted = {
        name
        for piece in pieces_of(plan, TODAY)
        for name in (*piece.attachments, *pictures_in(piece.text))
    }

    assert wanted
    assert {name for name in wanted if not (FOLDER / "files" / name).is_file()} == set()


def test_prose_becomes_paragraphs_headings_tables_and_pictures() -> None:
    html = to_html(
        "第一段<一>\n\n## 标题\n\n| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n\n![河](a.png)\n\n"
        "云溪市人民政府\n\n2026年1月2日",
        {"a.png": "/m/00/a.png"},
    )

    assert "第一段&lt;一&gt;" in html
    assert "<h2>标题</h2>" in html
    assert '<th scope="col">甲</th>' in html
    assert "<td>2</td>" in html
    assert '<img src="/m/00/a.png" alt="河">' in html
    assert html.count("text-align:right") == 2


def test_fresh_passwords_differ_and_need_no_luck() -> None:
    passwords = {fresh_password() for _ in range(50)}

    assert len(passwords) == 50
    assert all(len(password) == 19 for password in passwords)


@pytest.fixture(scope="module")
def loaded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """The platform with the whole sample loaded once; tests only look at it."""
    home = make_home(tmp_path_factory.mktemp("demo"))
    shutil.copy(sqlite_template, home / "jiyue.sqlite3")
    runtime = Runtime.open(Settings(home=home, host_cache_seconds=0))
    told = run_demo(runtime)
    yield runtime, told
    runtime.close()


def totals(runtime: Runtime) -> dict[str, int]:
    models = (Tenant, Account, Item, Edition, Signature, SecrecyReview, Issue, EditionAsset)
    with runtime.platform_session(reason="test", reading=True) as session:
        return {
            model.__name__: session.scalar(select(func.count()).select_from(model)) or 0
            for model in models
        }


def test_every_item_is_public_on_three_signatures_of_three_people(loaded: Loaded) -> None:
    runtime, told = loaded
    count = totals(runtime)

    assert told["items_signed"] + told["translations_signed"] == count["Item"]
    assert count["Item"] >= 500
    assert count["Issue"] == count["SecrecyReview"] == count["Item"]
    with runtime.platform_session(reason="test", reading=True) as session:
        assert session.scalars(select(Edition.state).distinct()).all() == ["published"]
        per_item = session.execute(
            select(func.count(), func.count(Signature.signed_by.distinct())).group_by(
                Signature.edition_id
            )
        )
        assert {(row[0], row[1]) for row in per_item} == {(3, 3)}


def test_some_items_have_tables_pictures_and_attachments(loaded: Loaded) -> None:
    runtime, _ = loaded
    with runtime.platform_session(reason="test", reading=True) as session:
        roles = Counter(session.scalars(select(EditionAsset.role)))
        tables = select(func.count()).where(Edition.body_html.contains("<table"))

        assert roles["image"] >= 20
        assert roles["attachment"] >= 20
        assert (session.scalar(tables) or 0) >= 60


def test_every_home_page_answers_and_says_that_it_is_a_sample(loaded: Loaded) -> None:
    runtime, _ = loaded
    asker = Asker(runtime)
    for plan in PLANS:
        home = asker.ask(plan.host)
        assert home.status == 200
        assert plan.name in home.body.decode()
        assert "虚构" in home.body.decode()


def test_wanted_services_lead_to_their_guides(loaded: Loaded) -> None:
    runtime, _ = loaded
    asker = Asker(runtime)
    with runtime.platform_session(reason="test", reading=True) as session:
        tenant = tenant_by_code(session, "qinghe")
        site = session.scalars(select(Site).where(Site.tenant_id == tenant.id)).one()
        addresses = [service["address"] for service in site.layout["services"]]

    assert all(address.startswith("/art/") for address in addresses)
    assert asker.ask("www.qinghe.localhost", addresses[0]).status == 200


def test_the_accounts_file_is_its_owners_alone_and_tells_the_truth(loaded: Loaded) -> None:
    runtime, told = loaded
    path = runtime.settings.home / FILE
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line[0] != "#"]

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(lines) == told["accounts_made"] == len(municipality().people)
    login, password = lines[0].split()[:2]
    with runtime.platform_session(reason="test", reading=True) as session:
        known = credential_of_login(session, login)
        assert known is not None
        assert verifies(password, known.password_hash)


def test_a_second_run_changes_nothing(loaded: Loaded) -> None:
    runtime, _ = loaded
    before = totals(runtime)
    passwords = (runtime.settings.home / FILE).read_bytes()

    told = run_demo(runtime)

    assert totals(runtime) == before
    assert (runtime.settings.home / FILE).read_bytes() == passwords
    assert {value for key, value in told.items() if key != "accounts_file"} == {0}
