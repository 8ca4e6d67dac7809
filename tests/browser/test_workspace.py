"""The pages of a tenant's people in a real browser: on a desk, on a phone, with a pen in hand."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.serving import make_server

from hosting.console.application import create_console
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from parts.browser import violations
from parts.county_work import fill
from parts.platform import RIVER, make_home
from parts.serving import in_whole
from parts.workplace import PDF, Office, bench_of, grow_columns, picture, staff
from tenants.content.models import Edition
from tenants.content.queries import content_of
from tenants.review.operations.signing import open_edition_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from parts.browser import OpenPage

pytestmark = pytest.mark.browser

DESK, PHONE = 1440, 390


@dataclass
class House:
    """A county with work in every state, served on loopback."""

    address: str
    office: Office
    work: dict[str, Edition]

    def page(
        self, open_page: OpenPage, role: str, path: str, width: int = DESK, **facts: Any
    ) -> Page:
        """A page of the county, looked at by the person with a role."""
        page = open_page(width=width, **facts)
        token = self.office.browser(role).token
        page.context.add_cookies([{"name": "jiyue-sign-in", "value": token, "url": self.address}])
        page.goto(self.address + self.office.path(path))
        return page

    def place(self, written: str) -> str:
        """The path of a page, with the ids of a piece of work in it."""
        edition = self.work[written.partition(" ")[0]]
        rest = written.partition(" ")[2]
        return rest.format(item=edition.item_id, edition=edition.id)


@pytest.fixture(scope="module")
def house(
    sqlite_template: Path, quick_hashes: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Served once for all tests of this file; each changes only what it makes itself."""
    home = make_home(tmp_path_factory.mktemp("house"))
    shutil.copy(sqlite_template, home / "jiyue.sqlite3")
    runtime = Runtime.open(Settings(home=home, host_cache_seconds=0))
    office = Office(runtime, create_console(runtime), RIVER, staff(runtime, RIVER))
    with runtime.tenant_session(RIVER.tenant_id) as session:
        grow_columns(session, office.actors["tenant_admin"])
    with bench_of(office) as bench:
        work = fill(bench)
    server = make_server("127.0.0.1", 0, in_whole(office.app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield House(f"http://console.localhost:{server.port}", office, work)
    server.shutdown()
    thread.join()
    server.server_close()
    runtime.close()


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("editor", "draft "),
        ("first_reviewer", "draft "),
        ("editor", "draft items/"),
        ("editor", "draft items/?words=没有"),
        ("editor", "live items/{item}/"),
        ("editor", "live items/{item}/versions"),
        ("first_reviewer", "first reviews/"),
        ("first_reviewer", "first reviews/{edition}/"),
        ("second_reviewer", "revision reviews/{edition}/"),
        ("issuer", "final reviews/{edition}/"),
        ("issuer", "live items/{item}/withdrawal"),
        ("editor", "scheduled items/{item}/"),
        ("editor", "draft schedule/"),
        ("tenant_admin", "draft columns/"),
        ("tenant_admin", "draft columns/new"),
        ("editor", "draft media/"),
    ],
)
def test_a_page_is_accessible_and_fits_its_window(
    open_page: OpenPage, house: House, role: str, place: str
) -> None:
    page = house.page(open_page, role, house.place(place))

    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_editor_is_accessible_and_fits_its_window(open_page: OpenPage, house: House) -> None:
    page = house.page(open_page, "editor", house.place("final items/{item}/draft"))
    page.wait_for_selector(".tox-edit-area iframe")

    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_an_item_is_written_with_a_picture_and_attachments(
    open_page: OpenPage, house: House
) -> None:
    page = house.page(open_page, "editor", "items/new")
    page.fill("#title", "关于公布便民服务点的公告")
    page.select_option("#column_id", label="通知公告")
    text = page.frame_locator(".tox-edit-area iframe").locator("body")
    text.click()
    page.keyboard.type("便民服务点如下：")
    paste_picture(page)
    text.locator('img[src^="/t/river/m/"]').wait_for()
    page.set_input_files(
        "#new_files",
        [
            {"name": "一.pdf", "mimeType": "application/pdf", "buffer": PDF},
            {"name": "二.png", "mimeType": "image/png", "buffer": picture(20, 20)},
            {"name": "三.php", "mimeType": "text/plain", "buffer": b"<?php"},
        ],
    )
    page.wait_for_selector(".has-refused")
    page.click('.attachment-rows > li:nth-child(2) [data-move="-1"]')
    page.fill(".attachment-rows > li:nth-child(1) [name$='-name']", "位置图")

    page.click("text=保存并提交审核")
    page.wait_for_selector("text=已提交审核")

    item_id = int(page.url.rstrip("/").split("/")[-1])
    with bench_of(house.office) as bench:
        saved = content_of(bench.session, open_edition_of(bench.session, item_id).id)
    assert saved.edition.state == "first_review"
    assert "便民服务点如下：" in saved.edition.body_text
    assert [each.name for each in saved.facts.attachments] == ["位置图", "一.pdf"]
    assert len(saved.images) == 1
    assert saved.edition.body_html.count('src="/m/') == 1


