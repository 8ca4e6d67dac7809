"""Review: the queues, the page on which one signs, and what is signed there. One at a time."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hosting.console.language import say
from hosting.runtime import web
from hosting.runtime.errors import NotFound, Refusal
from hosting.runtime.language import N_
from hosting.security.guards import current_actor, guarded
from tenants.content.queries import matter
from tenants.review.models import APPROVE, FINAL, FIRST, SECOND
from tenants.review.operations.signing import record_secrecy_review, sign
from tenants.workspace.blueprint import blueprint
from tenants.workspace.forms.review import SECRECY_BASES, SecrecyForm, SignForm
from tenants.workspace.presenters.matters import page_of
from tenants.workspace.presenters.queues import queue_view
from tenants.workspace.presenters.reviewing import review_view
from tenants.workspace.presenters.states import STAGES
from tenants.workspace.queries.desk import StageQueue, queue_at
from tenants.workspace.queries.reviewing import under_review

_SEE_OTHER = 303


@blueprint.get("/reviews/")
@guarded("review.read")
def reviews() -> ResponseReturnValue:
    """What waits at a stage, the longest waiting first."""
    actor = current_actor()
    found = queue_at(web.session(), request.args.get("stage", ""), actor)
    return render_template(
        "workspace/reviews.html", queue=queue_view(found, actor), tabs=_tabs(found)
    )


def _tabs(found: StageQueue) -> list[tuple[str, str, bool, int]]:
    """The stages that this person signs, as the shell's tabs."""
    return [
        (
            say(N_("待{stage}"), stage=say(STAGES[stage])),
            url_for("workspace.reviews", stage=stage),
            stage == found.stage,
            count,
        )
        for stage, count in found.counts.items()
    ]


@blueprint.get("/reviews/<id:edition_id>/")
@guarded("content.read")
def review(edition_id: int) -> ResponseReturnValue:
    """Exactly what is signed, and by whom so far."""
    return _page(edition_id, SignForm(formdata=None), SecrecyForm(formdata=None))


@blueprint.post("/reviews/<id:edition_id>/first-review")
@guarded("review.first")
def first_review(edition_id: int) -> ResponseReturnValue:
    """Sign the first review (初审)."""
    return _sign(edition_id, FIRST)


@blueprint.post("/reviews/<id:edition_id>/second-review")
@guarded("review.second")
def second_review(edition_id: int) -> ResponseReturnValue:
    """Sign the second review (审核)."""
    return _sign(edition_id, SECOND)


@blueprint.post("/reviews/<id:edition_id>/final-review")
@guarded("review.final")
def final_review(edition_id: int) -> ResponseReturnValue:
    """Sign the last stage (审发): an approval issues, or schedules."""
    return _sign(edition_id, FINAL)


@blueprint.post("/reviews/<id:edition_id>/secrecy-review")
@guarded("review.secrecy")
def secrecy_review(edition_id: int) -> ResponseReturnValue:
    """Record the secrecy review."""
    form = SecrecyForm()
    if not form.validate():
        return _page(edition_id, SignForm(formdata=None), form), 422
    try:
        record_secrecy_review(
            web.session(),
            edition_id,
            outcome=form.outcome.data,
            basis=form.basis.data or "",
            opinion=form.secrecy_opinion.data or "",
            digest=form.digest.data or "",
            by=current_actor(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(edition_id, SignForm(formdata=None), form), refusal.status
    flash(say(N_("保密审查已登记")), "good")
    return redirect(url_for("workspace.review", edition_id=edition_id), _SEE_OTHER)


def _sign(edition_id: int, stage: str) -> ResponseReturnValue:
    form = SignForm()
    if not form.validate() or not form.is_decided:
        return _page(edition_id, form, SecrecyForm(formdata=None)), 422
    try:
        signed = sign(
            web.session(),
            edition_id,
            stage=stage,
            decision=form.decision.data or "",
            digest=form.digest.data or "",
            opinion=form.opinion.data or "",
            by=current_actor(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(edition_id, form, SecrecyForm(formdata=None)), refusal.status
    words = (
        N_("已签署同意")
        if form.decision.data == APPROVE
        else N_("已退回，作者会在工作台看到您的意见")
    )
    flash(say(words), "good")
    return redirect(page_of(matter(web.session(), signed.item_id), signed), _SEE_OTHER)


def _page(edition_id: int, form: SignForm, secrecy: SecrecyForm) -> str:
    """The review page; after a refusal as well, with what was typed."""
    web.read_again()
    actor = current_actor()
    found = under_review(web.session(), edition_id, actor)
    settings = web.current_runtime().settings
    return render_template(
        "workspace/review.html",
        review=review_view(found, actor, settings, g.tenant.code),
        form=form,
        secrecy=secrecy,
        bases=SECRECY_BASES,
    )
