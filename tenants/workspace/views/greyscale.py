"""Days of mourning of the site: to set and to end; readers see what was signed."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from hosting.console.language import say
from hosting.runtime.language import N_
from hosting.security.guards import guarded
from tenants.workspace.blueprint import blueprint
from tenants.workspace.forms.banner import GreyscaleForm
from tenants.workspace.overhead import Overhead


def _ending(title: str) -> str:
    return say(N_("提前结束灰度“{title}”？"), title=title)


_GREYSCALE = Overhead(
    is_grey=True,
    form=GreyscaleForm,
    template="workspace/greyscale.html",
    edit="workspace.edit_greyscale",
    saved=N_("灰度设置已保存，提交审核、审发后生效"),
    handed_in=N_("灰度设置已提交审核，审发后生效"),
    ended=N_("网站正在恢复彩色"),
    ending=_ending,
    consequences=(N_("全部网页一分钟内恢复彩色"), N_("再次转为灰度须重新经过三级审核")),
    end_label=N_("结束灰度"),
    discarding=N_("放弃未提交的灰度设置？"),
    stays=N_("正在生效的灰度不受影响"),
    discarded=N_("已放弃未提交的灰度设置"),
)


@blueprint.get("/banners/greyscale/edit")
@guarded("banners.edit")
def edit_greyscale() -> ResponseReturnValue:
    """The form, with what was written last."""
    return _GREYSCALE.show()


@blueprint.post("/banners/greyscale/edit")
@guarded("banners.edit")
def save_greyscale() -> ResponseReturnValue:
    """Write from when until when the site shall be grey."""
    return _GREYSCALE.save()


@blueprint.get("/banners/greyscale/ending")
@guarded("review.final")
def ending_greyscale() -> ResponseReturnValue:
    """Ask why it ends before its time."""
    return _GREYSCALE.ask_ending()


@blueprint.post("/banners/greyscale/ending")
@guarded("review.final")
def end_greyscale() -> ResponseReturnValue:
    """Give the site its colours back."""
    return _GREYSCALE.end()


@blueprint.get("/banners/greyscale/discarding")
@guarded("banners.edit")
def discarding_greyscale() -> ResponseReturnValue:
    """Ask before what was written is given up."""
    return _GREYSCALE.ask_discarding()


@blueprint.post("/banners/greyscale/discarding")
@guarded("banners.edit")
def discard_greyscale() -> ResponseReturnValue:
    """Give up what was written; what readers see stays."""
    return _GREYSCALE.discard()
