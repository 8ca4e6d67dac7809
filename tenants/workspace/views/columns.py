"""The column tree: to see, to grow, to change, to close; readers see what has been signed."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hosting.console.language import say
from hosting.directory.models import Site
from hosting.runtime import web
from hosting.runtime.errors import NotFound, Refusal
from hosting.runtime.language import N_
from hosting.security.guards import current_actor, guarded
from tenants.content.models import DRAFT, Edition
from tenants.sites.models import Column
from tenants.sites.queries import column, site_of
from tenants.workspace.blueprint import asked_site, blueprint, site_tabs, stand_on
from tenants.workspace.forms.column import ColumnForm, filled
from tenants.workspace.operations import write_column, write_new_column
from tenants.workspace.presenters.columns import column_lines
from tenants.workspace.presenters.states import STATES
from tenants.workspace.queries.columns import (
    ColumnCopy,
    column_copy,
    column_states,
    columns_below,
)

_SEE_OTHER = 303
_HAND_IN = "submit"


@blueprint.get("/columns/")
@guarded("sites.manage")
def columns() -> ResponseReturnValue:
    """The tree, with what is in each column."""
    site = asked_site()
    return render_template(
        "workspace/columns.html",
        lines=column_lines(column_states(web.session(), site.id)),
        sites=site_tabs("workspace.columns", site),
    )


@blueprint.get("/columns/new")
@guarded("sites.manage")
def new_column() -> ResponseReturnValue:
    """An empty form, below the column that the address names."""
    return _new_form(ColumnForm(formdata=None))


@blueprint.post("/columns/new")
@guarded("sites.manage")
def create_column() -> ResponseReturnValue:
    """Plan a column."""
    form = ColumnForm()
    if not form.validate():
        return _new_form(form), 422
    parent = _parent()
    site = _site(parent)
    taken = {each.slug for each in columns_below(web.session(), site.id, parent)}
    try:
        written = write_new_column(
            web.session(),
            site,
            proposal=form.proposal(taken=taken),
            parent_id=parent.id if parent else None,
            hand_in=_is_handed_in(),
            by=current_actor(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        web.read_again()
        form.refuse(refusal)
        return _new_form(form), refusal.status
    return _written(written)


@blueprint.get("/columns/<id:column_id>/")
@guarded("sites.manage")
def edit_column(column_id: int) -> ResponseReturnValue:
    """The form of a column, with what was written last."""
    copy = column_copy(web.session(), column_id)
    data = filled(copy.proposal, digest=copy.digest)
    return _form(ColumnForm(formdata=None, data=data), copy)


@blueprint.post("/columns/<id:column_id>/")
@guarded("sites.manage")
def save_column(column_id: int) -> ResponseReturnValue:
    """Write what a column shall say."""
    form = ColumnForm()
    copy = column_copy(web.session(), column_id)
    if not form.validate():
        return _form(form, copy), 422
    try:
        written = write_column(
            web.session(),
            column_id,
            proposal=form.proposal(known=copy.proposal.facts),
            expected_digest=form.digest.data or "",
            hand_in=_is_handed_in(),
            by=current_actor(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        web.read_again()
        form.refuse(refusal)
        copy = column_copy(web.session(), column_id)
        form.digest.data = copy.digest
        return _form(form, copy), refusal.status
    return _written(written)


def _is_handed_in() -> bool:
    return request.form.get("next") == _HAND_IN


def _written(written: Edition) -> ResponseReturnValue:
    stand_on(site_of(web.session(), column(web.session(), written.column_id).site_id))
    if written.state == DRAFT:
        words = N_("栏目“{name}”已保存，提交审核、审发后对外生效")
        flash(say(words, name=written.title), "good")
        address = url_for("workspace.edit_column", column_id=written.column_id)
        return redirect(address, _SEE_OTHER)
    flash(say(N_("栏目“{name}”已提交审核，审发后对外生效"), name=written.title), "good")
    return redirect(url_for("workspace.columns"), _SEE_OTHER)


def _parent() -> Column | None:
    """The column that the address names as the one above."""
    asked = web.asked_id("parent")
    return column(web.session(), asked) if asked else None


def _site(parent: Column | None) -> Site:
    """Where a new column stands: on its parent's site, else on the one that the address names."""
    site = site_of(web.session(), parent.site_id) if parent else asked_site()
    stand_on(site)
    return site


def _new_form(form: ColumnForm) -> str:
    parent = _parent()
    form.offer(columns_below(web.session(), _site(parent).id, parent), is_new=True)
    return render_template("workspace/column.html", form=form, parent=parent, copy=None)


def _form(form: ColumnForm, copy: ColumnCopy) -> str:
    stand_on(site_of(web.session(), copy.column.site_id))
    form.offer(copy.siblings, is_new=not copy.is_public)
    state = STATES[copy.open.state] if copy.open else None
    return render_template("workspace/column.html", form=form, parent=None, copy=copy, state=state)
