"""The page of one's own account: roles, open sign-ins, password."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from hosting.console.language import say
from hosting.runtime import web
from hosting.runtime.errors import NotFound, Refusal
from hosting.runtime.language import N_
from hosting.security import operations, presenters, proofs, queries, steps
from hosting.security.blueprint import blueprint
from hosting.security.forms import PasswordForm
from hosting.security.guards import signed_in_only
from hosting.security.models import SignIn
from hosting.security.openid_sign_in import is_linked
from hosting.security.second_factors import factor_state
from hosting.security.sign_in import give_cookie, origin_of
from hosting.security.viewer import current_person

_SEE_OTHER = 303
_OWN = "everybody has an account and sees their own alone"


@blueprint.get("/account")
@signed_in_only(reason=_OWN)
def account() -> ResponseReturnValue:
    """My roles, my open sign-ins, how I sign in."""
    return _account_page(_password_form())


@blueprint.post("/account/password")
@signed_in_only(reason=_OWN)
def change_password() -> ResponseReturnValue:
    """Change my password; all my other sign-ins end."""
    form = _password_form()
    if not form.validate():
        return _account_page(form), 422
    try:
        token = proofs.change_password(
            web.current_runtime(),
            current_person(),
            current=form.current.data,
            new=form.new.data,
            origin=origin_of(request),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _account_page(form), refusal.status, web.retry_headers(refusal)
    session.clear()
    response = redirect(url_for("security.account"), _SEE_OTHER)
    give_cookie(web.current_runtime().settings, response, token)
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


def _password_form() -> PasswordForm:
    return PasswordForm(minimum=web.current_runtime().settings.password_minimum_length)


def _account_page(form: PasswordForm) -> str:
    person = current_person()
    runtime = web.current_runtime()
    # Also shown after a refused write, whose session would keep the database waiting meanwhile.
    with runtime.platform_session(reason="own account", reading=True) as reading:
        open_ones = queries.open_sign_ins(reading, person.account_id, settings=runtime.settings)
        factor = factor_state(reading, person.account_id)
    return render_template(
        "security/account.html",
        form=form,
        person=person,
        memberships=presenters.membership_lines(person, runtime.settings),
        sign_ins=presenters.sign_in_lines(open_ones, this_id=person.sign_in.id),
        factor=factor,
        is_linked=is_linked(runtime, person),
        is_demanded=steps.demands_two_factors(
            runtime.settings, (*person.memberships, *person.withheld)
        ),
    )
