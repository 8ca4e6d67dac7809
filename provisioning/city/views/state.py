"""The life of a tenant: suspended, resumed, announced to be closed, closed."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from hosting.console.admin import ShellView, page
from hosting.console.language import say
from hosting.directory.queries import tenant_by_code
from hosting.runtime import web
from hosting.security.guards import current_actor, guarded
from provisioning.city.forms.changes import StepForm
from provisioning.city.presenters.badges import MEANINGS, TENANT_STATES
from provisioning.city.presenters.tenants import step_lines
from provisioning.city.queries.tenants import size_of, tenant_state
from provisioning.city.steps import ANNOUNCEMENT, CLOSING, RESUMPTION, SUSPENSION, Step

_SEE_OTHER = 303


class StateView(ShellView):
    """Where a tenant stands in its life, and the steps that can be taken from there."""

    @page("/")
    @guarded("tenants.view")
    def index(self, code: str) -> ResponseReturnValue:
        """The state, how it came about, and what may follow."""
        state = tenant_state(web.session(), tenant_by_code(web.session(), code))
        return self.render(
            "city/state.html",
            state=state,
            state_badge=TENANT_STATES[state.tenant.state],
            meaning=MEANINGS[state.tenant.state],
            steps=step_lines(state.steps),
        )

    @page("/suspension")
    @guarded("tenants.suspend", needs_proof=True)
    def suspension(self, code: str) -> ResponseReturnValue:
        """Ask before a tenant is suspended."""
        return self._ask(code, SUSPENSION)

    @page("/suspension", "POST")
    @guarded("tenants.suspend")
    def suspend(self, code: str) -> ResponseReturnValue:
        """Suspend it."""
        return self._take(code, SUSPENSION)

    @page("/resumption")
    @guarded("tenants.suspend", needs_proof=True)
    def resumption(self, code: str) -> ResponseReturnValue:
        """Ask before a tenant is resumed."""
        return self._ask(code, RESUMPTION)

    @page("/resumption", "POST")
    @guarded("tenants.suspend")
    def resume(self, code: str) -> ResponseReturnValue:
        """Resume it, or call off its closing."""
        return self._take(code, RESUMPTION)

    @page("/announcement")
    @guarded("tenants.close", needs_proof=True)
    def announcement(self, code: str) -> ResponseReturnValue:
        """Ask before it is announced that a tenant will be closed."""
        return self._ask(code, ANNOUNCEMENT)

    @page("/announcement", "POST")
    @guarded("tenants.close")
    def announce(self, code: str) -> ResponseReturnValue:
        """Announce it."""
        return self._take(code, ANNOUNCEMENT)

    @page("/closing")
    @guarded("tenants.close", needs_proof=True)
    def closing(self, code: str) -> ResponseReturnValue:
        """Ask before a tenant is closed."""
        return self._ask(code, CLOSING)

    @page("/closing", "POST")
    @guarded("tenants.close")
    def close(self, code: str) -> ResponseReturnValue:
        """Close it for good."""
        return self._take(code, CLOSING)

    def _ask(self, code: str, step: Step) -> str:
        return self._question(code, step, step.form(formdata=None, code=code))

    def _take(self, code: str, step: Step) -> ResponseReturnValue:
        form = step.form(code=code)

        def write() -> ResponseReturnValue:
            tenant = tenant_by_code(web.session(), code)
            step.take(web.session(), tenant, form, current_actor())
            flash(say(step.done, name=tenant.name), "good")
            return redirect(url_for("city_state.index", code=code), _SEE_OTHER)

        return self.save(form, write, lambda: self._question(code, step, form))

    def _question(self, code: str, step: Step, form: StepForm) -> str:
        tenant = tenant_by_code(web.session(), code)
        size = size_of(web.session(), tenant)
        return self.render(
            "console/confirm.html",
            title=say(step.question, name=tenant.name),
            form=form,
            consequences=[say(each, **step.facts(size)) for each in step.consequences],
            label=say(step.label),
            tone=step.tone,
            icon=step.icon,
            cancel=url_for("city_state.index", code=code),
        )
