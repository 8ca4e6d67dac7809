"""Deleting a closed tenant for good: asked before, watched meanwhile, on record afterwards."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from hosting.console.admin import ShellView, page
from hosting.console.language import say
from hosting.directory.models import Tenant
from hosting.directory.queries import tenant_by_code
from hosting.runtime import web
from hosting.runtime.clock import now
from hosting.runtime.language import N_
from hosting.security.guards import current_actor, guarded
from provisioning.city.forms.changes import SuspensionForm
from provisioning.city.presenters.deletions import consequences, deletion_lines, report
from provisioning.deletion.operations import begin_deletion
from provisioning.deletion.queries import deletable_at, deletion, deletions, stock_of

_SEE_OTHER = 303


class DeletionView(ShellView):
    """The question before a tenant is deleted."""

    @page("/")
    @guarded("tenants.delete")
    def index(self, code: str) -> ResponseReturnValue:
        """What would go; the form, where the tenant may be deleted now."""
        tenant = tenant_by_code(web.session(), code)
        due = deletable_at(web.session(), tenant, wait_days=_wait_days())
        if due is None or due > now():
            return self.render("city/undeletable.html", tenant=tenant, due=due, days=_wait_days())
        return self._ask(tenant, SuspensionForm(formdata=None, code=code))

    @page("/", "POST")
    @guarded("tenants.delete")
    def begin(self, code: str) -> ResponseReturnValue:
        """Have it deleted."""
        form = SuspensionForm(code=code)

        def write() -> ResponseReturnValue:
            begun = begin_deletion(
                web.session(),
                tenant_by_code(web.session(), code),
                reason=form.reason.data or "",
                wait_days=_wait_days(),
                by=current_actor(),
            )
            flash(say(N_("已开始注销“{name}”"), name=begun.name), "info")
            address = url_for("city_deletions.deletion", deletion_id=begun.id)
            return redirect(address, _SEE_OTHER)

        return self.save(form, write, lambda: self._ask(tenant_by_code(web.session(), code), form))

    def _ask(self, tenant: Tenant, form: SuspensionForm) -> str:
        return self.render(
            "console/confirm.html",
            title=say(N_("注销“{name}”并删除全部数据？"), name=tenant.name),
            form=form,
            consequences=consequences(stock_of(web.session(), tenant)),
            label=say(N_("永久删除")),
            tone="danger",
            icon="delete",
            cancel=url_for("city_state.index", code=tenant.code),
        )


class DeletionsView(ShellView):
    """Tenants that were deleted, and those that are being."""

    @page("/")
    @guarded("tenants.view")
    def index(self) -> ResponseReturnValue:
        """All of them, the newest first."""
        lines = deletion_lines(deletions(web.session()))
        return self.render("city/deletions.html", lines=lines)

    @page("/<id:deletion_id>/")
    @guarded("tenants.view")
    def deletion(self, deletion_id: int) -> ResponseReturnValue:
        """How far one has come, and what it came to."""
        shown = report(deletion(web.session(), deletion_id))
        return self.render("city/deletion.html", deletion=shown)


def _wait_days() -> int:
    return web.current_runtime().settings.tenant_deletion_wait_days
