"""What the city puts over all sites or some: banners and days of mourning."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hosting.console.admin import ShellView, page
from hosting.console.language import say
from hosting.directory.queries import tenants
from hosting.runtime import web
from hosting.runtime.language import N_
from hosting.security.guards import current_actor, guarded
from provisioning.city.forms.notices import BannerOrderForm, NoticeEndForm, OrderForm
from provisioning.city.presenters.notices import LEVEL_BADGES, notice_line, notice_lines
from provisioning.notices.operations import end_notice, order_notice
from provisioning.notices.queries import notice, notices, sites_covered
from tenants.sites.models import STANDING

_SEE_OTHER = 303
_PREVIEW = "preview"


class NoticesView(ShellView):
    """What stands and what stood, and the forms for what shall."""

    @page("/")
    @guarded("notices.order")
    def index(self) -> ResponseReturnValue:
        """What stands or will, and what is over."""
        session, names = web.session(), _names()
        return self.render(
            "city/notices.html",
            lines=notice_lines(notices(session, is_over=False), names),
            past=notice_lines(notices(session, is_over=True), names),
        )

    @page("/banner")
    @guarded("notices.order", needs_proof=True)
    def banner(self) -> ResponseReturnValue:
        """The form of a banner."""
        return self._form(BannerOrderForm(formdata=None))

    @page("/banner", "POST")
    @guarded("notices.order")
    def order_banner(self) -> ResponseReturnValue:
        """Put it over the sites, or show first how it would look."""
        form = BannerOrderForm()
        if request.form.get("next") == _PREVIEW:
            return self._form(form, is_preview=True)
        return self._order(form, N_("横幅已发布，正在各网站显示"), N_("横幅将按时发布"))

    @page("/greyscale")
    @guarded("notices.order", needs_proof=True)
    def greyscale(self) -> ResponseReturnValue:
        """The form of a day of mourning."""
        return self._form(OrderForm(formdata=None))

    @page("/greyscale", "POST")
    @guarded("notices.order")
    def order_greyscale(self) -> ResponseReturnValue:
        """Put it over the sites."""
        words = N_("各网站正在转为灰度"), N_("各网站将按时转为灰度")
        return self._order(OrderForm(), *words)

    @page("/<id:notice_id>/ending")
    @guarded("notices.order", needs_proof=True)
    def ending(self, notice_id: int) -> ResponseReturnValue:
        """Ask why it ends before its time."""
        return self._ask_ending(notice_id, NoticeEndForm(formdata=None))

    @page("/<id:notice_id>/ending", "POST")
    @guarded("notices.order")
    def end(self, notice_id: int) -> ResponseReturnValue:
        """End it."""
        form = NoticeEndForm()

        def write() -> ResponseReturnValue:
            reason = form.reason.data or ""
            end_notice(web.session(), notice_id, reason=reason, by=current_actor())
            flash(say(N_("已结束，各网站正在恢复")), "good")
            return redirect(url_for("city_notices.index"), _SEE_OTHER)

        return self.save(form, write, lambda: self._ask_ending(notice_id, form))

    def _order(self, form: OrderForm, now_words: str, later_words: str) -> ResponseReturnValue:
        def write() -> ResponseReturnValue:
            facts = form.facts(web.current_runtime().settings.zone)
            reason = form.reason.data or ""
            made = order_notice(web.session(), facts=facts, reason=reason, by=current_actor())
            flash(say(now_words if made.state == STANDING else later_words), "good")
            return redirect(url_for("city_notices.index"), _SEE_OTHER)

        return self.save(form, write, lambda: self._form(form))

    def _form(self, form: OrderForm, *, is_preview: bool = False) -> str:
        form.offer(tenants(web.session()))
        level = form.level.data if isinstance(form, BannerOrderForm) else ""
        return self.render(
            "city/notice.html",
            form=form,
            is_banner=isinstance(form, BannerOrderForm),
            preview=LEVEL_BADGES.get(level) if is_preview else None,
            sites=sites_covered(web.session(), None),
        )

    def _ask_ending(self, notice_id: int, form: NoticeEndForm) -> str:
        line = notice_line(notice(web.session(), notice_id), _names())
        return self.render(
            "console/confirm.html",
            title=say(N_("提前结束“{title}”？"), title=line.title),
            form=form,
            consequences=[say(N_("范围：{scope}"), scope=line.scope), say(_AFTER)],
            label=say(N_("提前结束")),
            icon="withdraw",
            cancel=url_for("city_notices.index"),
        )


_AFTER = N_("首页和栏目页随即恢复，其余网页一分钟内恢复")


def _names() -> dict[int, str]:
    return {each.id: each.name for each in tenants(web.session())}
