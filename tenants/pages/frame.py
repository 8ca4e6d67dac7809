"""What all pages of a site share: identity, column tree, layout; loaded once a batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any
from urllib.parse import quote

from hosting.directory.models import Site
from hosting.directory.queries import sites_of_tenant
from hosting.publishing.rendering import Rendering
from hosting.runtime.language import N_, SOURCE_LOCALE, language_of, text
from hosting.runtime.session import WalledSession
from hosting.runtime.settings import Settings
from tenants.pages.banners import Overhead, overhead_of
from tenants.pages.columns import shown_columns
from tenants.sites.models import PAST, SHOWN, Column, SiteDesign
from tenants.sites.operations.redesigning import tokens_of
from tenants.sites.queries import design, designs_of, site_of, trail
from themes.contract import (
    ColumnView,
    Contact,
    Link,
    Marks,
    SiteView,
    SubsiteView,
    Texts,
    Translation,
)
from themes.contract import Service as WantedService

SUBSITE_THEME = "township"
_CONTACT = {each.name for each in fields(Contact)}
_MARKS = ("gov_mark_path", "error_report_path", "ipv6")
_TEXTS = {each.name for each in fields(Texts)}


@dataclass(frozen=True)
class Frame:
    """A site as one snapshot of the database has it."""

    settings: Settings
    site: Site
    columns: Sequence[Column]
    overhead: Overhead
    # Themes whose files readers may still ask for, and the design on trial where one is rendered.
    known_themes: Sequence[str] = ()
    # The tenant's open sites, the main one first; none where there is but one, or this is closed.
    languages: Sequence[Site] = ()
    design: SiteDesign | None = None
    # Thousands of items in one column share its views.
    _site_views: dict[int, SiteView] = field(default_factory=dict, repr=False)
    _column_views: dict[int, ColumnView] = field(default_factory=dict, repr=False)

    @cached_property
    def by_id(self) -> dict[int, Column]:
        """Columns by id."""
        return {each.id: each for each in self.columns}

    @cached_property
    def children(self) -> dict[int | None, list[Column]]:
        """Columns by their parent's id (None: at the top), in the editors' order."""
        found: dict[int | None, list[Column]] = defaultdict(list)
        for each in self.columns:
            found[each.parent_id].append(each)
        return found

    @cached_property
    def subsites(self) -> list[Column]:
        """All subsites of the site."""
        return [each for each in self.columns if each.is_subsite]

    @property
    def layout(self) -> dict[str, Any]:
        """The home page's blocks, wanted services and texts."""
        if self.design is None:
            return self.site.layout
        return {**self.site.layout, "home": self.design.home}

    @property
    def tokens(self) -> dict[str, Any]:
        """The tenant's choices for the site's looks."""
        if self.design is None:
            return self.site.tokens
        others = {k: each for k, each in self.site.tokens.items() if k not in ("main", "motif")}
        return {**others, **tokens_of(self.design)}

    @cached_property
    def view(self) -> SiteView:
        """The site as its header and footer show it."""
        site = self.site
        is_official = site.main_host.endswith(".gov.cn")
        return SiteView(
            name=site.name,
            short_name=site.short_name or site.name,
            locale=site.locale,
            site_domain=site.main_host,
            site_id_code=site.site_id_code,
            sponsor=site.sponsor or site.name,
            operator=site.operator,
            contact=Contact(**{k: str(v) for k, v in site.contact.items() if k in _CONTACT}),
            base_url=self.settings.address(site.main_host, "") if is_official else "",
            marks=Marks(
                icp_number=site.icp_number,
                police_number=site.police_number,
                **{k: v for k, v in self.layout.get("marks", {}).items() if k in _MARKS},
            ),
            parent=_link(self.layout.get("parent")),
            languages=tuple(
                each for each in self.home_pages() if each.tag != language_of(site.locale).tag
            ),
            footer_links=tuple(
                Link(str(each["name"]), str(each["address"]))
                for each in self.layout.get("footer_links", [])
            ),
            menu=tuple(link_to(each) for each in self.children[None] if not each.is_subsite),
            texts=self._texts(),
            banners=self.overhead.banners,
            banners_version=self.overhead.version,
        )

    @property
    def is_chinese(self) -> bool:
        """Whether it speaks the platform's own language."""
        return language_of(self.site.locale).locale == SOURCE_LOCALE

    def home_pages(self) -> tuple[Translation, ...]:
        """The home pages of all the tenant's sites, this one's among them."""
        return self.translations({each.id: "/" for each in self.languages})

    def translations(self, paths: Mapping[int, str]) -> tuple[Translation, ...]:
        """Something that stands at these paths of the tenant's sites, the main one's first."""
        return tuple(
            Translation(
                language_of(each.locale).name,
                language_of(each.locale).tag,
                self.settings.address(each.main_host, quote(paths[each.id])),
            )
            for each in self.languages
            if each.id in paths
        )

    def absolute(self, path: str) -> str:
        """The full address of a path, percent-encoded (RFC 3986), for those who never see a page.

        Feeds and sitemaps need it on every domain; pages themselves name their host only once it
        is an official one (`view.base_url`).
        """
        return self.settings.address(self.site.main_host, quote(path))

    def _texts(self) -> Texts:
        said = dict(self.layout.get("texts", {}))
        said.setdefault("leaving", said.pop("leaving_notice", ""))
        return Texts(**{key: str(value) for key, value in said.items() if key in _TEXTS})

    def services(self) -> tuple[WantedService, ...]:
        """The wanted services, in their order."""
        return tuple(
            WantedService(
                str(each["name"]),
                str(each["address"]),
                str(each.get("note", "")),
                str(each.get("icon", "")),
            )
            for each in self.layout.get("services", [])
        )

    def trail(self, column_id: int) -> list[Column]:
        """From the top of the tree to this column."""
        return trail(self.by_id, column_id)

    def subsite_of(self, column_id: int) -> Column | None:
        """The subsite that a column is or lies in."""
        return next((each for each in reversed(self.trail(column_id)) if each.is_subsite), None)

    def site_view(self, column_id: int) -> SiteView:
        """The site's view for a page in this column: a subsite's name and menu lead its header."""
        if column_id not in self._site_views:
            self._site_views[column_id] = self._make_site_view(column_id)
        return self._site_views[column_id]

    def _make_site_view(self, column_id: int) -> SiteView:
        subsite = self.subsite_of(column_id)
        if subsite is None:
            return self.view
        menu = tuple(link_to(each) for each in self.children[subsite.id])
        return replace(
            self.view, subsite=SubsiteView(name=subsite.name, path=subsite.path, menu=menu)
        )

    def theme(self, column_id: int | None = None) -> str:
        """The theme of a page in this column; of the site itself without one."""
        subsite = None if column_id is None else self.subsite_of(column_id)
        if subsite is not None:
            return subsite.theme_variant or SUBSITE_THEME
        return self.site.theme if self.design is None else self.design.theme

    def themes(self) -> list[str]:
        """All themes that pages of the site use."""
        return themes_of([self.theme(), *self.known_themes], self.columns)

    def column_view(self, column_id: int) -> ColumnView:
        """A column with its labels and its surroundings."""
        if column_id not in self._column_views:
            self._column_views[column_id] = self._make_column_view(column_id)
        return self._column_views[column_id]

    def _make_column_view(self, column_id: int) -> ColumnView:
        node = self.by_id[column_id]
        return ColumnView(
            name=node.name,
            path=node.path,
            description=node.description or node.name,
            keywords=node.keywords or node.name,
            column_type=node.column_type or "工作动态",
            breadcrumbs=tuple(link_to(each) for each in self.trail(column_id)[:-1]),
            children=tuple(link_to(each) for each in self.children[column_id]),
            siblings=tuple(link_to(each) for each in self.children[node.parent_id]),
        )

    def home_column(self) -> ColumnView:
        """The home page's own labels."""
        name = self.site.name
        words = ",".join([name, *(each.name for each in self.children[None])][:8])
        locale = language_of(self.site.locale).locale
        return ColumnView(
            name=text(N_("首页"), locale),
            path="/",
            description=text(N_("{name}网站首页"), locale, name=name),
            keywords=words,
            # A word of the national list, in whatever language the page is.
            column_type="首页",
        )


