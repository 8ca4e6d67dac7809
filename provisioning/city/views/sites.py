"""A tenant's sites in foreign languages: opened, closed, opened again."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from hosting.console.admin import ShellView, page
from hosting.console.language import say
from hosting.directory.models import Site
from hosting.directory.queries import site_in_language, tenant_by_code
from hosting.runtime import web
from hosting.runtime.language import FOREIGN_LOCALES, N_
from hosting.security.guards import current_actor, guarded
from provisioning.city.forms.sites import SiteForm, SiteStateForm
from provisioning.city.presenters.tenants import site_panels
from provisioning.city.queries.tenants import tenant_state
from provisioning.domains.names import PlatformHosts
from provisioning.sites.opening import check_site_opening
from provisioning.sites.operations import close_site, open_site, reopen_site

_SEE_OTHER = 303


@dataclass(frozen=True)
class _Step:
    """Closing or reopening in words (msgids)."""

    question: str
    consequences: tuple[str, ...]
    label: str
    icon: str
    tone: str
    done: str


_CLOSING = _Step(
    N_("关闭“{name}”？"),
    (
        N_("读者访问它的域名时只看到“已关闭”公告，其他网站不再链接到它"),
        N_("栏目和稿件全部保留，本单位人员仍可办理"),
        N_("可以随时重新开放"),
    ),
    N_("关闭外文版"),
    "archive",
    "danger",
    N_("“{name}”已关闭，域名随即显示公告"),
)
_REOPENING = _Step(
    N_("重新开放“{name}”？"),
    (N_("它的域名重新显示网站内容，本单位其他网站重新链接到它"),),
    N_("重新开放"),
    "restore",
    "primary",
    N_("“{name}”已重新开放"),
)


class SitesView(ShellView):
    """The sites that a tenant has beside its own."""

    @page("/")
    @guarded("tenants.view")
    def index(self, code: str) -> ResponseReturnValue:
        """What there is, and a form for another where a language is left."""
        return self._sites(code, SiteForm(formdata=None))

    @page("/", "POST")
    @guarded("tenants.open")
    def open(self, code: str) -> ResponseReturnValue:
        """Open one; where anything is wrong, all of it is said and nothing is written."""
        form = SiteForm()

        def write() -> ResponseReturnValue:
            session, own = web.session(), PlatformHosts.of(web.current_runtime().settings)
            tenant = tenant_by_code(session, code)
            checked = check_site_opening(session, tenant, form.opening(), platform_hosts=own)
            site = open_site(session, tenant, checked, by=current_actor())
            flash(say(N_("已开通“{name}”，网页随后生成"), name=site.name), "good")
            return self._back(code)

        return self.save(form, write, lambda: self._sites(code, form))

    @page("/<locale>/closing")
    @guarded("tenants.suspend", needs_proof=True)
    def closing(self, code: str, locale: str) -> ResponseReturnValue:
        """Ask before a site is closed."""
        return self._question(code, locale, _CLOSING, SiteStateForm(formdata=None))

    @page("/<locale>/closing", "POST")
    @guarded("tenants.suspend")
    def close(self, code: str, locale: str) -> ResponseReturnValue:
        """Close it."""
        return self._take(code, locale, _CLOSING)

    @page("/<locale>/reopening")
    @guarded("tenants.suspend", needs_proof=True)
    def reopening(self, code: str, locale: str) -> ResponseReturnValue:
        """Ask before a site is opened again."""
        return self._question(code, locale, _REOPENING, SiteStateForm(formdata=None))

    @page("/<locale>/reopening", "POST")
    @guarded("tenants.suspend")
    def reopen(self, code: str, locale: str) -> ResponseReturnValue:
        """Open it again."""
        return self._take(code, locale, _REOPENING)

    def _sites(self, code: str, form: SiteForm) -> str:
        state = tenant_state(web.session(), tenant_by_code(web.session(), code))
        panels = site_panels(state, web.current_runtime().settings)
        taken = {each.locale for each in panels}
        free = [each for each in FOREIGN_LOCALES if each not in taken]
        return self.render(
            "city/sites.html", state=state, sites=panels[1:], has_free=bool(free), form=form
        )

    def _take(self, code: str, locale: str, step: _Step) -> ResponseReturnValue:
        form = SiteStateForm()

        def write() -> ResponseReturnValue:
            session, reason = web.session(), form.reason.data or ""
            tenant, site = tenant_by_code(session, code), self._site(code, locale)
            verb = close_site if step is _CLOSING else reopen_site
            verb(session, tenant, site, reason=reason, by=current_actor())
            flash(say(step.done, name=site.name), "good")
            return self._back(code)

        return self.save(form, write, lambda: self._question(code, locale, step, form))

    def _site(self, code: str, locale: str) -> Site:
        tenant = tenant_by_code(web.session(), code)
        return site_in_language(web.session(), tenant.id, locale)

    def _question(self, code: str, locale: str, step: _Step, form: SiteStateForm) -> str:
        return self.render(
            "console/confirm.html",
            title=say(step.question, name=self._site(code, locale).name),
            form=form,
            consequences=[say(each) for each in step.consequences],
            label=say(step.label),
            tone=step.tone,
            icon=step.icon,
            cancel=url_for("city_sites.index", code=code),
        )

    def _back(self, code: str) -> ResponseReturnValue:
        return redirect(url_for("city_sites.index", code=code), _SEE_OTHER)
