"""The hosts of a tenant: bound, released, called the main one."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from hosting.console.admin import ShellView, page
from hosting.console.language import say
from hosting.directory.queries import site_in_language, site_of_tenants_host, tenant_by_code
from hosting.runtime import web
from hosting.runtime.language import N_
from hosting.security.guards import current_actor, guarded
from provisioning.city.forms.changes import HostForm, ReleaseForm
from provisioning.city.presenters.tenants import readable, site_panels
from provisioning.city.queries.tenants import tenant_state
from provisioning.domains.names import PlatformHosts
from provisioning.domains.operations import bind, choose_main, release

_SEE_OTHER = 303


class HostsView(ShellView):
    """Which names lead to a tenant's sites."""

    @page("/")
    @guarded("tenants.view")
    def index(self, code: str) -> ResponseReturnValue:
        """The hosts, and a form for one more."""
        return self._hosts(code, HostForm(formdata=None))

    @page("/", "POST")
    @guarded("tenants.change")
    def bind(self, code: str) -> ResponseReturnValue:
        """Let a site answer under one host more."""
        form = HostForm()

        def write() -> ResponseReturnValue:
            session = web.session()
            tenant = tenant_by_code(session, code)
            checked = bind(
                session,
                tenant,
                site_in_language(session, tenant.id, form.locale.data or ""),
                form.host.data or "",
                is_main=form.is_main.data,
                platform_hosts=PlatformHosts.of(web.current_runtime().settings),
                by=current_actor(),
            )
            flash(say(N_("已绑定域名“{host}”"), host=readable(checked.hosts[0])), "good")
            for warning in checked.warnings:
                flash(say(warning.message, **warning.facts), "warn")
            return self._back(code)

        return self.save(form, write, lambda: self._hosts(code, form))

    @page("/<host>/main", "POST")
    @guarded("tenants.change")
    def choose(self, code: str, host: str) -> ResponseReturnValue:
        """Call a site by another of its hosts."""
        session = web.session()
        tenant = tenant_by_code(session, code)
        site = site_of_tenants_host(session, tenant.id, host)
        choose_main(session, tenant, site, host, by=current_actor())
        flash(say(N_("主域名已改为“{host}”，网页随后更新"), host=readable(host)), "good")
        return self._back(code)

    @page("/<host>/release")
    @guarded("tenants.change")
    def release_form(self, code: str, host: str) -> ResponseReturnValue:
        """Ask before a host is let go."""
        return self._ask_release(code, host, ReleaseForm(formdata=None))

    @page("/<host>/release", "POST")
    @guarded("tenants.change")
    def release(self, code: str, host: str) -> ResponseReturnValue:
        """Let nothing answer under a host any more."""
        form = ReleaseForm()

        def write() -> ResponseReturnValue:
            tenant = tenant_by_code(web.session(), code)
            release(web.session(), tenant, host, by=current_actor())
            flash(say(N_("已解绑域名“{host}”"), host=readable(host)), "good")
            return self._back(code)

        return self.save(form, write, lambda: self._ask_release(code, host, form))

    def _hosts(self, code: str, form: HostForm) -> str:
        state = tenant_state(web.session(), tenant_by_code(web.session(), code))
        panels = site_panels(state, web.current_runtime().settings)
        form.offer([(each.locale, each.name) for each in panels])
        return self.render("city/hosts.html", state=state, sites=panels, form=form)

    def _ask_release(self, code: str, host: str, form: ReleaseForm) -> str:
        tenant = tenant_by_code(web.session(), code)
        return self.render(
            "console/confirm.html",
            title=say(N_("解绑域名“{host}”？"), host=readable(host)),
            form=form,
            consequences=[
                say(N_("读者用这个域名不再能访问“{name}”的网站"), name=tenant.name),
                say(N_("已印发、已收藏的这个域名的网址全部失效")),
                say(N_("网站内容和其他域名不受影响，之后可以重新绑定")),
            ],
            label=say(N_("解绑")),
            cancel=url_for("city_hosts.index", code=code),
        )

    def _back(self, code: str) -> ResponseReturnValue:
        return redirect(url_for("city_hosts.index", code=code), _SEE_OTHER)
