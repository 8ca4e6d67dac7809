"""From a draft through three signatures to what a reader gets, and back again."""

from __future__ import annotations

from sqlalchemy import select
from werkzeug.test import Client, TestResponse

from hosting.directory.application import HostSwitch, create_application
from hosting.runtime.ids import parse_id
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.runtime.worker import drain
from parts.office import EDITOR, ISSUER, office
from parts.platform import Place
from tenants.content.models import Edition
from tenants.content.operations import save_draft
from tenants.content.queries import item
from tenants.pages.lists import archive_pages
from tenants.review.operations.withdraw import withdraw
from tenants.sites.events import SiteChanged


def opened(runtime: Runtime, place: Place) -> Client:
    """A reader's client after the site's first pages are there."""
    with office(runtime, place) as desk:
        desk.session.record(SiteChanged(place.tenant_id, place.site_id))
    drain(runtime, seconds=60)
    return Client(create_application(runtime))


def get(client: Client, place: Place, path: str) -> TestResponse:
    """What the place's public host answers."""
    return client.get(path, base_url=f"http://{place.host}", buffered=True)


def published(runtime: Runtime, place: Place, title: str, **said: object) -> str:
    """The address of an item that went through all reviews."""
    with office(runtime, place) as desk:
        written = desk.write(title, **said)
        desk.pass_all(written)
        path = item(desk.session, written.item_id).path
    drain(runtime, seconds=60)
    return path


def test_a_signed_item_is_public_with_its_labels_and_in_its_lists(
    each_runtime: Runtime, river: Place, hill: Place
) -> None:
    client = opened(each_runtime, river)

    path = published(each_runtime, river, "关于防汛工作的通知")

    page = get(client, river, path)
    assert page.status_code == 200
    assert '<meta name="ArticleTitle" content="关于防汛工作的通知">' in page.text
    assert "关于防汛工作的通知" in get(client, river, "/tzgg/").text
    assert get(client, hill, path).status_code == 404


def test_an_unsigned_item_is_nowhere(runtime: Runtime, river: Place) -> None:
    client = opened(runtime, river)
    with office(runtime, river) as desk:
        written = desk.write("尚未审核的稿件")
        path = item(desk.session, written.item_id).path
    drain(runtime, seconds=60)

    assert get(client, river, path).status_code == 404
    assert "尚未审核的稿件" not in get(client, river, "/tzgg/").text


def test_a_withdrawn_item_leaves_every_page_and_its_address_says_so(
    runtime: Runtime, river: Place
) -> None:
    client = opened(runtime, river)
    path = published(runtime, river, "将被撤回的通知")
    with runtime.tenant_session(river.tenant_id) as session:
        found = _item_id(path)
        withdraw(session, found, reason="内容有误", by=ISSUER)
    drain(runtime, seconds=60)

    assert get(client, river, path).status_code == 410
    assert "将被撤回的通知" not in get(client, river, "/tzgg/").text
    assert "将被撤回的通知" not in get(client, river, "/-/search?q=将被撤回").text


def test_a_new_edition_replaces_the_page_only_when_it_is_signed(
    runtime: Runtime, river: Place
) -> None:
    client = opened(runtime, river)
    path = published(runtime, river, "通知原文")
    with office(runtime, river) as desk:
        new = save_draft(
            desk.session,
            _item_id(path),
            facts=desk.facts("通知修订稿"),
            expected_digest=None,
            by=EDITOR,
        )
    drain(runtime, seconds=60)
    assert "通知原文" in get(client, river, path).text

    with office(runtime, river) as desk:
        desk.pass_all(new)
    drain(runtime, seconds=60)

    assert "通知修订稿" in get(client, river, path).text
    assert "通知修订稿" in get(client, river, "/tzgg/").text


def test_a_row_altered_after_its_issue_does_not_reach_the_page(
    runtime: Runtime, river: Place
) -> None:
    client = opened(runtime, river)
    path = published(runtime, river, "正式公布的通知")
    with office(runtime, river) as desk:
        live = item(desk.session, _item_id(path)).live_edition_id
        _alter(desk.session, live)
        desk.session.record(SiteChanged(river.tenant_id, river.site_id))
    drain(runtime, seconds=60)

    page = get(client, river, path)
    assert page.status_code == 200
    assert "夹带" not in page.text


def test_a_new_item_leaves_the_archive_pages_of_a_list_as_they_are(
    runtime: Runtime, river: Place
) -> None:
    client = opened(runtime, river)
    with office(runtime, river) as desk:
        desk.columns[0].page_size = 5
        for number in range(1, 11):
            desk.pass_all(desk.write(f"第{number}号通知"))
    drain(runtime, seconds=60)
    assert archive_pages(10, 5) == 1
    before = get(client, river, "/tzgg/list-1.html").data

    published(runtime, river, "第11号通知")

    assert get(client, river, "/tzgg/list-1.html").data == before
    assert "第11号通知" in get(client, river, "/tzgg/").text


def test_an_unknown_host_is_refused_and_never_shown_a_default_site(
    runtime: Runtime, river: Place
) -> None:
    opened(runtime, river)
    answer = Client(create_application(runtime)).get("/", base_url="http://www.elsewhere.gov.cn")

    assert answer.status_code == 421
    assert isinstance(create_application(runtime), HostSwitch)


def _item_id(path: str) -> int:
    found = parse_id(path.rsplit("/", 1)[1].removesuffix(".html"))
    assert found is not None
    return found


def _alter(session: WalledSession, edition_id: int | None) -> None:
    live = session.scalars(select(Edition).where(Edition.id == edition_id)).one()
    live.body_html = "<p>夹带的内容</p>"
