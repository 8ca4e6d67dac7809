"""A site in another design: on trial, looked at, shown, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import Client

from hosting.directory.application import create_application
from hosting.directory.queries import main_site
from hosting.publishing.tree import PublicFolder, SiteFolder
from hosting.publishing.verify import verify_site
from hosting.publishing.whole_site import rebuild_site
from hosting.runtime.errors import Conflict, Forbidden, Invalid
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from hosting.security.actor import Actor
from hosting.security.audit import AuditEntry
from parts.office import ADMIN, EDITOR, ISSUER, office
from parts.platform import Place
from tenants.content.models import Item
from tenants.pages import redesign
from tenants.pages.preview import staged_address
from tenants.review.operations.withdraw import withdraw
from tenants.sites.events import SiteChanged
from tenants.sites.models import SiteDesign
from tenants.sites.operations.redesigning import DesignFacts
from themes.assets import asset_path

NEW = DesignFacts("department", main="#7a2e1d")
BOTH = Actor(21, "一人", frozenset({"tenant_admin", "issuer"}))


@pytest.fixture(autouse=True)
def _one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What others render beside us has a test of its own."""
    monkeypatch.setattr("tenants.pages.redesign.processes_here", lambda: 1)


@pytest.fixture
def site(runtime: Runtime, river: Place, hill: Place) -> Iterator[SiteFolder]:
    """Two items are public, in the theme that the site was opened with."""
    with office(runtime, river) as desk:
        for title in ("甲事", "乙事"):
            desk.pass_all(desk.write(f"关于{title}的通知"))
        desk.session.record(SiteChanged(river.tenant_id, river.site_id))
    drain(runtime)
    yield PublicFolder(runtime.settings.home).site(river.site_id)
    assert verify_site(runtime, river.tenant_id, river.site_id).findings == []
    assert verify_site(runtime, hill.tenant_id, hill.site_id).findings == []


def stage(runtime: Runtime, place: Place, facts: DesignFacts = NEW, by: Actor = ADMIN) -> None:
    report = redesign.stage(runtime, place.tenant_id, place.site_id, facts=facts, by=by)
    assert report.failures == {}


def switch(runtime: Runtime, place: Place, by: Actor = ISSUER) -> None:
    redesign.switch(runtime, place.tenant_id, place.site_id, by=by)


def roll_back(runtime: Runtime, place: Place, by: Actor = ISSUER) -> None:
    redesign.roll_back(runtime, place.tenant_id, place.site_id, by=by)


def designs(runtime: Runtime, place: Place) -> dict[str, str]:
    """Theme by state."""
    with runtime.tenant_session(place.tenant_id, reading=True) as session:
        return {each.state: each.theme for each in session.scalars(select(SiteDesign))}


def files(tree: Path) -> dict[str, bytes]:
    found = (path for path in tree.resolve().rglob("*") if path.is_file())
    return {str(path.relative_to(tree.resolve())): path.read_bytes() for path in found}


def withdraw_first(runtime: Runtime, place: Place) -> str:
    """The path of an item that is not public any more."""
    with runtime.tenant_session(place.tenant_id) as session:
        item = session.scalars(select(Item).order_by(Item.id)).first()
        assert item is not None
        withdraw(session, item.id, reason="内容有误", by=ISSUER)
        path = item.path
    drain(runtime)
    return path


def publish_another(runtime: Runtime, place: Place) -> None:
    with office(runtime, place) as desk:
        desk.pass_all(desk.write("关于丙事的通知"))
    drain(runtime)


def test_readers_see_the_design_after_the_switch_and_not_before(
    runtime: Runtime, river: Place, site: SiteFolder
) -> None:
    before = files(site.current)
    new_sheet = asset_path("department", "theme.css").encode()

    stage(runtime, river)
    assert files(site.current) == before

    switch(runtime, river)
    home = (site.current / "index.html").read_bytes()
    assert new_sheet in home
    assert b"#7a2e1d" in (site.current / "site.css").read_bytes()
    assert designs(runtime, river) == {"past": "county", "shown": "department"}


def test_what_follows_the_switch_finds_nothing_left_to_do(
    runtime: Runtime, river: Place, site: SiteFolder
) -> None:
    stage(runtime, river)
    switch(runtime, river)
    switched = files(site.current)

    drain(runtime)

    assert files(site.current) == switched
    rebuild_site(runtime, river.tenant_id, river.site_id)
    assert files(site.current) == switched


def test_a_page_read_before_the_switch_finds_its_style_sheet_after_it(
    runtime: Runtime, river: Place, site: SiteFolder
) -> None:
    old_sheet = asset_path("county", "theme.css")
    assert old_sheet in (site.current / "index.html").read_text("utf-8")

    stage(runtime, river)
    switch(runtime, river)
    drain(runtime)

    assert (site.current / old_sheet[1:]).is_file()


