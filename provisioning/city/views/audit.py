"""The audit trail: searched, and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from hosting.console.admin import RecordView, page
from hosting.console.language import say
from hosting.directory.queries import tenants
from hosting.runtime import web
from hosting.runtime.clock import now
from hosting.runtime.language import N_
from hosting.security.account_queries import account_names
from hosting.security.audit_export import FORMS, begin_export, export_lines
from hosting.security.audit_queries import (
    VERIFY_AUDIT,
    audit_count,
    audit_rows,
    is_verifying,
    verifications,
)
from hosting.security.guards import current_actor, guarded
from provisioning.city.forms.audit import AuditFilterForm
from provisioning.city.presenters.audit import (
    AuditLine,
    Entry,
    VerificationLine,
    account_ids,
    audit_lines,
    verification_lines,
)

_SEE_OTHER = 303


class AuditView(RecordView):
    """What happened on the platform, and whether the record of it is whole."""

    page_size = 50

    @page("/")
    @guarded("audit.read")
    def index_view(self) -> ResponseReturnValue:
        """The trail, the newest first, narrowed as the address says."""
        session, known = web.session(), tenants(web.session())
        form = AuditFilterForm(known)
        narrowed = form.narrowed(web.current_runtime().settings.zone)
        return self.list_page(
            "city/audit.html",
            form,
            count=audit_count(session, narrowed),
            rows=lambda paging: _lines(
                audit_rows(session, narrowed, offset=paging.offset, limit=paging.listing.size),
                {each.id: each.name for each in known},
            ),
            last=next(iter(self._verifications(limit=1)), None),
        )

    @page("/export/<any(csv,jsonl):form>", "POST")
    @guarded("audit.read")
    def download(self, form: str) -> ResponseReturnValue:
        """The rows that the address narrows the trail to, as a file; sent while it is read."""
        runtime = web.current_runtime()
        narrowed = AuditFilterForm(tenants(web.session())).narrowed(runtime.settings.zone)
        wanted = begin_export(web.session(), narrowed, form=form, by=current_actor())
        name = f"audit-{now().strftime('%Y%m%d-%H%M%S')}.{form}"
        return Response(
            export_lines(runtime, wanted, form=form),
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
            content_type=f"{FORMS[form]}; charset=utf-8",
        )

    @page("/verification")
    @guarded("audit.read")
    def verification(self) -> ResponseReturnValue:
        """What the latest checks found."""
        return self.render(
            "city/verification.html",
            checks=self._verifications(limit=10),
            is_running=is_verifying(web.session()),
        )

    @page("/verification", "POST")
    @guarded("audit.read")
    def verify(self) -> ResponseReturnValue:
        """Have the whole trail checked now."""
        web.session().enqueue(VERIFY_AUDIT, key="all", account_id=current_actor().account_id)
        flash(say(N_("已开始核验，结果会写入审计记录")), "info")
        return redirect(url_for("city_audit.verification"), _SEE_OTHER)

    def _verifications(self, *, limit: int) -> list[VerificationLine]:
        session = web.session()
        places = {each.id: each.name for each in tenants(session)}
        rows = verifications(session, limit=limit)
        return verification_lines(rows, places, say(N_("全市")))


def _lines(rows: Sequence[Entry], places: Mapping[int, str]) -> list[AuditLine]:
    people = account_names(web.session(), account_ids(rows))
    return audit_lines(rows, places, people)
