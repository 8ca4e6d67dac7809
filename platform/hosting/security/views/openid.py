"""Signing in by the city's identity provider, and linking one's account to it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from hosting.console.language import say
from hosting.console.paths import own_path
from hosting.runtime import web
from hosting.runtime.errors import Invalid, Refusal
from hosting.runtime.language import N_
from hosting.security import openid, openid_sign_in
from hosting.security.blueprint import blueprint
from hosting.security.forms import EmptyForm, SignInForm
from hosting.security.guards import open_to_all, signed_in_only
from hosting.security.login import signed_in_person
from hosting.security.openid import Known, Purpose, Return
from hosting.security.queries import Person
from hosting.security.sign_in import give_cookie, origin_of, sent_token
from hosting.security.viewer import current_person
from hosting.security.views.signing_in import go_on

_SEE_OTHER = 303
_OWN = "everybody has an account and sees their own alone"


@blueprint.get("/sign-in/openid")
@open_to_all(reason="one is not signed in yet")
def sign_in_by_openid() -> ResponseReturnValue:
    """To the provider, to sign in."""
    try:
        return _leave("sign_in", own_path(request.args.get("next", "/")))
    except Refusal as refusal:
        return _refused(refusal)


@blueprint.post("/account/identity/link")
@signed_in_only(reason=_OWN, needs_proof=True)
def link_identity() -> ResponseReturnValue:
    """To the provider, to link one's account."""
    return _go("link", url_for("security.account"))


@blueprint.post("/account/identity/unlink")
@signed_in_only(reason=_OWN, needs_proof=True)
def unlink_identity() -> ResponseReturnValue:
    """Sign in by the provider no longer."""
    if EmptyForm().validate():
        openid_sign_in.unlink_identity(
            web.current_runtime(), current_person(), origin=origin_of(request)
        )
        flash(say(N_("已解除统一身份绑定")), "good")
    return redirect(url_for("security.account"), _SEE_OTHER)


@blueprint.post("/account/proof/openid")
@signed_in_only(reason=_OWN)
def prove_by_openid() -> ResponseReturnValue:
    """To the provider, to prove who one is."""
    return _go("proof", own_path(request.args.get("next", "/")))


@blueprint.get("/sign-in/openid/back")
@open_to_all(reason="the provider sends people here; what they may do is decided by its answer")
def back_from_openid() -> ResponseReturnValue:
    """From the provider: sign in, link, or take the proof.

    The one GET that writes: the protocol comes back by a redirect. Its state, kept in this
    browser, stands for the form token.
    """
    settings = web.current_runtime().settings
    try:
        known, answered = openid.came_back(settings)
        if answered.purpose == "sign_in":
            return _sign_in(known, answered)
        return _of_one_signed_in(known, answered)
    except Refusal as refusal:
        return _refused(refusal)


def _sign_in(known: Known, answered: Return) -> ResponseReturnValue:
    runtime = web.current_runtime()
    entered = openid_sign_in.enter_by_identity(
        runtime, known, origin=origin_of(request), replaced=sent_token(runtime.settings, request)
    )
    return go_on(entered, own_path(answered.address))


def _of_one_signed_in(known: Known, answered: Return) -> ResponseReturnValue:
    runtime, person = web.current_runtime(), _still_signed_in(answered)
    response = redirect(own_path(answered.address), _SEE_OTHER)
    if answered.purpose == "link":
        openid_sign_in.link_identity(runtime, person, known, origin=origin_of(request))
        flash(say(N_("已绑定统一身份，今后可以用它登录")), "good")
    else:
        token = openid_sign_in.prove_by_identity(runtime, person, known, origin=origin_of(request))
        give_cookie(runtime.settings, response, token)
    return response


def _still_signed_in(answered: Return) -> Person:
    """Who left for the provider and is still the one who is signed in."""
    person = signed_in_person()
    if person is None or person.account_id != answered.account_id:
        raise Invalid("openid_refused", N_("登录已经变化，请重新操作"))
    return person


def _go(purpose: Purpose, address: str) -> ResponseReturnValue:
    """To the provider by a page of ours.

    A browser would not follow a form's redirect to another host (CSP form-action), and a form it
    must be: else any page could have this browser's provider linked to whoever is signed in here.
    """
    there = _leave(purpose, address, current_person().account_id).location
    return render_template("security/onward.html", address=there), {"Refresh": f"0; url={there}"}


def _leave(purpose: Purpose, address: str, account_id: int = 0) -> Response:
    settings = web.current_runtime().settings
    back_to = settings.address(settings.console_host, url_for("security.back_from_openid"))
    return openid.go_there(
        settings, purpose, back_to=back_to, address=address, account_id=account_id
    )


def _refused(refusal: Refusal) -> ResponseReturnValue:
    """Back at the sign-in page, or at one's account, with the reason."""
    session.pop("openid", None)
    if signed_in_person() is not None:
        flash(say(refusal.message, **refusal.facts), "bad")
        return redirect(url_for("security.account"), _SEE_OTHER)
    form = SignInForm(formdata=None)
    form.refuse(refusal)
    return render_template("security/sign_in.html", form=form), refusal.status
