"""The library of files, and files as the console shows them."""

from __future__ import annotations

import io

from flask import Response, flash, g, jsonify, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from hosting.console.language import say
from hosting.console.lists import Listing
from hosting.publishing.blobs import BlobDamaged, BlobMissing, open_store
from hosting.runtime import web
from hosting.runtime.errors import NotFound, Refusal, Unavailable
from hosting.runtime.language import N_
from hosting.security.file_names import safe_name
from hosting.security.guards import current_actor, guarded
from tenants.media.models import Asset
from tenants.media.operations import store_asset, store_assets
from tenants.media.queries import asset, asset_at, asset_count, asset_rows
from tenants.media.thumbnails import thumbnail
from tenants.workspace.blueprint import blueprint
from tenants.workspace.forms.lists import FileFilterForm
from tenants.workspace.forms.media import EditorUploadForm, UploadForm
from tenants.workspace.presenters.files import editor_file, file_card, file_view
from tenants.workspace.queries.library import known_file
from tenants.workspace.uploads import brought, take_in

_SEE_OTHER = 303
_A_PAGE = 24
# What a browser may show within the console's host; everything else is handed over to be kept.
_SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@blueprint.get("/media/")
@guarded("content.read")
def media() -> ResponseReturnValue:
    """Files, the newest first, and a place to bring more."""
    return _library(UploadForm(formdata=None))


@blueprint.post("/media/")
@guarded("content.edit")
def upload() -> ResponseReturnValue:
    """Take files into the library."""
    form = UploadForm()
    try:
        files = take_in(web.current_runtime(), form.files.data or (), brought=brought())
        stored = store_assets(web.session(), files, by=current_actor())
    except Refusal as refusal:
        web.read_again()
        form.refuse(refusal)
        return _library(form), refusal.status, web.retry_headers(refusal)
    if not stored:
        form.files.errors = [say(N_("请先选择要上传的文件"))]
        web.read_again()
        return _library(form), 422
    flash(say(N_("已上传 {count} 个文件"), count=len(stored)), "good")
    return redirect(url_for("workspace.media"), _SEE_OTHER)


@blueprint.post("/media/uploads")
@guarded("content.edit")
def upload_while_writing() -> ResponseReturnValue:
    """Take one file while somebody writes: {"id", "name", "size", "location"} or {"message"}."""
    form = EditorUploadForm()
    try:
        sent = [form.file.data] if form.file.data else []
        files = take_in(web.current_runtime(), sent, brought=brought())
        if not files:
            return jsonify(message=say(N_("没有收到文件，请重新选择"))), 422
        stored = store_asset(web.session(), files[0], by=current_actor())
    except Refusal as refusal:
        said = jsonify(message=say(refusal.message, **refusal.facts))
        return said, refusal.status, web.retry_headers(refusal)
    return jsonify(editor_file(stored, g.tenant.code))


@blueprint.get("/media/<id:asset_id>/")
@guarded("content.read")
def media_file(asset_id: int) -> ResponseReturnValue:
    """A file, its address, and where it is shown."""
    found = known_file(web.session(), asset_id, current_actor())
    return render_template("workspace/file.html", file=file_view(found, g.tenant.code))


@blueprint.get("/media/<id:asset_id>/thumbnail")
@guarded("content.read")
def media_thumbnail(asset_id: int) -> ResponseReturnValue:
    """A small picture of a picture."""
    found = asset(web.session(), asset_id)
    if not found.is_image:
        raise NotFound("no_picture", N_("这个文件不是图片"))
    return send_file(io.BytesIO(thumbnail(_bytes_of(found))), "image/jpeg")


@blueprint.get("/m/<digest>/<name>")
@guarded("content.read")
def stored_file(digest: str, name: str) -> ResponseReturnValue:
    """A file under its public address, below the tenant: while one writes and reviews."""
    found = asset_at(web.session(), digest, name)
    return _answer(found)


def _answer(found: Asset) -> Response:
    kind = found.content_type.partition(";")[0]
    return send_file(
        io.BytesIO(_bytes_of(found)),
        mimetype=found.content_type,
        as_attachment=kind not in _SHOWN,
        # Made safe when it came in; again, because rows can be older than the rules.
        download_name=safe_name(found.name),
    )


def _bytes_of(found: Asset) -> bytes:
    store = open_store(web.current_runtime().settings)
    try:
        return store.read(found.tenant_id, found.digest)
    except BlobMissing:
        raise NotFound("no_such_asset", N_("没有找到这个文件")) from None
    except BlobDamaged as damaged:
        raise Unavailable("file_damaged", N_("文件已损坏，请联系运维人员恢复")) from damaged


def _library(form: UploadForm) -> str:
    filters = FileFilterForm()
    wanted = filters.values()
    words, kind = wanted.get("words", ""), wanted.get("kind", "")
    paging = Listing.read(sorts=("-uploaded",), size=_A_PAGE).of(
        asset_count(web.session(), words=words, kind=kind)
    )
    files = asset_rows(web.session(), words=words, kind=kind, offset=paging.offset, limit=_A_PAGE)
    return render_template(
        "workspace/media.html",
        form=form,
        filters=filters,
        paging=paging,
        cards=[file_card(each) for each in files],
    )