@pytest.mark.parametrize("is_built_anew", [False, True], ids=["at once", "after a whole build"])
def test_rolling_back_brings_the_design_back_and_keeps_what_was_done(
    runtime: Runtime, river: Place, site: SiteFolder, is_built_anew: bool
) -> None:
    stage(runtime, river)
    switch(runtime, river)
    drain(runtime)
    gone = withdraw_first(runtime, river)
    if is_built_anew:
        rebuild_site(runtime, river.tenant_id, river.site_id)
    publish_another(runtime, river)

    roll_back(runtime, river)

    home = (site.current / "index.html").read_text("utf-8")
    assert asset_path("county", "theme.css") in home
    titles = [path for path in files(site.current) if path.startswith("art/")]
    assert len([path for path in titles if path.endswith(".html")]) == 2
    assert not (site.current / gone[1:]).exists()
    assert designs(runtime, river) == {"past": "department", "shown": "county"}
    with runtime.tenant_session(river.tenant_id, reading=True) as session:
        shown = main_site(session)
        assert (shown.theme, shown.tokens) == ("county", {})
    drain(runtime)
    rolled_back = files(site.current)
    rebuild_site(runtime, river.tenant_id, river.site_id)
    assert files(site.current) == rolled_back


def test_a_design_may_come_again_after_it_was_taken_back(
    runtime: Runtime, river: Place, site: SiteFolder
) -> None:
    for _ in range(2):
        stage(runtime, river)
        switch(runtime, river)
        drain(runtime)
        roll_back(runtime, river)
        drain(runtime)

    with pytest.raises(Conflict) as caught:
        roll_back(runtime, river)

    assert caught.value.code == "no_earlier_design"


def test_other_settings_stay_as_they_were_set_meanwhile(
    runtime: Runtime, river: Place, site: SiteFolder
) -> None:
    stage(runtime, river)
    switch(runtime, river)
    with runtime.tenant_session(river.tenant_id) as session:
        own = main_site(session)
        own.tokens = {**own.tokens, "greyscale": True}
        own.layout = {**own.layout, "footer_links": [{"name": "省政府", "address": "/"}]}

    roll_back(runtime, river)

    with runtime.tenant_session(river.tenant_id, reading=True) as session:
        own = main_site(session)
        assert own.tokens == {"greyscale": True}
        assert own.layout["footer_links"][0]["name"] == "省政府"


def test_who_staged_a_design_does_not_show_it(
    runtime: Runtime, river: Place, site: SiteFolder
) -> None:
    stage(runtime, river, by=BOTH)

    with pytest.raises(Forbidden):
        switch(runtime, river, by=BOTH)
    with pytest.raises(Forbidden):
        switch(runtime, river, by=ADMIN)
    with pytest.raises(Forbidden):
        stage(runtime, river, by=EDITOR)

    assert designs(runtime, river) == {"staged": "department"}
    switch(runtime, river)


def test_a_second_trial_takes_the_place_of_the_first(
    runtime: Runtime, river: Place, site: SiteFolder
) -> None:
    stage(runtime, river, DesignFacts("base"))
    stage(runtime, river)

    assert designs(runtime, river) == {"left": "base", "staged": "department"}
    assert len(site.trees()) == 2

    redesign.leave(runtime, river.tenant_id, river.site_id, by=ADMIN)
    assert "staged" not in designs(runtime, river)
    assert len(site.trees()) == 1


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (DesignFacts("no-such"), "theme_unknown"),
        (DesignFacts("county", main="#ffd400"), "tokens_unusable"),
        (DesignFacts("county", motif="streams"), "tokens_unusable"),
    ],
)
def test_a_design_that_cannot_be_read_is_refused_before_anything_is_built(
    runtime: Runtime, river: Place, site: SiteFolder, facts: DesignFacts, code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        stage(runtime, river, facts)

    assert caught.value.code == code
    assert site.trees() == [1]


def test_the_trial_is_seen_under_its_private_address_alone(
    runtime: Runtime, river: Place, site: SiteFolder
) -> None:
    stage(runtime, river)
    address = staged_address(runtime, river.tenant_id, river.site_id)
    host = address.removeprefix("http://").rstrip("/")
    client = Client(create_application(runtime))

    answer = client.get("/", base_url=f"http://{host}")

    assert answer.status_code == 200
    assert answer.data == (site.staged / "index.html").read_bytes()
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"
    for path in ("/.gone/x.html", "/../current/index.html", "/nothing.html", "/index.html.gz"):
        assert client.get(path, base_url=f"http://{host}").status_code == 404, path
    redesign.leave(runtime, river.tenant_id, river.site_id, by=ADMIN)
    assert client.get("/", base_url=f"http://{host}").status_code == 404


def test_what_is_withdrawn_is_not_seen_in_the_trial_either(
    runtime: Runtime, river: Place, site: SiteFolder
) -> None:
    stage(runtime, river)

    gone = withdraw_first(runtime, river)

    assert not (site.staged / gone[1:]).exists()


def test_each_step_stands_in_the_trail(runtime: Runtime, river: Place, site: SiteFolder) -> None:
    stage(runtime, river)
    switch(runtime, river)
    roll_back(runtime, river)

    with runtime.tenant_session(river.tenant_id, reading=True) as session:
        kinds = [row.action for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    steps = [kind for kind in kinds if kind.startswith("design")]
    assert steps == ["design_staged", "design_shown", "design_taken_back"]
