"""What lists are narrowed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, SelectField, StringField

from hosting.console.forms import FilterForm
from hosting.directory.models import Site
from hosting.runtime.language import N_
from tenants.content.queries import SHOWN_STATES
from tenants.media.queries import KINDS
from tenants.sites.models import Column
from tenants.workspace.presenters.states import STATES
from tenants.workspace.presenters.trees import choices, site_choices

_KINDS = {"image": N_("图片"), "document": N_("文档"), "film": N_("音视频")}


class ItemFilterForm(FilterForm):
    """Items by words, column, state and who began them."""

    words = StringField(N_("搜索标题、发文字号"))
    site = SelectField(N_("网站"))
    column = SelectField(N_("所属栏目"))
    state = SelectField(
        N_("状态"),
        choices={"": N_("全部状态")} | {each: STATES[each].label for each in SHOWN_STATES},
    )
    mine = BooleanField(N_("只看我的"))

    def __init__(self, columns: Sequence[Column], sites: Sequence[Site], **facts: Any) -> None:
        super().__init__(**facts)
        self.column.choices = {"": N_("全部栏目")} | choices(columns)
        if len(sites) > 1:
            self.site.choices = {"": N_("全部网站")} | site_choices(sites)
        else:
            del self.site


class OriginalFilterForm(FilterForm):
    """Originals by words of their titles; `site` is kept as the address has it."""

    words = StringField(N_("搜索标题"))


class FileFilterForm(FilterForm):
    """Files by words of their names and by kind."""

    words = StringField(N_("搜索文件名"))
    kind = SelectField(
        N_("类型"), choices={"": N_("全部类型")} | {each: _KINDS[each] for each in KINDS}
    )
