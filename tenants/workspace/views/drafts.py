"""Writing: the editor, handing in, deleting a draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hosting.console.language import say
from hosting.directory.queries import foreign_languages, main_site
from hosting.runtime import web
from hosting.runtime.errors import Invalid, NotFound, Refusal
from hosting.runtime.language import N_
from hosting.security.guards import current_actor, guarded
from hosting.security.html import clean
from tenants.content.facts import EditionFacts
from tenants.content.queries import content_of
from tenants.content.translations import titles_of
from tenants.content.writing import clean_facts
from tenants.review.operations.discard import discard_draft
from tenants.review.operations.signing import submit
from tenants.review.queries import is_on_record
from tenants.workspace.blueprint import blueprint
from tenants.workspace.changes import Change, Names, changes_between
from tenants.workspace.forms.item import ItemForm, filled
from tenants.workspace.forms.review import DeleteForm, SeenForm
from tenants.workspace.operations import write
from tenants.workspace.presenters.translations import OriginalLine, original_line
from tenants.workspace.presenters.trees import names
from tenants.workspace.queries.items import (
    WorkingCopy,
    files_of,
    working_copy,
    writable_columns,
)
from tenants.workspace.queries.translations import (
    Original,
    original_of,
    public_original,
    to_translate,
)
from tenants.workspace.uploads import brought, take_in

_SEE_OTHER = 303
_HAND_IN = "submit"


@blueprint.get("/items/new")
@guarded("content.edit")
def new_item() -> ResponseReturnValue:
    """A form for the column that the address names, empty or with what is to be translated."""
    asked = web.asked_id("translation_of")
    if asked is None:
        return _editor(ItemForm(formdata=None, column_id=web.asked_id("column")), None)
    original = public_original(web.session(), asked)
    facts = to_translate(content_of(web.session(), original.edition.id).facts, asked)
    return _editor(ItemForm(formdata=None, data=_data(facts, "", original)), None)


@blueprint.post("/items/new")
@guarded("content.edit")
def create_item() -> ResponseReturnValue:
    """Begin an item."""
    return _write(None)


@blueprint.get("/items/<id:item_id>/draft")
@guarded("content.edit")
def draft(item_id: int) -> ResponseReturnValue:
    """The form with what the item says now."""
    copy = working_copy(web.session(), item_id, current_actor())
    original = original_of(web.session(), copy.facts.translation_of_id, copy.content.edition)
    data = _data(copy.facts, copy.content.edition.digest, original)
    return _editor(ItemForm(formdata=None, data=data), copy)


def _data(facts: EditionFacts, digest: str, original: Original | None) -> dict[str, Any]:
    settings = web.current_runtime().settings
    host = main_site(web.session()).main_host
    address = settings.address(host, original.item.path) if original else ""
    return filled(facts, digest=digest, code=g.tenant.code, zone=settings.zone, original=address)


@blueprint.post("/items/<id:item_id>/draft")
@guarded("content.edit")
def save_item(item_id: int) -> ResponseReturnValue:
    """Save the item's draft."""
    return _write(item_id)