def themes_of(themes: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """These themes of a site and those of its subsites, sorted."""
    variants = {each.theme_variant or SUBSITE_THEME for each in columns if each.is_subsite}
    return sorted({*themes, *variants})


def frame_of(rendering: Rendering) -> Frame:
    """The batch's frame; the page depends on the site's own facts from now on."""
    frame = rendering.once("frame", lambda: load_frame(rendering))
    rendering.uses(f"site:{frame.site.id}")
    return frame


def load_frame(rendering: Rendering) -> Frame:
    """Read a site and its columns."""
    session = rendering.session
    site = site_of(session, rendering.site_id)
    wanted = rendering.design_id
    return Frame(
        rendering.runtime.settings,
        site,
        shown_columns(session, rendering.site_id, drafts=rendering.drafts),
        overhead_of(session, site, drafts=rendering.drafts),
        known_themes(session, site),
        languages_of(session, site),
        None if wanted is None else design(session, wanted),
    )


def languages_of(session: WalledSession, site: Site) -> Sequence[Site]:
    """The sites that a site's pages lead to and are led to from, itself among them."""
    opened = [each for each in sites_of_tenant(session, site.tenant_id) if each.is_open]
    return opened if site.is_open and len(opened) > 1 else ()


def known_themes(session: WalledSession, site: Site) -> list[str]:
    """The site's theme and those it was shown in before.

    A reader may hold a page of the tree before a switch, whose style sheet must still be there.
    """
    told = (each.theme for each in designs_of(session, site.id) if each.state in (SHOWN, PAST))
    return [site.theme, *told]


def uses_column(rendering: Rendering, frame: Frame, column_id: int) -> None:
    """Note that a page names a column and those above it."""
    rendering.uses(*(f"column:{each.id}" for each in frame.trail(column_id)))


def _link(said: dict[str, str] | None) -> Link | None:
    return Link(said["name"], said["address"]) if said else None


def link_to(node: Column) -> Link:
    """A link to a column."""
    return Link(node.name, node.path)
