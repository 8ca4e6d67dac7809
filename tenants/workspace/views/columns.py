"""The column tree: to see, to grow, to put in order, to close."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hosting.console.language import say
from hosting.runtime import web
from hosting.runtime.errors import Invalid, NotFound, Refusal
from hosting.runtime.language import N_
from hosting.security.guards import current_actor, guarded
from tenants.sites.models import Column
from tenants.sites.operations import change_column, place_column
from tenants.sites.queries import children_of, column
from tenants.workspace.blueprint import blueprint
from tenants.workspace.forms.column import ClosingForm, ColumnForm
from tenants.workspace.operations import close_column, open_column
from tenants.workspace.presenters.columns import column_lines
from tenants.workspace.queries.columns import column_states, top_columns

_SEE_OTHER = 303


@blueprint.get("/columns/")
@guarded("sites.manage")
def columns() -> ResponseReturnValue:
    """The tree, with what is in each column."""
    return render_template(
        "workspace/columns.html", lines=column_lines(column_states(web.session()))
    )


@blueprint.get("/columns/new")
@guarded("sites.manage")
def new_column() -> ResponseReturnValue:
    """An empty form, below the column that the address names."""
    return _form(ColumnForm(formdata=None), parent=_parent(), known=None)


@blueprint.post("/columns/new")
@guarded("sites.manage")
def create_column() -> ResponseReturnValue:
    """Make a column."""
    form = ColumnForm()
    if not form.validate():
        return _form(form, parent=_parent(), known=None), 422
    parent = _parent()
    siblings = children_of(web.session(), parent.id) if parent else top_columns(web.session())
    try:
        made = open_column(
            web.session(),
            facts=form.facts(taken={each.slug for each in siblings}),
            parent_id=parent.id if parent else None,
            by=current_actor(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _refused(form, refusal, known_id=None)
    flash(say(N_("栏目“{name}”已建立，路径为 {path}"), name=made.name, path=made.path), "good")
    return redirect(url_for("workspace.columns"), _SEE_OTHER)


@blueprint.get("/columns/<id:column_id>/")
@guarded("sites.manage")
def edit_column(column_id: int) -> ResponseReturnValue:
    """The form of a column."""
    known = column(web.session(), column_id)
    return _form(ColumnForm(formdata=None, obj=known), parent=None, known=known)


@blueprint.post("/columns/<id:column_id>/")
@guarded("sites.manage")
def save_column(column_id: int) -> ResponseReturnValue:
    """Change a column."""
    form = ColumnForm()
    if not form.validate():
        return _form(form, parent=None, known=column(web.session(), column_id)), 422
    known = column(web.session(), column_id)
    try:
        changed = change_column(
            web.session(), column_id, facts=form.facts(known=known), by=current_actor()
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _refused(form, refusal, known_id=column_id)
    flash(say(N_("栏目“{name}”已保存"), name=changed.name), "good")
    return redirect(url_for("workspace.columns"), _SEE_OTHER)


@blueprint.post("/columns/<id:column_id>/position")
@guarded("sites.manage")
def move_column(column_id: int) -> ResponseReturnValue:
    """Swap a column with the one before or behind it."""
    direction = request.form.get("direction", "")
    if direction not in ("up", "down"):
        raise Invalid("wrong_direction", N_("请选择上移或下移"))
    moved = place_column(web.session(), column_id, direction=direction, by=current_actor())
    address = url_for("workspace.columns", _anchor=f"column-{moved.id}")
    return redirect(address, _SEE_OTHER)


@blueprint.get("/columns/<id:column_id>/closing")
@guarded("sites.manage")
def closing(column_id: int) -> ResponseReturnValue:
    """Ask before a column is closed."""
    return _ask_closing(ClosingForm(formdata=None), column_id)


@blueprint.post("/columns/<id:column_id>/closing")
@guarded("sites.manage")
def shut_column(column_id: int) -> ResponseReturnValue:
    """Close an empty column."""
    form = ClosingForm()
    name = column(web.session(), column_id).name
    try:
        close_column(web.session(), column_id, by=current_actor())
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return _ask_closing(form, column_id), refusal.status
    flash(say(N_("栏目“{name}”已关闭"), name=name), "good")
    return redirect(url_for("workspace.columns"), _SEE_OTHER)


def _ask_closing(form: ClosingForm, column_id: int) -> str:
    web.read_again()
    closed = column(web.session(), column_id)
    return render_template(
        "console/confirm.html",
        title=say(N_("关闭栏目“{name}”？"), name=closed.name),
        form=form,
        consequences=[
            say(N_("网址 {path} 不再可用"), path=closed.path),
            say(N_("栏目下有稿件或下级栏目时不能关闭")),
        ],
        label=say(N_("关闭栏目")),
        icon="archive",
        cancel=url_for("workspace.columns"),
    )


def _parent() -> Column | None:
    """The column that the address names as the one above."""
    asked = request.args.get("parent", type=int)
    return column(web.session(), asked) if asked else None


def _refused(form: ColumnForm, refusal: Refusal, *, known_id: int | None) -> ResponseReturnValue:
    web.read_again()
    form.refuse(refusal)
    known = column(web.session(), known_id) if known_id else None
    return _form(form, parent=None if known else _parent(), known=known), refusal.status


def _form(form: ColumnForm, *, parent: Column | None, known: Column | None) -> str:
    return render_template("workspace/column.html", form=form, parent=parent, known=known)
