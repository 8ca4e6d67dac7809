"""Steps that a person confirms on a page of their own: urgent issue, unscheduling, withdrawal."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from hosting.console.language import say
from hosting.console.saving import confirmation, save
from hosting.runtime import web
from hosting.runtime.language import N_
from hosting.security.guards import current_actor, guarded
from tenants.content.queries import matter
from tenants.review.operations.signing import issue_urgently, unschedule
from tenants.review.operations.withdraw import withdraw
from tenants.workspace.blueprint import blueprint
from tenants.workspace.forms.review import UnscheduleForm, UrgentForm, WithdrawForm
from tenants.workspace.presenters.matters import page_of, title_of
from tenants.workspace.queries.items import working_copy
from tenants.workspace.queries.reviewing import under_review

_SEE_OTHER = 303


@blueprint.get("/reviews/<id:edition_id>/urgent-issue")
@guarded("review.final")
def urgent_issue(edition_id: int) -> ResponseReturnValue:
    """Ask for the reason of issuing before the first two reviews."""
    found = under_review(web.session(), edition_id, current_actor())
    return _ask_urgent(UrgentForm(formdata=None, digest=found.edition.digest), edition_id)


@blueprint.post("/reviews/<id:edition_id>/urgent-issue")
@guarded("review.final")
def issue_urgent(edition_id: int) -> ResponseReturnValue:
    """Issue at once; the two reviews are due afterwards."""
    form = UrgentForm()

    def write() -> ResponseReturnValue:
        issue = issue_urgently(
            web.session(),
            edition_id,
            digest=form.digest.data or "",
            reason=form.reason.data or "",
            by=current_actor(),
        )
        flash(say(N_("已紧急发布，请督促初审人、审核人在 24 小时内补签")), "warn")
        issued = under_review(web.session(), issue.edition_id, current_actor())
        return redirect(page_of(issued.matter, issued.edition), _SEE_OTHER)

    return save(form, write, lambda: _ask_urgent(form, edition_id))


def _ask_urgent(form: UrgentForm, edition_id: int) -> str:
    found = under_review(web.session(), edition_id, current_actor())
    return confirmation(
        form,
        say(N_("紧急发布“{title}”？"), title=title_of(found.edition)),
        (
            say(N_("跳过初审和审核，立即对外公开")),
            say(N_("理由和您的姓名将登记备案")),
            say(N_("初审和审核须在 24 小时内补签，逾期计入考核")),
        ),
        say(N_("紧急发布")),
        url_for("workspace.review", edition_id=edition_id),
        icon="warning",
    )


@blueprint.get("/reviews/<id:edition_id>/unscheduling")
@guarded("review.final")
def unscheduling(edition_id: int) -> ResponseReturnValue:
    """Ask why a scheduled edition is taken back."""
    found = under_review(web.session(), edition_id, current_actor())
    return _ask_unschedule(UnscheduleForm(formdata=None, digest=found.edition.digest), edition_id)


@blueprint.post("/reviews/<id:edition_id>/unscheduling")
@guarded("review.final")
def unschedule_edition(edition_id: int) -> ResponseReturnValue:
    """Return a scheduled edition to its writers."""
    form = UnscheduleForm()

    def write() -> ResponseReturnValue:
        taken = unschedule(
            web.session(), edition_id, opinion=form.opinion.data or "", by=current_actor()
        )
        flash(say(N_("已取消定时发布，稿件退回草稿")), "good")
        return redirect(page_of(matter(web.session(), taken.item_id), taken), _SEE_OTHER)

    return save(form, write, lambda: _ask_unschedule(form, edition_id))


def _ask_unschedule(form: UnscheduleForm, edition_id: int) -> str:
    found = under_review(web.session(), edition_id, current_actor())
    return confirmation(
        form,
        say(N_("取消“{title}”的定时发布？"), title=title_of(found.edition)),
        (say(N_("稿件退回为草稿，须重新提交审核")),),
        say(N_("取消定时发布")),
        page_of(found.matter, found.edition),
        icon="return",
    )


@blueprint.get("/items/<id:item_id>/withdrawal")
@guarded("review.final")
def withdrawal(item_id: int) -> ResponseReturnValue:
    """Ask why an item is withdrawn."""
    return _ask_withdrawal(WithdrawForm(formdata=None), item_id)


@blueprint.post("/items/<id:item_id>/withdrawal")
@guarded("review.final")
def withdraw_item(item_id: int) -> ResponseReturnValue:
    """Take an item from the public."""
    form = WithdrawForm()

    def write() -> ResponseReturnValue:
        withdraw(web.session(), item_id, reason=form.reason.data or "", by=current_actor())
        flash(say(N_("已撤稿，正在从网站上清除，核查结果见撤稿回执")), "good")
        return redirect(url_for("workspace.item", item_id=item_id), _SEE_OTHER)

    return save(form, write, lambda: _ask_withdrawal(form, item_id))


def _ask_withdrawal(form: WithdrawForm, item_id: int) -> str:
    copy = working_copy(web.session(), item_id, current_actor())
    return confirmation(
        form,
        say(N_("撤下“{title}”？"), title=copy.content.edition.title),
        (
            say(N_("网页、列表、搜索和订阅中的内容一并撤下")),
            say(N_("原网址提示内容已删除，不会再用于其他稿件")),
            say(N_("再次公开须重新经过三级审核")),
        ),
        say(N_("撤稿")),
        url_for("workspace.item", item_id=item_id),
        icon="withdraw",
    )
