"""Reposts: what comes from others and is accepted of them, and who carries an item of ours."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hosting.console.forms import BaseForm
from hosting.console.language import say
from hosting.console.lists import Listing
from hosting.console.saving import confirmation, save
from hosting.directory.queries import main_site
from hosting.runtime import web
from hosting.runtime.language import N_
from hosting.security.guards import current_actor, guarded
from tenants.reposts.crossing import named_facts
from tenants.reposts.operations.sending import send
from tenants.reposts.queries import other_tenants, possible_receivers, sent_counts
from tenants.review.operations.accepting import (
    acceptance,
    end_acceptance,
    issue_acceptance,
    propose_acceptance,
)
from tenants.workspace.blueprint import blueprint
from tenants.workspace.forms.reposts import (
    AcceptanceEndForm,
    AcceptanceForm,
    AcceptanceIssueForm,
    SendForm,
)
from tenants.workspace.presenters.reposts import (
    acceptance_lines,
    copy_lines,
    sent_lines,
    sent_summary,
)
from tenants.workspace.queries.items import columns_in_order
from tenants.workspace.queries.reposts import reposts_state, sent_state

_SEE_OTHER = 303


@blueprint.get("/reposts/")
@guarded("content.read")
def reposts() -> ResponseReturnValue:
    """What came from others, and what is accepted of them."""
    state = reposts_state(web.session(), current_actor())
    return render_template(
        "workspace/reposts.html", copies=copy_lines(state.copies), rules=acceptance_lines(state)
    )


@blueprint.get("/reposts/acceptances/new")
@guarded("reposts.propose")
def new_acceptance() -> ResponseReturnValue:
    """The form of an acceptance."""
    return _acceptance_form(AcceptanceForm(formdata=None))


@blueprint.post("/reposts/acceptances/new")
@guarded("reposts.propose")
def propose_one() -> ResponseReturnValue:
    """Propose it; another person signs."""
    form = AcceptanceForm()

    def write() -> ResponseReturnValue:
        facts = named_facts(
            web.current_runtime(),
            form.origin.data or 0,
            form.origin_path.data or "",
            form.column_id.data or 0,
        )
        propose_acceptance(web.session(), facts=facts, by=current_actor())
        return _back(say(N_("已提出，由另一名审发人签发后生效")))

    return save(form, write, lambda: _acceptance_form(form))


def _acceptance_form(form: AcceptanceForm) -> str:
    session = web.session()
    form.offer(other_tenants(session), columns_in_order(session, main_site(session).id))
    return render_template("workspace/acceptance.html", form=form)


@blueprint.get("/reposts/acceptances/<id:acceptance_id>/issuing")
@guarded("review.final", needs_proof=True)
def issuing_acceptance(acceptance_id: int) -> ResponseReturnValue:
    """Show what is signed, and ask."""
    shown = acceptance(web.session(), acceptance_id)
    return _ask_issue(AcceptanceIssueForm(formdata=None, digest=shown.digest), acceptance_id)


@blueprint.post("/reposts/acceptances/<id:acceptance_id>/issuing")
@guarded("review.final", needs_proof=True)
def issue_one(acceptance_id: int) -> ResponseReturnValue:
    """Sign what another person proposed."""
    form = AcceptanceIssueForm()

    def write() -> ResponseReturnValue:
        digest = form.digest.data or ""
        issue_acceptance(web.session(), acceptance_id, digest=digest, by=current_actor())
        return _back(say(N_("已签发，来源单位今后发布的内容自动转载")))

    return save(form, write, lambda: _ask_issue(form, acceptance_id))


def _ask_issue(form: BaseForm, acceptance_id: int) -> str:
    shown = acceptance(web.session(), acceptance_id)
    return confirmation(
        form,
        say(N_("签发转载“{name}”的规则？"), name=shown.origin_name),
        (
            say(N_("来源单位签发的内容不再经本单位审核，直接在本网站公开")),
            say(N_("来源单位更新、撤稿时，本网站的转载随之更新、撤下")),
            say(N_("您对转载内容负责，可随时终止本规则或撤下单篇转载")),
        ),
        say(N_("签发")),
        url_for("workspace.reposts"),
        icon="stamp",
        tone="primary",
    )


@blueprint.get("/reposts/acceptances/<id:acceptance_id>/ending")
@guarded("review.final")
def ending_acceptance(acceptance_id: int) -> ResponseReturnValue:
    """Ask why it ends."""
    return _ask_end(AcceptanceEndForm(formdata=None), acceptance_id)


@blueprint.post("/reposts/acceptances/<id:acceptance_id>/ending")
@guarded("review.final")
def end_one(acceptance_id: int) -> ResponseReturnValue:
    """End it, or refuse what was proposed."""
    form = AcceptanceEndForm()

    def write() -> ResponseReturnValue:
        reason = form.reason.data or ""
        end_acceptance(web.session(), acceptance_id, reason=reason, by=current_actor())
        return _back(say(N_("已终止")))

    return save(form, write, lambda: _ask_end(form, acceptance_id))


def _ask_end(form: BaseForm, acceptance_id: int) -> str:
    shown = acceptance(web.session(), acceptance_id)
    return confirmation(
        form,
        say(N_("终止转载“{name}”的规则？"), name=shown.origin_name),
        (
            say(N_("今后转来的内容作为草稿，经本单位审核后公开")),
            say(N_("已公开的转载不受影响，来源撤稿时仍一并撤下")),
        ),
        say(N_("终止")),
        url_for("workspace.reposts"),
        icon="close",
    )


def _back(done: str) -> ResponseReturnValue:
    flash(done, "good")
    return redirect(url_for("workspace.reposts"), _SEE_OTHER)


@blueprint.get("/items/<id:item_id>/reposts")
@guarded("content.read")
def item_reposts(item_id: int) -> ResponseReturnValue:
    """Who carries an item, and the form to send it to others."""
    return _sent_page(SendForm(formdata=None), item_id)


@blueprint.post("/items/<id:item_id>/reposts")
@guarded("review.final")
def send_item(item_id: int) -> ResponseReturnValue:
    """Have others carry it."""
    form = SendForm()

    def write() -> ResponseReturnValue:
        to = {*form.chosen, *possible_receivers(web.session(), kinds=form.kinds)}
        added = send(web.session(), item_id, to=to, by=current_actor())
        flash(say(N_("已送 {count} 个单位转载"), count=len(added)), "good")
        return redirect(url_for("workspace.item_reposts", item_id=item_id), _SEE_OTHER)

    return save(form, write, lambda: _sent_page(form, item_id))


def _sent_page(form: SendForm, item_id: int) -> str:
    listing, session = Listing.read(sorts=("name",)), web.session()
    paging = listing.of(sum(sent_counts(session, item_id).values()))
    state = sent_state(session, item_id, current_actor(), offset=paging.offset, limit=listing.size)
    form.offer(other_tenants(session))
    return render_template(
        "workspace/item_reposts.html",
        form=form,
        item=state.item,
        title=state.edition.title,
        may_send=state.may_send,
        lines=sent_lines(state, web.current_runtime().settings),
        summary=sent_summary(state),
        paging=paging,
    )
