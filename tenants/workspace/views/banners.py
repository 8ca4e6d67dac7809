"""The banner over all pages of the site: to see, to set, to end; readers see what was signed."""

from __future__ import annotations

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from hosting.console.language import say
from hosting.runtime import web
from hosting.runtime.language import N_
from hosting.security.guards import guarded
from tenants.pages.preview import preview_address
from tenants.sites.queries import standing_notices
from tenants.workspace.blueprint import asked_site, blueprint, site_tabs
from tenants.workspace.forms.banner import BannerForm
from tenants.workspace.overhead import Overhead
from tenants.workspace.presenters.banners import banner_view
from tenants.workspace.queries.banners import banner_state

_SEE_OTHER = 303


def _ending(title: str) -> str:
    return say(N_("提前撤下横幅“{title}”？"), title=title)


_BANNER = Overhead(
    is_grey=False,
    form=BannerForm,
    template="workspace/banner.html",
    edit="workspace.edit_banner",
    saved=N_("横幅已保存，提交审核、审发后对外显示"),
    handed_in=N_("横幅已提交审核，审发后对外显示"),
    ended=N_("横幅正在从各网页上撤下"),
    ending=_ending,
    consequences=(
        N_("首页和栏目页立即撤下，其余网页一分钟内不再显示"),
        N_("再次显示须重新经过三级审核"),
    ),
    end_label=N_("撤下横幅"),
    discarding=N_("放弃未提交的横幅？"),
    stays=N_("正在显示的横幅不受影响"),
    discarded=N_("已放弃未提交的横幅"),
)


@blueprint.get("/banners/")
@guarded("content.read")
def banners() -> ResponseReturnValue:
    """What stands, what is on its way, what there was; of banners and of days of mourning."""
    site = asked_site()
    return render_template(
        "workspace/banners.html",
        banner=banner_view(banner_state(web.session(), site.id)),
        grey=banner_view(banner_state(web.session(), site.id, is_grey=True)),
        sites=site_tabs("workspace.banners", site),
        city=standing_notices(web.session(), web.session().tenant_id),
    )


@blueprint.get("/banners/preview")
@guarded("content.read")
def banner_preview() -> ResponseReturnValue:
    """Go to the home page as readers would see it."""
    runtime, session = web.current_runtime(), web.session()
    address = preview_address(runtime, session.tenant_id, asked_site().id)
    return redirect(address, _SEE_OTHER)


@blueprint.get("/banners/edit")
@guarded("banners.edit")
def edit_banner() -> ResponseReturnValue:
    """The form, with what was written last."""
    return _BANNER.show()


@blueprint.post("/banners/edit")
@guarded("banners.edit")
def save_banner() -> ResponseReturnValue:
    """Write what the banner shall say."""
    return _BANNER.save()


@blueprint.get("/banners/ending")
@guarded("review.final")
def ending_banner() -> ResponseReturnValue:
    """Ask why the banner comes down before its time."""
    return _BANNER.ask_ending()


@blueprint.post("/banners/ending")
@guarded("review.final")
def end_banner() -> ResponseReturnValue:
    """Take the banner down."""
    return _BANNER.end()


@blueprint.get("/banners/discarding")
@guarded("banners.edit")
def discarding_banner() -> ResponseReturnValue:
    """Ask before what was written is given up."""
    return _BANNER.ask_discarding()


@blueprint.post("/banners/discarding")
@guarded("banners.edit")
def discard_banner() -> ResponseReturnValue:
    """Give up what was written; what readers see stays."""
    return _BANNER.discard()
