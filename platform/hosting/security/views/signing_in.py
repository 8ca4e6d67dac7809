"""Signing in, step by step, and signing out."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from hosting.console.paths import own_path
from hosting.console.viewer import Visitor, current_viewer
from hosting.runtime import web
from hosting.runtime.errors import LimitReached, Refusal
from hosting.security import operations, sign_in, sign_in_steps, totp
from hosting.security.blueprint import blueprint
from hosting.security.forms import (
    CodeForm,
    EmptyForm,
    NewPasswordForm,
    SetUpForm,
    SignInForm,
)
from hosting.security.guards import open_to_all, signed_in_only
from hosting.security.models import SignIn
from hosting.security.queries import OpenSignIn
from hosting.security.second_factors import waiting_secret
from hosting.security.sign_in import Entered, origin_of
from hosting.security.viewer import current_person

_SEE_OTHER = 303
_NOT_YET = "one is not signed in yet"
_HALF_WAY = "one is half-way through signing in"

# Where a sign-in goes on that awaits something.
_PAGES = {
    "second_factor": "security.code_page",
    "enrolment": "security.enrolment_page",
    "password": "security.new_password_page",
}


@blueprint.get("/sign-in")
@open_to_all(reason=_NOT_YET)
def sign_in_page() -> ResponseReturnValue:
    """The form; whoever is signed in goes on at once."""
    form = SignInForm(next=_wanted())
    if current_viewer().signed_in:
        return redirect(_wanted(), _SEE_OTHER)
    return _sign_in_form(form)


@blueprint.post("/sign-in")
@open_to_all(reason=_NOT_YET)
def begin_sign_in() -> ResponseReturnValue:
    """Sign in with a new session, whatever the browser brought along."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_form(form), 422
    runtime = web.current_runtime()
    try:
        entered = sign_in.sign_in(
            runtime,
            login=form.login.data,
            password=form.password.data,
            origin=origin_of(request),
            replaced=sign_in.sent_token(runtime.settings, request),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _sign_in_form(form), refusal.status, web.retry_headers(refusal)
    return go_on(entered, own_path(form.next.data or "/"))


@blueprint.get("/sign-in/code")
@open_to_all(reason=_HALF_WAY)
def code_page() -> ResponseReturnValue:
    """Ask for a code of the person's app."""
    if _waiting("second_factor") is None:
        return _from_the_start()
    return render_template("security/code.html", form=CodeForm(formdata=None), next=_wanted())


@blueprint.post("/sign-in/code")
@open_to_all(reason=_HALF_WAY)
def give_code() -> ResponseReturnValue:
    """Take the code."""
    waiting = _waiting("second_factor")
    if waiting is None:
        return _from_the_start()
    form = CodeForm()
    if not form.validate():
        return render_template("security/code.html", form=form, next=_wanted()), 422
    runtime = web.current_runtime()
    try:
        entered = sign_in_steps.give_code(
            runtime, waiting, form.code.data, origin=origin_of(request)
        )
    except LimitReached as refusal:
        # This sign-in has ended: the next try begins with the password.
        again = SignInForm(formdata=None, next=_wanted())
        again.refuse(refusal)
        return _sign_in_form(again), refusal.status, web.retry_headers(refusal)
    except Refusal as refusal:
        form.refuse(refusal)
        page = render_template("security/code.html", form=form, next=_wanted())
        return page, refusal.status, web.retry_headers(refusal)
    return go_on(entered, _wanted())


@blueprint.get("/sign-in/set-up")
@open_to_all(reason=_HALF_WAY)
def enrolment_page() -> ResponseReturnValue:
    """The picture for the person's app, once they have asked for it."""
    waiting = _waiting("enrolment")
    if waiting is None:
        return _from_the_start()
    return _enrolment(waiting, SetUpForm(formdata=None))


@blueprint.post("/sign-in/set-up/begin")
@open_to_all(reason=_HALF_WAY)
def begin_enrolment() -> ResponseReturnValue:
    """Make the secret that the app is to take over."""
    waiting = _waiting("enrolment")
    if waiting is None:
        return _from_the_start()
    if EmptyForm().validate():
        sign_in_steps.begin_enrolment(web.current_runtime(), waiting, origin=origin_of(request))
    return redirect(url_for("security.enrolment_page", next=_wanted()), _SEE_OTHER)


@blueprint.post("/sign-in/set-up")
@open_to_all(reason=_HALF_WAY)
def finish_enrolment() -> ResponseReturnValue:
    """Take the app into use, and show the recovery codes this once."""
    waiting = _waiting("enrolment")
    if waiting is None:
        return _from_the_start()
    form = SetUpForm()
    if not form.validate():
        return _enrolment(waiting, form), 422
    try:
        enrolled = sign_in_steps.finish_enrolment(
            web.current_runtime(), waiting, form.code.data, origin=origin_of(request)
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _enrolment(waiting, form), refusal.status, web.retry_headers(refusal)
    page = render_template(
        "security/recovery_codes.html",
        base="console/plain.html",
        codes=enrolled.codes,
        onward=_next_page(enrolled.entered, _wanted()),
    )
    return _with_token(enrolled.entered, make_response(page))


@blueprint.get("/sign-in/new-password")
@open_to_all(reason=_HALF_WAY)
def new_password_page() -> ResponseReturnValue:
    """Ask for a new password."""
    if _waiting("password") is None:
        return _from_the_start()
    form = NewPasswordForm(minimum=_shortest_password(), formdata=None)
    return render_template("security/new_password.html", form=form, next=_wanted())


@blueprint.post("/sign-in/new-password")
@open_to_all(reason=_HALF_WAY)
def give_new_password() -> ResponseReturnValue:
    """Take it."""
    waiting = _waiting("password")
    if waiting is None:
        return _from_the_start()
    form = NewPasswordForm(minimum=_shortest_password())
    try:
        if not form.validate():
            return render_template("security/new_password.html", form=form, next=_wanted()), 422
        entered = sign_in_steps.replace_password(
            web.current_runtime(), waiting, form.new.data, origin=origin_of(request)
        )
    except Refusal as refusal:
        form.refuse(refusal)
        page = render_template("security/new_password.html", form=form, next=_wanted())
        return page, refusal.status, web.retry_headers(refusal)
    return go_on(entered, _wanted())


@blueprint.post("/sign-out")
@signed_in_only(reason="everybody may leave")
def sign_out() -> ResponseReturnValue:
    """End this sign-in; its cookie opens nothing any more, wherever it was copied to."""
    language = current_viewer().language
    this = web.session().get_one(SignIn, current_person().sign_in.id)
    operations.end_sign_in(web.session(), this, reason="signed_out")
    _forget(language)
    response = redirect(url_for("security.sign_in_page"), _SEE_OTHER)
    sign_in.take_cookie(web.current_runtime().settings, response)
    return response


def go_on(entered: Entered, address: str) -> ResponseReturnValue:
    """To the next step, or where the person wanted to go."""
    return _with_token(entered, redirect(_next_page(entered, address), _SEE_OTHER))


def _next_page(entered: Entered, address: str) -> str:
    return url_for(_PAGES[entered.awaits], next=address) if entered.awaits else address


def _with_token(entered: Entered, response: Response) -> Response:
    """Go on as a new session: nothing of the form cookie from before is taken over."""
    _forget(current_viewer().language if entered.awaits else None)
    sign_in.give_cookie(web.current_runtime().settings, response, entered.token)
    return response


def _forget(language: str | None) -> None:
    """Empty the form cookie of all but the language."""
    session.clear()
    if language is not None:
        Visitor().keep_language(language)


def _waiting(step: str) -> OpenSignIn | None:
    return sign_in_steps.waiting_sign_in(web.current_runtime(), request, step)


def _wanted() -> str:
    return own_path(request.args.get("next", "/"))


def _from_the_start() -> ResponseReturnValue:
    return redirect(url_for("security.sign_in_page", next=_wanted()), _SEE_OTHER)


def _shortest_password() -> int:
    return web.current_runtime().settings.password_minimum_length


def _sign_in_form(form: SignInForm) -> str:
    return render_template("security/sign_in.html", form=form)


def _enrolment(waiting: OpenSignIn, form: SetUpForm) -> str:
    return render_template(
        "security/enrolment.html",
        form=form,
        next=_wanted(),
        set_up=set_up_of(waiting.account.id, waiting.account.login),
    )


def set_up_of(account_id: int, login: str) -> dict[str, object] | None:
    """What an app is to take over: the picture and the secret in groups; None before it is made."""
    runtime = web.current_runtime()
    with runtime.platform_session(reason="own second factor", reading=True) as reading:
        secret = waiting_secret(reading, account_id, settings=runtime.settings)
    if secret is None:
        return None
    address = totp.address(secret, login=login, platform=runtime.settings.console_host)
    groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
    return {"picture": totp.picture(address), "secret": " ".join(groups)}
