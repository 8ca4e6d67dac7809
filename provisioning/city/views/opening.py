"""Opening a tenant from a blueprint."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from hosting.console.admin import ShellView, page
from hosting.runtime import web
from hosting.runtime.errors import Refusal
from hosting.security.guards import current_actor, guarded
from provisioning.city.forms.tenants import OpeningForm
from provisioning.city.presenters.blueprints import blueprint_view
from provisioning.domains.names import PlatformHosts
from provisioning.onboarding.opening import check_opening
from provisioning.onboarding.operations import open_tenant

_SEE_OTHER = 303


class OpeningView(ShellView):
    """The form, what the chosen blueprint brings, and the act."""

    @page("/")
    @guarded("tenants.open")
    def index(self) -> ResponseReturnValue:
        """An empty form; the address may choose the blueprint."""
        form = OpeningForm(formdata=None)
        form.blueprint.data = next(iter(form.blueprint.choices))
        if (asked := request.args.get("blueprint", "")) in form.blueprint.choices:
            form.blueprint.data = asked
        return self._form(form)

    @page("/", "POST")
    @guarded("tenants.open")
    def open(self) -> ResponseReturnValue:
        """Open it; where anything is wrong, all of it is said at once and nothing is written."""
        form = OpeningForm()
        is_valid, status = form.validate(), 422
        hosts = PlatformHosts.of(web.current_runtime().settings)
        try:
            checked = check_opening(web.session(), form.opening(), platform_hosts=hosts)
            if is_valid:
                tenant = open_tenant(web.session(), checked, by=current_actor())
                return redirect(url_for("city_tenants.opened", code=tenant.code), _SEE_OTHER)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        web.read_again()
        return self._form(form), status

    def _form(self, form: OpeningForm) -> str:
        known = form.blueprint.data in form.blueprint.choices
        chosen = form.blueprint.data if known else next(iter(form.blueprint.choices))
        return self.render("city/opening.html", form=form, blueprint=blueprint_view(chosen))
