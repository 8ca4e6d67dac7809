"""Refusals as pages: what happened, and what to do now."""

from __future__ import annotations

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError

from hosting.console.paths import came_from
from hosting.console.viewer import Visitor, current_viewer
from hosting.runtime import web
from hosting.runtime.errors import Invalid, LimitReached, Refusal
from hosting.runtime.language import N_

_ADVICE = {
    403: N_("如确需办理，请联系平台安全管理员授予职责。"),
    409: N_("请返回上一页，刷新后核对最新内容，再重新操作。"),
    422: N_("请返回上一页，按提示修改后重新提交。"),
    429: N_("请稍等几分钟再试。"),
    500: N_("您可以返回上一页重试；多次出现请告诉运维人员出现的时间和所做的操作。"),
    503: N_("请过一会儿再试，您已保存的内容不受影响。"),
}
_TITLES = {
    403: N_("您不能办理这一项"),
    409: N_("内容已发生变化"),
    422: N_("提交的内容有误"),
    429: N_("操作过于频繁"),
    500: N_("系统出现故障"),
    503: N_("暂时无法提供服务"),
}
# In these the database may be what failed, and the whole shell asks it who is looking.
_WITHOUT_SHELL = frozenset({409, 500, 503})


def error_page(refusal: Refusal, status: int) -> ResponseReturnValue:
    """The page for a refusal; 404 answers are replaced by the constant one further out."""
    if status == 404:
        return "", 404
    if status >= 500:
        _do_without_the_viewer()
    known = status if status in _TITLES else 422 if status < 500 else 500
    # A limit's own sentence says when; the general advice would say it less well.
    says_when = isinstance(refusal, LimitReached) and "minutes" in refusal.facts
    page = render_template(
        "console/error.html",
        base="console/plain.html" if known in _WITHOUT_SHELL else "console/layout.html",
        refusal=refusal,
        status=status,
        title=_TITLES[known],
        advice="" if says_when else _ADVICE[known],
        back=came_from(request.referrer, request.host_url),
    )
    return page, status, web.retry_headers(refusal)


def _do_without_the_viewer() -> None:
    """Where the database cannot say who is looking, a page for nobody in particular is shown."""
    try:
        _ = current_viewer().language
    except SQLAlchemyError:
        g.viewer = Visitor()


def form_expired(_error: CSRFError) -> ResponseReturnValue:
    """A form whose token is missing or belongs to an ended session."""
    refusal = Invalid(
        "form_expired", N_("页面已过期，请返回上一页，刷新后重新提交；填写的内容仍在那里。")
    )
    return error_page(refusal, refusal.status)
