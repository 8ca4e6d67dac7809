"""The receipt of a withdrawal: its page, its file, and asking for a new check."""

from __future__ import annotations

import json

from flask import Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hosting.console.language import say
from hosting.runtime import web
from hosting.runtime.language import N_
from hosting.security.guards import current_actor, guarded
from tenants.receipts.operations import ask_again
from tenants.receipts.sealing import told
from tenants.workspace.blueprint import blueprint
from tenants.workspace.presenters.receipts import receipt_view
from tenants.workspace.queries.receipts import receipt_state

_SEE_OTHER = 303


@blueprint.get("/items/<id:item_id>/receipt")
@guarded("content.read")
def receipt(item_id: int) -> ResponseReturnValue:
    """Every place that was asked after the withdrawal, and what it answered."""
    state = receipt_state(web.session(), item_id, current_actor())
    view = receipt_view(state, web.current_runtime())
    return render_template("workspace/receipt.html", receipt=view)


@blueprint.get("/items/<id:item_id>/receipt.json")
@guarded("content.read")
def receipt_file(item_id: int) -> ResponseReturnValue:
    """The same to be kept elsewhere, with the digest that stands in the audit trail."""
    state = receipt_state(web.session(), item_id, current_actor())
    facts = told(state.proof, state.item, g.tenant.code)
    return Response(
        json.dumps(facts, ensure_ascii=False, indent=1) + "\n",
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="receipt-{item_id}.json"'},
    )


@blueprint.post("/items/<id:item_id>/receipt")
@guarded("review.final")
def check_again(item_id: int) -> ResponseReturnValue:
    """Have it looked for once more."""
    receipt_state(web.session(), item_id, current_actor())
    ask_again(web.session(), item_id, by=current_actor())
    flash(say(N_("已开始重新核查")), "good")
    return redirect(url_for("workspace.receipt", item_id=item_id), _SEE_OTHER)
