"""What ends a column, or a wish for it, confirmed first; and a look before it is signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hosting.console.language import say
from hosting.runtime import web
from hosting.runtime.errors import Conflict, NotFound, Refusal
from hosting.runtime.language import N_
from hosting.security.guards import current_actor, guarded
from tenants.pages.preview import preview_address
from tenants.review.operations.discard import discard_draft
from tenants.sites.queries import column
from tenants.workspace.blueprint import blueprint
from tenants.workspace.forms.column import ClosingForm
from tenants.workspace.operations import write_column
from tenants.workspace.queries.columns import ColumnCopy, column_copy

_SEE_OTHER = 303


@blueprint.get("/columns/<id:column_id>/closing")
@guarded("sites.manage")
def closing(column_id: int) -> ResponseReturnValue:
    """Ask before a column's closing is handed in."""
    copy = column_copy(web.session(), column_id)
    return _ask_closing(ClosingForm(formdata=None, digest=copy.digest), copy)


@blueprint.post("/columns/<id:column_id>/closing")
@guarded("sites.manage")
def shut_column(column_id: int) -> ResponseReturnValue:
    """Hand in that an empty column shall close."""
    words = N_("关闭栏目“{name}”已提交审核，审发后关闭")
    return _end(column_id, _hand_in_closing, _ask_closing, words)


@blueprint.get("/columns/<id:column_id>/discarding")
@guarded("sites.manage")
def discarding_column(column_id: int) -> ResponseReturnValue:
    """Ask before what was written of a column is given up."""
    copy = column_copy(web.session(), column_id)
    return _ask_discarding(ClosingForm(formdata=None, digest=copy.digest), copy)


@blueprint.post("/columns/<id:column_id>/discarding")
@guarded("sites.manage")
def discard_column(column_id: int) -> ResponseReturnValue:
    """Give up what was written of a column; one that was only planned goes with it."""
    return _end(column_id, _give_up, _ask_discarding, N_("已放弃对栏目“{name}”的修改"))


@blueprint.get("/columns/<id:column_id>/preview")
@guarded("content.read")
def column_preview(column_id: int) -> ResponseReturnValue:
    """Go to the column as readers would see it."""
    shown = column(web.session(), column_id)
    runtime, tenant_id = web.current_runtime(), web.session().tenant_id
    return redirect(preview_address(runtime, tenant_id, shown.site_id, shown.path), _SEE_OTHER)


Act = Callable[[ColumnCopy, str], object]
"""Given the column and the digest that was seen."""


def _end(
    column_id: int, act: Act, ask: Callable[[ClosingForm, ColumnCopy], str], words: str
) -> ResponseReturnValue:
    """Do it and go back to the tree, or ask again with the reason why not."""
    form = ClosingForm()
    copy = column_copy(web.session(), column_id)
    try:
        act(copy, form.digest.data or "")
    except NotFound:
        raise
    except Refusal as refusal:
        web.read_again()
        form.refuse(refusal)
        copy = column_copy(web.session(), column_id)
        form.digest.data = copy.digest
        return ask(form, copy), refusal.status
    flash(say(words, name=copy.column.name), "good")
    return redirect(url_for("workspace.columns"), _SEE_OTHER)


def _hand_in_closing(copy: ColumnCopy, digest: str) -> None:
    write_column(
        web.session(),
        copy.column.id,
        proposal=replace(copy.proposal, closes=True),
        expected_digest=digest,
        hand_in=True,
        by=current_actor(),
    )


def _give_up(copy: ColumnCopy, digest: str) -> None:
    if copy.open is None:
        raise Conflict("no_draft", N_("这个栏目没有可放弃的修改"))
    discard_draft(web.session(), copy.open.item_id, expected_digest=digest, by=current_actor())


def _ask_closing(form: ClosingForm, copy: ColumnCopy) -> str:
    name, path = copy.column.name, copy.column.path
    return _ask(
        form,
        say(N_("关闭栏目“{name}”？"), name=name),
        (
            say(N_("提交审核，审发后网址 {path} 不再可用"), path=path),
            say(N_("栏目下有稿件或下级栏目时不能关闭")),
        ),
        say(N_("提交关闭")),
        copy,
    )


def _ask_discarding(form: ClosingForm, copy: ColumnCopy) -> str:
    name = copy.column.name
    consequence = N_("网上的栏目不受影响") if copy.is_public else N_("这个栏目尚未公开，将一并取消")
    return _ask(
        form,
        say(N_("放弃对栏目“{name}”的修改？"), name=name),
        (say(consequence),),
        say(N_("放弃修改")),
        copy,
    )


def _ask(
    form: ClosingForm, title: str, consequences: Sequence[str], label: str, copy: ColumnCopy
) -> str:
    return render_template(
        "console/confirm.html",
        title=title,
        form=form,
        consequences=consequences,
        label=label,
        icon="archive",
        cancel=url_for("workspace.edit_column", column_id=copy.column.id),
    )
