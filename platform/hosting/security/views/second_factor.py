"""One's own authenticator app and recovery codes, and proving again who one is."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hosting.console.language import say
from hosting.console.paths import own_path
from hosting.runtime import web
from hosting.runtime.errors import Forbidden, Refusal
from hosting.runtime.language import N_
from hosting.security import proofs, steps
from hosting.security.blueprint import blueprint
from hosting.security.forms import EmptyForm, ProofForm, SetUpForm
from hosting.security.guards import signed_in_only
from hosting.security.openid_sign_in import is_linked
from hosting.security.sign_in import give_cookie, origin_of
from hosting.security.viewer import current_person
from hosting.security.views.signing_in import set_up_of

_SEE_OTHER = 303
_OWN = "everybody has an account and sees their own alone"


@blueprint.get("/account/proof")
@signed_in_only(reason=_OWN)
def proof_page() -> ResponseReturnValue:
    """Ask who it is before something that weighs more."""
    form = ProofForm(asks_for_code=_asks_for_code(), formdata=None, next=_wanted())
    return _proof(form)


@blueprint.post("/account/proof")
@signed_in_only(reason=_OWN)
def prove() -> ResponseReturnValue:
    """Take the proof and go back to what the person was about to do."""
    form = ProofForm(asks_for_code=_asks_for_code())
    if not form.validate():
        return _proof(form), 422
    runtime = web.current_runtime()
    try:
        token = proofs.prove(
            runtime,
            current_person(),
            password=form.password.data,
            code=form.code.data if "code" in form else "",
            origin=origin_of(request),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _proof(form), refusal.status, web.retry_headers(refusal)
    response = redirect(own_path(form.next.data or "/"), _SEE_OTHER)
    give_cookie(runtime.settings, response, token)
    return response


@blueprint.post("/account/second-factor/begin")
@signed_in_only(reason=_OWN, needs_proof=True)
def begin_set_up() -> ResponseReturnValue:
    """Begin to set up an app, or another one in place of it."""
    if EmptyForm().validate():
        proofs.begin_set_up(web.current_runtime(), current_person(), origin=origin_of(request))
    return redirect(url_for("security.set_up_page"), _SEE_OTHER)


@blueprint.get("/account/second-factor")
@signed_in_only(reason=_OWN, needs_proof=True)
def set_up_page() -> ResponseReturnValue:
    """The picture for the app."""
    return _set_up(SetUpForm(formdata=None))


@blueprint.post("/account/second-factor")
@signed_in_only(reason=_OWN, needs_proof=True)
def finish_set_up() -> ResponseReturnValue:
    """Take the app into use, and show the recovery codes this once."""
    form = SetUpForm()
    if not form.validate():
        return _set_up(form), 422
    try:
        codes = proofs.finish_set_up(
            web.current_runtime(), current_person(), form.code.data, origin=origin_of(request)
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _set_up(form), refusal.status, web.retry_headers(refusal)
    return _codes_page(codes)


@blueprint.post("/account/second-factor/codes")
@signed_in_only(reason=_OWN, needs_proof=True)
def renew_codes() -> ResponseReturnValue:
    """New recovery codes, shown this once; the old ones hold no longer."""
    EmptyForm().validate()
    codes = proofs.renew_recovery_codes(
        web.current_runtime(), current_person(), origin=origin_of(request)
    )
    return _codes_page(codes)


@blueprint.get("/account/second-factor/removal")
@signed_in_only(reason=_OWN, needs_proof=True)
def ask_removal() -> ResponseReturnValue:
    """Ask before the app is taken out of use."""
    _refuse_when_demanded()
    return render_template(
        "console/confirm.html",
        title=say(N_("取消两步验证？")),
        form=EmptyForm(formdata=None),
        consequences=[
            say(N_("今后登录只需密码，账号安全性降低")),
            say(N_("恢复码全部作废，您在其他设备上的登录全部退出")),
        ],
        label=say(N_("取消两步验证")),
        cancel=url_for("security.account"),
    )


@blueprint.post("/account/second-factor/removal")
@signed_in_only(reason=_OWN, needs_proof=True)
def remove() -> ResponseReturnValue:
    """Sign in by password alone from now on."""
    _refuse_when_demanded()
    if EmptyForm().validate():
        proofs.remove_second_factor(
            web.current_runtime(), current_person(), origin=origin_of(request)
        )
        flash(say(N_("两步验证已取消")), "good")
    return redirect(url_for("security.account"), _SEE_OTHER)


def _refuse_when_demanded() -> None:
    person = current_person()
    roles = (*person.memberships, *person.withheld)
    if steps.demands_two_factors(web.current_runtime().settings, roles):
        raise Forbidden(
            "second_factor_demanded", N_("您担任的职责须使用两步验证，不能取消；可以换一部手机")
        )


def _proof(form: ProofForm) -> str:
    linked = is_linked(web.current_runtime(), current_person())
    return render_template("security/proof.html", form=form, is_linked=linked)


def _asks_for_code() -> bool:
    return proofs.asks_for_code(web.current_runtime(), current_person())


def _wanted() -> str:
    return own_path(request.args.get("next", "/"))


def _set_up(form: SetUpForm) -> str:
    person = current_person()
    set_up = set_up_of(person.account_id, person.login)
    return render_template("security/set_up.html", form=form, set_up=set_up)


def _codes_page(codes: list[str]) -> str:
    return render_template(
        "security/recovery_codes.html",
        base="console/layout.html",
        codes=codes,
        onward=url_for("security.account"),
    )
