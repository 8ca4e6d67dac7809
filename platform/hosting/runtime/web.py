"""The web edge: one unit of work a request, refusals turned into answers, ids in addresses.

Returning an answer below 400 commits, anything else rolls back. Views use `session()`; they never
open or commit one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import cast

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug import Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, ValidationError

from hosting.runtime.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Unavailable
from hosting.runtime.ids import decimal_id
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession

log = logging.getLogger(__name__)

ErrorPage = Callable[[Refusal, int], ResponseReturnValue]

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class IdConverter(BaseConverter):
    """An id in decimal ASCII digits without leading zero, so that each has one address."""

    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        """The id; digits of other scripts and ids over 63 bits are no match."""
        id_ = decimal_id(value)
        if id_ is None:
            raise ValidationError
        return id_


class TenantCodeConverter(BaseConverter):
    """A tenant's code as it stands in console addresses."""

    regex = "[a-z][a-z0-9-]{0,31}"


def current_runtime() -> Runtime:
    """The platform behind the current application."""
    return cast(Runtime, current_app.extensions["jiyue"])


def install_edge(app: Flask, runtime: Runtime, error_page: ErrorPage) -> None:
    """Give an application the id converter, the unit of work and the answers to refusals.

    `error_page(refusal, status)` renders for people.
    """
    app.extensions["jiyue"] = runtime
    app.url_map.converters["id"] = IdConverter
    app.url_map.converters["tenant"] = TenantCodeConverter
    app.after_request(partial(_settle, error_page))
    app.teardown_request(_abandon)
    app.register_error_handler(Refusal, lambda refusal: _refused(refusal, error_page))
    app.register_error_handler(HTTPException, lambda error: _http_error(error, error_page))
    app.register_error_handler(Exception, lambda error: _unforeseen(error, error_page))


def begin_tenant(tenant_id: int | None) -> None:
    """Bind this request's unit of work to a tenant (None: none); reading for GET, else writing."""
    _bind(partial(current_runtime().tenant_session, tenant_id))


def begin_platform(reason: str) -> None:
    """Bind this request's unit of work to the platform."""
    _bind(partial(current_runtime().platform_session, reason=reason))


def session() -> WalledSession:
    """This request's session; opened at the first call, in the scope the guard has bound."""
    if "unit" not in g:
        if "open_scope" not in g:
            raise RuntimeError("no guard has bound this request to a tenant or the platform")
        g.unit = ExitStack()
        g.session = g.unit.enter_context(g.open_scope(reading=g.is_reading))
        # Who acts and from where, as the guard found it; the audit trail reads it there.
        g.session.info.update(g.get("session_info", {}))
    return cast(WalledSession, g.session)


def asked_id(name: str) -> int | None:
    """The id that the query names, or None when it names none.

    Raises NotFound for what is no id, as an address with such a path is.
    """
    written = request.args.get(name)
    if not written:
        return None
    id_ = decimal_id(written)
    if id_ is None:
        raise NotFound("not_found", N_("没有找到这个页面"))
    return id_


def read_again() -> None:
    """Undo what this request has written; from here on its session reads, in the same scope.

    For a view that shows its form again after a refusal: nothing is rendered while it writes.
    """
    _abandon(None)
    g.is_reading = True


def retry_headers(refusal: Refusal) -> dict[str, str]:
    """When trying again may help, for whoever answers a refusal with a page of their own."""
    seconds = refusal.retry_after_seconds
    return {"Retry-After": str(seconds)} if seconds else {}


def _bind(open_scope: Callable[..., AbstractContextManager[WalledSession]]) -> None:
    g.open_scope = open_scope
    g.is_reading = request.method in _SAFE_METHODS


def _settle(error_page: ErrorPage, response: Response) -> Response:
    """Commit below 400; roll back otherwise. What the commit refuses is answered like the rest."""
    unit: ExitStack | None = g.pop("unit", None)
    if unit is None:
        return response
    if response.status_code >= 400:
        _roll_back(unit)
        return response
    try:
        unit.close()
    except (IntegrityError, OperationalError) as error:
        return current_app.make_response(_unforeseen(error, error_page))
    return response


def _abandon(_error: BaseException | None) -> None:
    unit: ExitStack | None = g.pop("unit", None)
    if unit is not None:
        _roll_back(unit)


class _RolledBack(Exception):
    pass


def _roll_back(unit: ExitStack) -> None:
    try:
        unit.__exit__(_RolledBack, _RolledBack(), None)
    except _RolledBack:
        return


def _refused(refusal: Refusal, error_page: ErrorPage) -> ResponseReturnValue:
    read_again()
    return error_page(refusal, refusal.status)


def _http_error(error: HTTPException, error_page: ErrorPage) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return cast(ResponseReturnValue, error)
    return error_page(_as_refusal(error), error.code)


def _as_refusal(error: HTTPException) -> Refusal:
    if error.code == 404:
        return NotFound("not_found", N_("没有找到这个页面"))
    if error.code == 403:
        return Forbidden("forbidden", N_("您没有这项权限"))
    if error.code == 413:
        return Invalid("too_large", N_("提交的内容过大，请压缩或分批上传"))
    return Invalid("bad_request", N_("请求无法处理，请返回上一页重试"))


def _constraint(error: IntegrityError) -> object:
    """Which it was. PostgreSQL's own words go on with the values that it refused."""
    said = getattr(error.orig, "diag", None)
    return error.orig if said is None else said.constraint_name


def _unforeseen(error: Exception, error_page: ErrorPage) -> ResponseReturnValue:
    """The last resort: a sentence for the person, the details for the log alone."""
    if isinstance(error, IntegrityError):
        log.warning("refused by a constraint: %s", _constraint(error))
        refusal: Refusal = Conflict("changed_meanwhile", N_("内容刚刚被他人改动，请刷新后重试"))
        return error_page(refusal, refusal.status)
    log.error("unforeseen error at %s", request.path, exc_info=error)
    if isinstance(error, OperationalError):
        refusal = Unavailable("database_away", N_("数据库暂时不可用，请稍后重试"))
        return error_page(refusal, 503)
    return error_page(Unavailable("unforeseen", N_("系统出现故障，已记入日志，请稍后重试")), 500)
