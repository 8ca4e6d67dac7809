"""Search has a page for readers who find the application away."""

from __future__ import annotations

import pytest

from hosting.directory.queries import main_site
from hosting.publishing.tree import PublicFolder
from hosting.publishing.verify import verify_site
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from parts.office import office
from parts.platform import Place
from tenants.sites.events import SiteChanged


@pytest.fixture
def page(runtime: Runtime, river: Place) -> str:
    """The page as it lies in the tree of a site that was just set up."""
    with office(runtime, river) as desk:
        site = main_site(desk.session)
        site.contact = {
            "phone": "0770-6221001",
            "address": "江滨路 1 号",
            "hours": "工作日 9 时至 17 时",
        }
        desk.session.record(SiteChanged(river.tenant_id, river.site_id))
    drain(runtime)
    tree = PublicFolder(runtime.settings.home).site(river.site_id).current
    return (tree / "503-search.html").read_text(encoding="utf-8")


def test_it_says_what_to_do_instead_whom_to_call_where_and_when(page: str) -> None:
    main = page[page.index("<main") : page.index("</main>")]

    for told in ("站内搜索暂时不能使用", "0770-6221001</a>", "江滨路 1 号", "工作日 9 时至 17 时"):
        assert told in main
    for way in ('href="/"', 'href="/sitemap.html"', 'href="/tzgg/"', 'href="/zcwj/"'):
        assert way in main
    assert "旧网址" not in main
    assert "<form" not in main, "what it would send to is away"


def test_it_is_signed_as_all_pages_are(runtime: Runtime, river: Place, page: str) -> None:
    tree = PublicFolder(runtime.settings.home).site(river.site_id).current
    (tree / "503-search.html").write_text(page.replace("0770", "0999"), encoding="utf-8")

    found = verify_site(runtime, river.tenant_id, river.site_id, repair=True).findings

    assert [each.path for each in found] == ["/503-search.html"]
    assert (tree / "503-search.html").read_text(encoding="utf-8") == page
