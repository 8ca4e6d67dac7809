"""How much a tenant may keep, and until when older content may come in."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from hosting.console.admin import ShellView, page
from hosting.console.language import say
from hosting.directory.queries import tenant_by_code
from hosting.runtime import web
from hosting.runtime.language import N_
from hosting.security.guards import current_actor, guarded
from provisioning.city.forms.changes import HistoryForm, QuotasForm
from provisioning.city.presenters.tenants import uses
from provisioning.city.queries.tenants import tenant_state
from provisioning.onboarding.changes import open_history
from provisioning.quotas.operations import Quotas, set_quotas

_SEE_OTHER = 303


class LimitsView(ShellView):
    """A tenant's limits."""

    @page("/")
    @guarded("tenants.change")
    def index(self, code: str) -> ResponseReturnValue:
        """What is used of each quota, and the limits as they are."""
        return self._limits(code)

    @page("/", "POST")
    @guarded("tenants.change")
    def set_quotas(self, code: str) -> ResponseReturnValue:
        """Set the quotas."""
        form = QuotasForm()

        def write() -> ResponseReturnValue:
            tenant = tenant_by_code(web.session(), code)
            set_quotas(web.session(), tenant, quotas=form.quotas(), by=current_actor())
            flash(say(N_("配额已保存")), "good")
            return self._back(code)

        return self.save(form, write, lambda: self._limits(code, quotas=form))

    @page("/history", "POST")
    @guarded("tenants.change")
    def open_history(self, code: str) -> ResponseReturnValue:
        """Set until when older content may come in."""
        form = HistoryForm()

        def write() -> ResponseReturnValue:
            tenant = tenant_by_code(web.session(), code)
            open_history(web.session(), tenant, until=form.until.data, by=current_actor())
            flash(say(N_("旧内容迁入期限已保存")), "good")
            return self._back(code)

        return self.save(form, write, lambda: self._limits(code, history=form))

    def _limits(
        self, code: str, *, quotas: QuotasForm | None = None, history: HistoryForm | None = None
    ) -> str:
        tenant = tenant_by_code(web.session(), code)
        state = tenant_state(web.session(), tenant)
        known = QuotasForm.of(Quotas.of(tenant))
        return self.render(
            "city/limits.html",
            state=state,
            uses=uses(state),
            quotas=quotas or QuotasForm(formdata=None, data=known),
            history=history or HistoryForm(formdata=None, until=tenant.history_until),
        )

    def _back(self, code: str) -> ResponseReturnValue:
        return redirect(url_for("city_limits.index", code=code), _SEE_OTHER)
