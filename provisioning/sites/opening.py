"""What is said of a site in a foreign language to be opened, and everything wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hosting.directory.models import FOREIGN, Site, Tenant
from hosting.directory.queries import sites_of_tenant
from hosting.runtime.errors import Conflict, Invalid, Problem
from hosting.runtime.language import FOREIGN_LOCALES, N_, language_of
from hosting.runtime.session import WalledSession
from provisioning.blueprints.blueprint import Blueprint
from provisioning.blueprints.loader import foreign_blueprint
from provisioning.domains.names import PlatformHosts, check_hosts
from provisioning.onboarding.opening import name_problems, taken_problems


@dataclass(frozen=True)
class SiteOpening:
    """The facts of a new site; `hosts` as people wrote them, the first is the main one.

    Names are in the site's language.
    """

    locale: str
    name: str
    hosts: tuple[str, ...]
    short_name: str = ""

    @property
    def called(self) -> str:
        """Its short name."""
        return self.short_name.strip() or self.name.strip()

    @property
    def plan(self) -> Blueprint:
        """The blueprint of its language, with the names in it."""
        return foreign_blueprint(self.locale).named(name=self.name.strip(), short_name=self.called)


@dataclass(frozen=True)
class CheckedSite:
    """An opening against which nothing stands; `main` is the tenant's own site."""

    opening: SiteOpening
    hosts: list[str]
    main: Site


def check_site_opening(
    session: WalledSession, tenant: Tenant, opening: SiteOpening, *, platform_hosts: PlatformHosts
) -> CheckedSite:
    """Check all of it, and what is taken already; Invalid lists every problem at once.

    Conflict where the tenant is closing or closed.
    """
    if tenant.state not in ("preparing", "open", "suspended"):
        raise Conflict("tenant_ends", N_("租户已公告关停或已关停，不能开通外文版"))
    sites = sites_of_tenant(session, tenant.id)
    checked = check_hosts(opening.hosts, kind=FOREIGN, platform=platform_hosts)
    problems = [
        *_locale_problems(opening.locale, sites),
        *name_problems(opening.name, opening.short_name),
        *checked.problems,
        *taken_problems(session, checked),
    ]
    if problems:
        raise Invalid("wrong_site", N_("外文版未开通，请先改正以下各项："), problems=problems)
    return CheckedSite(opening, checked.hosts, sites[0])


def _locale_problems(locale: str, sites: Sequence[Site]) -> list[Problem]:
    if locale not in FOREIGN_LOCALES:
        facts = {"locale": locale, "known": "、".join(FOREIGN_LOCALES)}
        sentence = N_("网页模板没有“{locale}”这种语言；可用的有：{known}")
        return [Problem("locale", "unknown_locale", sentence, facts)]
    if any(each.locale == locale for each in sites):
        facts = {"language": language_of(locale).name}
        sentence = N_("该租户已有 {language} 版网站；已关闭的可以重新开放")
        return [Problem("locale", "site_exists", sentence, facts)]
    return []