def paste_picture(page: Page) -> None:
    """Put a picture into the text as if it came from the clipboard."""
    data = list(picture(24, 18, "#c94f4f"))
    page.evaluate(
        """async (data) => {
            const file = new File([new Uint8Array(data)], "现场.png", { type: "image/png" });
            const transfer = new DataTransfer();
            transfer.items.add(file);
            const editor = window.hugerte.activeEditor;
            editor.getBody().dispatchEvent(
                new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true })
            );
        }""",
        data,
    )


def test_a_draft_is_deleted_in_a_dialog_over_its_page(open_page: OpenPage, house: House) -> None:
    with bench_of(house.office) as bench:
        written = bench.write("写错的稿")
    page = house.page(open_page, "editor", f"items/{written.item_id}/")

    page.click(".more > summary")
    page.click("text=删除草稿")
    page.wait_for_selector("dialog.over[open]")
    assert violations(page) == []
    page.click("dialog.over button.danger")

    page.wait_for_selector("text=草稿已删除")


def test_every_action_on_a_draft_is_within_reach_on_a_phone(
    open_page: OpenPage, house: House
) -> None:
    page = house.page(open_page, "editor", house.place("draft items/{item}/"), PHONE)
    page.click(".page-actions .more summary")

    offered = page.locator(".page-actions > *, .page-actions .drop-body a").all()

    assert len(offered) > 4
    for action in offered:
        box = action.bounding_box()
        assert box is not None
        assert box["x"] >= 0, action.inner_text()
        assert box["x"] + box["width"] <= PHONE, action.inner_text()


def test_the_buttons_of_a_columns_proposal_are_not_covered_on_a_phone(
    open_page: OpenPage, house: House
) -> None:
    page = house.page(open_page, "tenant_admin", "columns/new", PHONE)
    page.fill("[name=name]", "人事任免")
    page.click(".form-actions .primary")

    page.wait_for_selector(".form-actions .further")
    # Where a button stands is the style sheets' to say.
    page.wait_for_load_state("load")

    covered = page.eval_on_selector_all(
        ".form-actions .button",
        """buttons => buttons.filter(button => {
            const box = button.getBoundingClientRect();
            const x = box.x + box.width / 2, y = box.y + box.height / 2;
            return !button.contains(document.elementFromPoint(x, y));
        }).map(button => button.innerText)""",
    )

    assert covered == []


def test_a_reviewer_signs_on_a_phone(open_page: OpenPage, house: House) -> None:
    with bench_of(house.office) as bench:
        written = bench.hand_in(bench.write("手机上初审的公告"))
    page = house.page(open_page, "first_reviewer", f"reviews/{written.id}/", width=PHONE)

    page.click(".to-sign")
    page.click("text=同意，送审核")

    page.wait_for_selector("text=已签署同意")
    assert page.locator(".badge", has_text="待审核").first.is_visible()


def test_the_editor_saves_without_scripts(open_page: OpenPage, house: House) -> None:
    page = house.page(open_page, "editor", "items/new", java_script_enabled=False)
    page.fill("#title", "没有脚本也能写的公告")
    page.select_option("#column_id", label="通知公告")
    page.fill("#body_html", "<p>正文</p>")
    page.set_input_files(
        "#new_files", [{"name": "表.pdf", "mimeType": "application/pdf", "buffer": PDF}]
    )

    page.click("text=保存 >> nth=0")

    assert page.locator("text=已保存").is_visible()
    assert page.locator("input[value='表.pdf']").is_visible()


def test_the_list_is_narrowed_without_leaving_the_page(open_page: OpenPage, house: House) -> None:
    page = house.page(open_page, "editor", "items/")

    page.fill("#words", "营商环境")
    page.wait_for_url("**/items/?words=**")

    assert page.locator("#list tbody tr").count() == 1
    assert "营商环境" in page.locator("#list tbody th a").inner_text()
