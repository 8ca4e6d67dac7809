"""Signing in and out, and the page of one's own account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from hosting.console.language import say
from hosting.console.paths import own_path
from hosting.console.viewer import Visitor, current_viewer
from hosting.runtime import web
from hosting.runtime.errors import NotFound, Refusal
from hosting.runtime.language import N_
from hosting.security import operations, presenters, queries, sign_in
from hosting.security.forms import PasswordForm, SignInForm
from hosting.security.guards import install_guards, open_to_all, signed_in_only
from hosting.security.models import SignIn
from hosting.security.viewer import current_person

blueprint = Blueprint("security", __name__, template_folder="templates")
install_guards(blueprint)

_SEE_OTHER = 303
_OWN = "everybody has an account and sees their own alone"


@blueprint.get("/sign-in")
@open_to_all(reason="one is not signed in yet")
def sign_in_page() -> ResponseReturnValue:
    """The form; whoever is signed in goes on at once."""
    form = SignInForm(next=own_path(request.args.get("next", "/")))
    if current_viewer().signed_in:
        return redirect(form.next.data, _SEE_OTHER)
    return render_template("security/sign_in.html", form=form)


@blueprint.post("/sign-in")
@open_to_all(reason="one is not signed in yet")
def begin_sign_in() -> ResponseReturnValue:
    """Sign in with a new session, whatever the browser brought along."""
    form = SignInForm()
    if not form.validate():
        return render_template("security/sign_in.html", form=form), 422
    runtime = web.current_runtime()
    try:
        token = sign_in.sign_in(
            runtime,
            login=form.login.data,
            password=form.password.data,
            origin=sign_in.origin_of(request),
            replaced=sign_in.sent_token(runtime.settings, request),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("security/sign_in.html", form=form), refusal.status
    return _enter_with(token, own_path(form.next.data or "/"))


@blueprint.post("/sign-out")
@signed_in_only(reason=_OWN)
def sign_out() -> ResponseReturnValue:
    """End this sign-in; its cookie opens nothing any more, wherever it was copied to."""
    language = current_viewer().language
    this = web.session().get_one(SignIn, current_person().sign_in.id)
    operations.end_sign_in(web.session(), this, reason="signed_out")
    session.clear()
    if language is not None:
        Visitor().keep_language(language)
    response = redirect(url_for("security.sign_in_page"), _SEE_OTHER)
    sign_in.take_cookie(web.current_runtime().settings, response)
    return response


@blueprint.get("/account")
@signed_in_only(reason=_OWN)
def account() -> ResponseReturnValue:
    """My roles, my open sign-ins, my password."""
    return _account_page(_password_form())


@blueprint.post("/account/password")
@signed_in_only(reason=_OWN)
def change_password() -> ResponseReturnValue:
    """Change my password; all my other sign-ins end."""
    form = _password_form()
    if not form.validate():
        return _account_page(form), 422
    try:
        token = sign_in.change_password(
            web.current_runtime(),
            current_person(),
            current=form.current.data,
            new=form.new.data,
            origin=sign_in.origin_of(request),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _account_page(form), refusal.status
    response = _enter_with(token, url_for("security.account"))
    flash(say(N_("密码已修改，您在其他设备上的登录已全部退出")), "good")
    return response


@blueprint.post("/account/sign-ins/<id:sign_in_id>/end")
@signed_in_only(reason=_OWN)
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    """End one of my other sign-ins."""
    found = web.session().get(SignIn, sign_in_id)
    if found is None or found.account_id != current_person().account_id:
        raise NotFound("not_found", N_("没有找到这个页面"))
    operations.end_sign_in(web.session(), found, reason="signed_out")
    flash(say(N_("该设备上的登录已退出")), "good")
    return redirect(url_for("security.account"), _SEE_OTHER)


def _enter_with(token: str, address: str) -> ResponseReturnValue:
    """Go on as a new session: nothing of the form cookie from before is taken over."""
    session.clear()
    response = redirect(address, _SEE_OTHER)
    sign_in.give_cookie(web.current_runtime().settings, response, token)
    return response


def _password_form() -> PasswordForm:
    return PasswordForm(minimum=web.current_runtime().settings.password_minimum_length)


def _account_page(form: PasswordForm) -> str:
    person = current_person()
    runtime = web.current_runtime()
    # Also shown after a refused write, whose session would keep the database waiting meanwhile.
    with runtime.tenant_session(None, reading=True) as reading:
        open_ones = queries.open_sign_ins(reading, person.account_id, settings=runtime.settings)
    return render_template(
        "security/account.html",
        form=form,
        person=person,
        memberships=presenters.membership_lines(person),
        sign_ins=presenters.sign_in_lines(open_ones, this_id=person.sign_in.id),
    )
