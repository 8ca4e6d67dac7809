"""The list of tenants, a tenant's page, its name, and what opening it came to."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from hosting.console.admin import RecordView, page
from hosting.console.language import say
from hosting.directory.models import Tenant
from hosting.directory.queries import TenantFilter, tenant_by_code, tenant_count
from hosting.runtime import web
from hosting.runtime.language import N_
from hosting.security.guards import current_actor, guarded
from provisioning.city.forms.tenants import NameForm, TenantFilterForm
from provisioning.city.presenters.badges import TENANT_STATES
from provisioning.city.presenters.opened import opened_view
from provisioning.city.presenters.tenants import site_panels, step_lines, tenant_lines, uses
from provisioning.city.queries.tenants import sites_of, size_of, tenant_list, tenant_state
from provisioning.domains.names import PlatformHosts
from provisioning.onboarding.changes import rename
from provisioning.onboarding.probe import probe_homes
from provisioning.presenters import KINDS

_SEE_OTHER = 303


class TenantsView(RecordView):
    """All tenants of the city."""

    sorts = ("-kind", "code", "-opened")

    @page("/")
    @guarded("tenants.view")
    def index_view(self) -> ResponseReturnValue:
        """The list, narrowed and sorted as the address says."""
        form = TenantFilterForm()
        narrowed = TenantFilter(**form.values())
        return self.list_page(
            "city/tenants.html",
            form,
            count=tenant_count(web.session(), narrowed),
            rows=lambda paging: tenant_lines(
                tenant_list(
                    web.session(),
                    narrowed,
                    sort=paging.listing.sorting.key,
                    descending=paging.listing.sorting.descending,
                    offset=paging.offset,
                    limit=paging.listing.size,
                )
            ),
        )

    @page("/<tenant:code>/")
    @guarded("tenants.view")
    def tenant(self, code: str) -> ResponseReturnValue:
        """What the city knows of a tenant, and what it can do about it."""
        state = tenant_state(web.session(), tenant_by_code(web.session(), code))
        return self.render(
            "city/tenant.html",
            state=state,
            state_badge=TENANT_STATES[state.tenant.state],
            kind=KINDS[state.tenant.kind],
            sites=site_panels(state, web.current_runtime().settings),
            steps=step_lines(state.steps),
            uses=uses(state),
        )

    @page("/<tenant:code>/opened")
    @guarded("tenants.open")
    def opened(self, code: str) -> ResponseReturnValue:
        """How far a new tenant has come, its home page asked for as a reader would."""
        runtime, session = web.current_runtime(), web.session()
        tenant = tenant_by_code(session, code)
        site, size = sites_of(session, tenant.id)[0], size_of(session, tenant)
        view = opened_view(
            tenant,
            site,
            size,
            probe_homes(runtime, site.hosts) if site.has_home else [],
            PlatformHosts.of(runtime.settings),
        )
        return self.render("city/opened.html", opened=view, tenant=tenant)

    @page("/<tenant:code>/name")
    @guarded("tenants.change")
    def name_form(self, code: str) -> ResponseReturnValue:
        """The name as it is."""
        tenant = tenant_by_code(web.session(), code)
        return self._ask_name(NameForm(formdata=None, name=tenant.name), tenant)

    @page("/<tenant:code>/name", "POST")
    @guarded("tenants.change")
    def rename(self, code: str) -> ResponseReturnValue:
        """Give it another name."""
        form = NameForm()

        def write() -> ResponseReturnValue:
            tenant = tenant_by_code(web.session(), code)
            rename(
                web.session(),
                tenant,
                name=form.name.data or "",
                short_name=form.short_name.data or "",
                by=current_actor(),
            )
            flash(say(N_("已更名为“{name}”，网页随后更新"), name=tenant.name), "good")
            return redirect(url_for("city_tenants.tenant", code=code), _SEE_OTHER)

        return self.save(
            form, write, lambda: self._ask_name(form, tenant_by_code(web.session(), code))
        )

    def _ask_name(self, form: NameForm, tenant: Tenant) -> str:
        return self.render("city/name.html", form=form, tenant=tenant)
