"""The banner on all pages of the site: to see, to set, to end; readers see what was signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hosting.console.forms import BaseForm
from hosting.console.language import say
from hosting.directory.queries import main_site
from hosting.runtime import web
from hosting.runtime.errors import Conflict, NotFound, Refusal
from hosting.runtime.language import N_
from hosting.security.guards import current_actor, guarded
from tenants.content.models import DRAFT
from tenants.pages.preview import preview_address
from tenants.review.operations.discard import discard_draft
from tenants.review.operations.withdraw import withdraw
from tenants.workspace.blueprint import blueprint
from tenants.workspace.forms.banner import BannerForm, DiscardForm, EndingForm, filled
from tenants.workspace.operations import write_banner
from tenants.workspace.presenters.banners import banner_view
from tenants.workspace.presenters.states import STATES
from tenants.workspace.queries.banners import banner_state, standing_banner

_SEE_OTHER = 303
_HAND_IN = "submit"


@blueprint.get("/banners/")
@guarded("content.read")
def banners() -> ResponseReturnValue:
    """What stands, what is on its way, what there was."""
    view = banner_view(banner_state(web.session()))
    return render_template("workspace/banners.html", banner=view)


@blueprint.get("/banners/edit")
@guarded("banners.edit")
def edit_banner() -> ResponseReturnValue:
    """The form, with what was written last."""
    state = banner_state(web.session())
    zone = web.current_runtime().settings.zone
    data = filled(state.facts, digest=state.digest, zone=zone) if state.facts else {}
    return _form(BannerForm(formdata=None, data=data))


@blueprint.post("/banners/edit")
@guarded("banners.edit")
def save_banner() -> ResponseReturnValue:
    """Write what the banner shall say."""
    form = BannerForm()
    if not form.validate():
        return _form(form), 422
    try:
        written = write_banner(
            web.session(),
            facts=form.facts(web.current_runtime().settings.zone),
            expected_digest=form.digest.data or "",
            hand_in=request.form.get("next") == _HAND_IN,
            by=current_actor(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        web.read_again()
        form.refuse(refusal)
        form.digest.data = banner_state(web.session()).digest
        return _form(form), refusal.status
    if written.state == DRAFT:
        flash(say(N_("横幅已保存，提交审核、审发后对外显示")), "good")
        return redirect(url_for("workspace.edit_banner"), _SEE_OTHER)
    flash(say(N_("横幅已提交审核，审发后对外显示")), "good")
    return redirect(url_for("workspace.banners"), _SEE_OTHER)


def _form(form: BannerForm) -> str:
    state = banner_state(web.session())
    badge = STATES[state.open.state] if state.open else None
    return render_template("workspace/banner.html", form=form, state=state, badge=badge)


@blueprint.get("/banners/preview")
@guarded("content.read")
def banner_preview() -> ResponseReturnValue:
    """Go to the home page as readers would see it."""
    runtime, session = web.current_runtime(), web.session()
    address = preview_address(runtime, session.tenant_id, main_site(session).id)
    return redirect(address, _SEE_OTHER)


@blueprint.get("/banners/ending")
@guarded("review.final")
def ending_banner() -> ResponseReturnValue:
    """Ask why the banner comes down before its time."""
    return _ask_ending(EndingForm(formdata=None))


@blueprint.post("/banners/ending")
@guarded("review.final")
def end_banner() -> ResponseReturnValue:
    """Take the banner down."""
    form = EndingForm()
    if not form.validate():
        return _ask_ending(form), 422

    def end() -> None:
        stands = standing_banner(web.session())
        reason = form.reason.data or ""
        withdraw(web.session(), stands.edition.item_id, reason=reason, by=current_actor())

    return _do(form, end, lambda: _ask_ending(form), N_("横幅正在从各网页上撤下"))


@blueprint.get("/banners/discarding")
@guarded("banners.edit")
def discarding_banner() -> ResponseReturnValue:
    """Ask before what was written is given up."""
    state = banner_state(web.session())
    return _ask_discarding(DiscardForm(formdata=None, digest=state.digest))


@blueprint.post("/banners/discarding")
@guarded("banners.edit")
def discard_banner() -> ResponseReturnValue:
    """Give up what was written; what readers see stays."""
    form = DiscardForm()

    def give_up() -> None:
        matter = banner_state(web.session()).matter
        if matter is None:
            raise Conflict("no_draft", N_("没有可放弃的修改"))
        digest = form.digest.data or ""
        discard_draft(web.session(), matter.id, expected_digest=digest, by=current_actor())

    return _do(form, give_up, lambda: _ask_discarding(form), N_("已放弃未提交的横幅"))


def _do(
    form: BaseForm, act: Callable[[], None], ask: Callable[[], str], words: str
) -> ResponseReturnValue:
    """Do it and go back to the banner's page, or ask again with the reason why not."""
    try:
        act()
    except NotFound:
        raise
    except Refusal as refusal:
        web.read_again()
        form.refuse(refusal)
        return ask(), refusal.status
    flash(say(words), "good")
    return redirect(url_for("workspace.banners"), _SEE_OTHER)


def _ask_ending(form: EndingForm) -> str:
    live = banner_state(web.session()).live
    title = say(N_("提前撤下横幅？"))
    if live is not None:
        title = say(N_("提前撤下横幅“{title}”？"), title=live.edition.title)
    consequences = (
        N_("首页和栏目页立即撤下，其余网页一分钟内不再显示"),
        N_("再次显示须重新经过三级审核"),
    )
    return _ask(form, title, consequences, N_("撤下横幅"), "withdraw")


def _ask_discarding(form: DiscardForm) -> str:
    title = say(N_("放弃未提交的横幅？"))
    return _ask(form, title, (N_("正在显示的横幅不受影响"),), N_("放弃"), "delete")


def _ask(form: BaseForm, title: str, consequences: Sequence[str], label: str, icon: str) -> str:
    return render_template(
        "console/confirm.html",
        title=title,
        form=form,
        consequences=[say(each) for each in consequences],
        label=say(label),
        icon=icon,
        cancel=url_for("workspace.banners"),
    )
