"""A site as its pages show it: identity, menu, required marks.

Equal site views share one rendered header and footer, so a presenter builds the view once per
site and passes the same (or an equal) one with each page.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hosting.runtime.language import language_of
from themes.contract.parts import Contact, Link, Picture, Translation


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Sentences that a site may set; where empty, the theme has its own.

    `leaving` asks before a link leaves for a non-government site (政府网站发展指引, annex).
    """

    slogan: str = ""
    welcome: str = ""
    search_hint: str = ""
    services_title: str = ""
    leaving: str = ""
    copyright: str = ""
    accessibility: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Marks that the footer must bear once they are issued; each empty until then.

    `gov_mark_path` and `error_report_path` are the addresses that the issuing bodies gave this
    site (党政机关网站标识, 我为政府网站找错); the pictures are their artwork, uploaded.
    """

    icp_number: str = ""
    police_number: str = ""
    gov_mark_path: str = ""
    gov_mark_picture: Picture | None = None
    error_report_path: str = ""
    error_report_picture: Picture | None = None
    ipv6: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """What stands on top of every page for a while (应急公告横幅).

    `level` is one of those in themes.banners, `path` where to read on, "" for nowhere.
    """

    title: str
    level: str = "notice"
    text: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsiteView:
    """The subsite that a page belongs to; its name and menu then lead the header."""

    name: str
    path: str
    menu: tuple[Link, ...] = ()
    contact: Contact = field(default_factory=Contact)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteView:
    """A site.

    `locale` is "zh-CN" or "en" (BCP 47; "zh_Hans_CN" is understood). `site_domain` is the English
    domain for the SiteDomain label. `base_url` ("https://www.yunxi.gov.cn", no slash at the end) is
    given only once that domain is the site's own: canonical links and absolute addresses in
    structured data are left out while it is empty. `emblem` is the uploaded national emblem, for
    the organs that article 6 of 国徽法 names and for no other. `parent` leads to the government
    above; `languages` to the home pages of the tenant's sites in other languages; `banners` stand
    on top of every page, and `banners_version` names this state of them ("" where there never was
    one). `subsite` is set with dataclasses.replace on pages that belong to one.
    """

    name: str
    short_name: str
    locale: str
    site_domain: str
    site_id_code: str
    sponsor: str
    operator: str = ""
    contact: Contact = field(default_factory=Contact)
    base_url: str = ""
    marks: Marks = field(default_factory=Marks)
    emblem: Picture | None = None
    parent: Link | None = None
    languages: tuple[Translation, ...] = ()
    menu: tuple[Link, ...] = ()
    footer_links: tuple[Link, ...] = ()
    sitemap_path: str = "/sitemap.html"
    search_path: str = "/-/search"
    texts: Texts = field(default_factory=Texts)
    banners: tuple[Banner, ...] = ()
    banners_version: str = ""
    subsite: SubsiteView | None = None

    @property
    def language(self) -> str:
        """The language as HTML, feeds and structured data name it."""
        return {"zh_Hans_CN": "zh-CN"}.get(self.locale, self.locale.replace("_", "-"))

    @property
    def open_graph_locale(self) -> str:
        """The same as Open Graph names it."""
        return language_of(self.locale).open_graph
