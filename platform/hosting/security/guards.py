"""Guards: what stands between a request and a view of the console (laws 3 and 7).

Before each request: who is signed in, in which tenant the path lies, whether they work there, and
whether a role of theirs carries the view's permission. All of it is asked of the database each
time, so what is taken away is gone at the next request. Whoever doesn't work in a tenant gets the
answer of a tenant that does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask import Blueprint, Flask, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from hosting.console.language import say
from hosting.console.paths import came_from, own_path
from hosting.runtime import web
from hosting.runtime.areas import Area
from hosting.runtime.errors import Forbidden, LimitReached, NotFound
from hosting.runtime.guards import Guard, guard_of, guarded, open_to_all, signed_in_only
from hosting.runtime.language import N_
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import ACTOR
from hosting.security.actor import Actor
from hosting.security.audit import ADDRESS
from hosting.security.events import AccessRefused
from hosting.security.limits import Limit
from hosting.security.login import init_login, signed_in_person
from hosting.security.proofs import is_proved
from hosting.security.queries import Person
from hosting.security.roles import allows, faults, permission_of
from hosting.security.sign_in import give_cookie, renewed_token
from hosting.security.steps import is_reachable, refuse_unknown_roles
from hosting.security.viewer import SecurityViewer

__all__ = [
    "assert_all_guarded",
    "current_actor",
    "guarded",
    "install_guards",
    "may",
    "open_to_all",
    "signed_in_only",
]

TENANT_RULE = "/t/<tenant:code>/"
CITY_RULE = "/city/"

_SEE_OTHER = 303
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST_PATH = 300
_NOTED = Limit("refusals", times=1, seconds=60)


class UnguardedRoute(Exception):
    """A view or a permission that is declared wrongly: a defect of ours, found at the start."""


def install_guards(blueprint: Blueprint) -> None:
    """Put the guard before every request of the application that the blueprint joins."""
    blueprint.record_once(lambda state: init_login(cast("Flask", state.app)))
    blueprint.before_app_request(_guard)
    blueprint.after_app_request(_hand_out_token)


def current_actor() -> Actor:
    """Who acts in this request, with the roles they hold there where it is."""
    return cast("Actor", g.actor)


def may(actor: Actor, permission: str, *, column_path: tuple[int, ...] = ()) -> bool:
    """Whether the actor holds the permission where they act.

    With the ids of a column and of those above it, roles that are confined to columns count only
    there; without, they count anywhere.
    """
    declared = permission_of(web.current_runtime().areas, permission)
    return declared is not None and allows(actor, declared, column_path=column_path)


def assert_all_guarded(name: str, app: Flask) -> None:
    """Raise UnguardedRoute unless each view says who may use it, in words that mean something.

    Raises Invalid when the settings confine a role to networks that nobody can hold.

    Of the applications that nobody signs in to, each view says why it is open.
    """
    runtime = cast("Runtime", app.extensions["jiyue"])
    areas = runtime.areas
    refuse_unknown_roles(runtime.settings)
    wrong = set(faults(permission for area in areas for permission in area.permissions))
    for rule in app.url_map.iter_rules():
        guard = guard_of(app.view_functions[rule.endpoint])
        if name != "console" and (guard is None or not guard.is_open):
            wrong.add(f"{rule.endpoint}: says not why it is open to all")
        elif wrong_guard := _wrong_guard(rule.rule, guard, areas):
            wrong.add(f"{rule.endpoint}: {wrong_guard}")
    if wrong:
        raise UnguardedRoute("; ".join(sorted(wrong)))


def _wrong_guard(rule: str, guard: Guard | None, areas: tuple[Area, ...]) -> str:
    """What is wrong with a view's guard, or ""."""
    if guard is None:
        return "no guard"
    if guard.permission is None:
        return "" if guard.reason else "says no reason"
    declared = permission_of(areas, guard.permission)
    if declared is None:
        return f"nobody declares {guard.permission}"
    begins = CITY_RULE if declared.platform else TENANT_RULE
    return "" if rule.startswith(begins) else f"{guard.permission} is for paths under {begins}"