def _write(item_id: int | None) -> ResponseReturnValue:
    form = ItemForm()
    if not form.validate():
        return _form_again(form, item_id), 422
    hand_in = request.form.get("next") == _HAND_IN
    runtime = web.current_runtime()
    try:
        # The session begins with the first query: files and cleaning come before it.
        files = take_in(runtime, form.new_files.data or (), brought=brought())
        written = write(
            web.session(),
            item_id,
            facts=clean_facts(form.facts(runtime.settings.zone)),
            files=files,
            expected_digest=form.digest.data or None,
            hand_in=hand_in,
            by=current_actor(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _refused(form, item_id, refusal)
    flash(say(N_("已提交审核") if hand_in else N_("已保存")), "good")
    endpoint = "workspace.item" if hand_in else "workspace.draft"
    return redirect(url_for(endpoint, item_id=written.item_id), _SEE_OTHER)


def _refused(form: ItemForm, item_id: int | None, refusal: Refusal) -> ResponseReturnValue:
    """The form again, as typed; where somebody saved in between, with what differs."""
    web.read_again()
    if refusal.code != "saved_meanwhile" or item_id is None:
        form.refuse(refusal)
        return _form_again(form, item_id), refusal.status, web.retry_headers(refusal)
    theirs = working_copy(web.session(), item_id, current_actor())
    form.digest.data = theirs.content.edition.digest
    page = _editor(form, theirs, conflict=_conflict(form, theirs))
    return page, refusal.status, web.retry_headers(refusal)


def _conflict(form: ItemForm, theirs: WorkingCopy) -> Sequence[Change]:
    zone = web.current_runtime().settings.zone
    columns = {each.id: each for each in writable_columns(web.session(), current_actor())}
    mine = clean_facts(form.facts(zone)).facts
    titles = titles_of(web.session(), (theirs.facts.translation_of_id, mine.translation_of_id))
    return changes_between(theirs.facts, mine, Names(names(columns), zone, titles))


def _form_again(form: ItemForm, item_id: int | None) -> str:
    web.read_again()
    actor = current_actor()
    copy = None if item_id is None else working_copy(web.session(), item_id, actor)
    return _editor(form, copy)


def _editor(
    form: ItemForm, copy: WorkingCopy | None, conflict: Sequence[Change] | None = None
) -> str:
    languages = foreign_languages(web.session(), web.session().tenant_id)
    site_id = copy.item.site_id if copy else web.asked_id("site")
    columns = writable_columns(web.session(), current_actor(), site_id)
    form.offer(columns, languages)
    form.body_html.data = _fit_to_be_shown(form.body_html.data or "")
    zone = web.current_runtime().settings.zone
    return render_template(
        "workspace/editor.html",
        form=form,
        copy=copy,
        conflict=conflict,
        columns=columns,
        original=_original(copy),
        is_foreign=bool(languages) if site_id is None else site_id in languages,
        files=files_of(web.session(), form.facts(zone)),
    )


def _original(copy: WorkingCopy | None) -> OriginalLine | None:
    """What is translated, as it was saved, or as the address of a new item names it."""
    asked = web.asked_id("translation_of")
    if copy is not None:
        found = original_of(web.session(), copy.facts.translation_of_id, copy.content.edition)
    else:
        found = None if asked is None else public_original(web.session(), asked)
    settings = web.current_runtime().settings
    return original_line(found, main_site(web.session()).main_host, settings)


def _fit_to_be_shown(html: str) -> str:
    """What the editor is given: clean, as what is shown anywhere, whoever typed it.

    A text that was refused for its markup comes back as it was typed, so that it is not lost.
    """
    try:
        return clean(html)
    except Invalid:
        return html


@blueprint.post("/items/<id:item_id>/submission")
@guarded("content.edit")
def submission(item_id: int) -> ResponseReturnValue:
    """Hand the draft in as it was seen."""
    form = SeenForm()
    if not form.validate():
        return redirect(url_for("workspace.item", item_id=item_id), _SEE_OTHER)
    copy = working_copy(web.session(), item_id, current_actor())
    submit(
        web.session(), copy.content.edition.id, digest=form.digest.data or "", by=current_actor()
    )
    flash(say(N_("已提交审核")), "good")
    return redirect(url_for("workspace.item", item_id=item_id), _SEE_OTHER)


@blueprint.get("/items/<id:item_id>/deletion")
@guarded("content.edit")
def deletion(item_id: int) -> ResponseReturnValue:
    """Ask before a draft is deleted."""
    copy = working_copy(web.session(), item_id, current_actor())
    form = DeleteForm(formdata=None, digest=copy.content.edition.digest)
    return _ask_deletion(form, copy)


@blueprint.post("/items/<id:item_id>/deletion")
@guarded("content.edit")
def delete_item(item_id: int) -> ResponseReturnValue:
    """Delete the draft; of an item that is public, only the draft beside it."""
    form = DeleteForm()
    copy = working_copy(web.session(), item_id, current_actor())
    if not form.validate():
        web.read_again()
        return _ask_deletion(form, copy), 422
    discard_draft(
        web.session(), item_id, expected_digest=form.digest.data or "", by=current_actor()
    )
    flash(say(N_("草稿已删除")), "good")
    if copy.item.published_at is None:
        return redirect(url_for("workspace.items"), _SEE_OTHER)
    return redirect(url_for("workspace.item", item_id=item_id), _SEE_OTHER)


def _ask_deletion(form: DeleteForm, copy: WorkingCopy) -> str:
    return render_template(
        "console/confirm.html",
        title=say(N_("删除草稿“{title}”？"), title=copy.content.edition.title),
        form=form,
        consequences=[say(_consequence(copy))],
        label=say(N_("删除草稿")),
        icon="delete",
        cancel=url_for("workspace.item", item_id=copy.item.id),
    )


def _consequence(copy: WorkingCopy) -> str:
    if copy.item.published_at is not None:
        return N_("正在编写的修改将被删除，已发布的网页不受影响")
    if is_on_record(web.session(), copy.item.id):
        return N_("稿件曾送审，各版本和审签意见留存备查，稿件标为已作废")
    return N_("稿件及其全部版本将被删除，无法恢复")
