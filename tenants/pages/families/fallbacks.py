"""What readers get in the frame of their site while the application behind `/-/` cannot answer.

An area that answers readers under `/-/<endpoint>` declares one:

    AWAY = Fallback("letters", N_("现在不能写信"), N_("…what to do instead…"))
    Area(…, page_families=(AWAY.family,), subscriptions=AWAY.subscriptions)

The page lies in each site's tree, signed as all pages are, and both servers find it by its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, partial

from hosting.publishing.paths import fallback_path
from hosting.publishing.rendering import PAGE, Outcome, Page, Rendering
from hosting.publishing.stale import changed
from hosting.runtime.areas import PageFamily
from hosting.runtime.events import Subscription
from hosting.runtime.jobs import BULK
from hosting.runtime.language import text
from hosting.runtime.session import WalledSession
from tenants.pages.families.items import HTML
from tenants.pages.frame import frame_of, link_to
from tenants.sites.events import ColumnsCreated, SiteChanged
from themes.contract import MessageView
from themes.renderer import render


@dataclass(frozen=True)
class Fallback:
    """One endpoint's page. `title` and `text` are msgids: what does not work, what to do instead.

    The theme adds whom to call, and links to the first columns and the site map.
    """

    endpoint: str
    title: str
    text: str

    @cached_property
    def family(self) -> PageFamily:
        """The family of this one page."""
        return PageFamily(f"away_{self.endpoint}", self._render, self._resolve, _only, PAGE)

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """Make the page where a site is new; afterwards it follows what it shows."""
        mark = partial(_mark, f"{self.family.name}:")
        return (Subscription(ColumnsCreated, mark), Subscription(SiteChanged, mark))

    def _render(self, rendering: Rendering, _argument: str) -> Outcome:
        frame = frame_of(rendering)
        locale = frame.site.locale
        first = frame.children[None]
        rendering.uses(*(f"column:{each.id}" for each in first))
        view = MessageView(
            site=frame.view,
            reason="unavailable",
            title=text(self.title, locale),
            text=text(self.text, locale),
            links=tuple(link_to(each) for each in first),
        )
        return Page(fallback_path(self.endpoint), render(frame.theme(), view), HTML, PAGE)

    def _resolve(self, _rendering: Rendering, path: str) -> str | None:
        return "" if path == fallback_path(self.endpoint) else None


def _only(_rendering: Rendering) -> Iterable[str]:
    return [""]


def _mark(key: str, session: WalledSession, event: ColumnsCreated | SiteChanged) -> None:
    changed(session, event.site_id, (), [key], lane=BULK)