def _guard() -> ResponseReturnValue | None:
    g.viewer = SecurityViewer()
    g.session_info = {ADDRESS: request.remote_addr or ""}
    settings = web.current_runtime().settings
    if not is_reachable(settings, request.remote_addr or ""):
        return _from_elsewhere()
    if request.url_rule is None:
        return None
    guard = guard_of(current_app.view_functions[request.url_rule.endpoint])
    if guard is None:
        raise NotFound("not_found", N_("没有找到这个页面"))
    if guard.is_open:
        web.begin_tenant(None)
        return None
    person = signed_in_person()
    if person is None:
        return _to_sign_in()
    if person.wants_new_token:
        # Before the view's own session is opened: on SQLite there is one writer at a time.
        g.new_token = renewed_token(web.current_runtime(), person)
    _enter(person, request.url_rule.rule, request.view_args or {})
    _check(guard)
    if _needs_proof(guard) and not is_proved(person, settings):
        return _to_proof()
    return None


def _needs_proof(guard: Guard) -> bool:
    """Whether the view or, for what changes something, its permission asks for a fresh proof."""
    if guard.needs_proof or guard.permission is None:
        return guard.needs_proof
    declared = permission_of(web.current_runtime().areas, guard.permission)
    return declared is not None and declared.needs_proof and request.method not in _SAFE_METHODS


def _from_elsewhere() -> ResponseReturnValue:
    """To a network from which the console may not be used: no page, no form, one sentence."""
    sentence = say(N_("管理后台只能从指定的网络访问，请联系平台运维人员。"))
    return Response(sentence + "\n", 403, mimetype="text/plain")


def _hand_out_token(response: Response) -> Response:
    """Give the browser the token that replaces one from before the person's rights changed."""
    if token := g.get("new_token"):
        give_cookie(web.current_runtime().settings, response, token)
    return response


def _enter(person: Person, rule: str, arguments: Mapping[str, Any]) -> None:
    """Bind the request to the place of its path, when the person works there."""
    if rule.startswith(TENANT_RULE):
        g.tenant = person.tenant(arguments["code"])
        if g.tenant is None:
            raise NotFound("not_found", N_("没有找到这个页面"))
        _act(person.actor(g.tenant.id))
        web.begin_tenant(g.tenant.id)
    elif rule.startswith(CITY_RULE):
        if not person.is_city_staff:
            raise NotFound("not_found", N_("没有找到这个页面"))
        _act(person.actor(PLATFORM_ID))
        web.begin_platform(reason=f"city page {request.endpoint}")
    else:
        _act(person.actor(PLATFORM_ID))
        web.begin_tenant(None)


def _act(actor: Actor) -> None:
    g.actor = actor
    g.session_info[ACTOR] = actor


def _check(guard: Guard) -> None:
    if guard.permission is not None and not may(g.actor, guard.permission):
        _note_refusal(guard.permission)
        raise Forbidden("forbidden", N_("您没有办理这一项的权限"))


def _note_refusal(permission: str) -> None:
    """Leave a row of who tried what, in a transaction of its own: the request's is rolled back.

    The same try is noted once a minute, so that nobody floods the trail.
    """
    runtime, actor = web.current_runtime(), current_actor()
    subject = (str(actor.account_id), request.method, request.path)
    try:
        _NOTED.count(runtime.cache, *subject)
    except LimitReached:
        return
    tenant_id = PLATFORM_ID if "tenant" not in g else g.tenant.id
    with g.open_scope() as session:
        session.info.update(g.session_info)
        session.record(
            AccessRefused(tenant_id, request.method, request.path[:_LONGEST_PATH], permission)
        )


def _to_sign_in() -> ResponseReturnValue:
    """The way to sign in and back; what a form held is not kept, and that is said."""
    return _by_way_of(
        "security.sign_in_page", N_("登录已失效，刚才提交的内容没有保存，请登录后重试")
    )


def _to_proof() -> ResponseReturnValue:
    """The way to prove who one is, and back."""
    return _by_way_of("security.proof_page", N_("刚才提交的内容没有保存，请先验证身份，再重新提交"))


def _by_way_of(endpoint: str, lost: str) -> ResponseReturnValue:
    """Through another page and back to this one; `lost` is said when a form was sent."""
    if request.method in ("GET", "HEAD"):
        back = own_path(request.full_path.rstrip("?"))
    else:
        flash(say(lost), "warn")
        back = came_from(request.referrer, request.host_url)
    address = url_for(endpoint, next=back)
    if request.headers.get("HX-Request") == "true":
        # htmx would follow a redirect and put the sign-in page into a part of this one.
        return "", 401, {"HX-Redirect": address}
    return redirect(address, _SEE_OTHER)
