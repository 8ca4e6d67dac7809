"""The form of a column."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import asdict
from typing import Any

from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from hosting.console.forms import BaseForm
from hosting.console.language import say
from hosting.runtime.language import N_
from tenants.sites.models import COLUMN_KINDS, Column
from tenants.sites.rules import COLUMN_TYPES, ColumnFacts, ColumnProposal
from tenants.sites.slugs import propose_slug

_KIND_NAMES = {"column": N_("普通栏目"), "subsite": N_("子站")}
_TEXTS = ("name", "description", "keywords", "column_type", "kind")


class ColumnForm(BaseForm):
    """A column or subsite; without a path name one is made of the name's pinyin."""

    name = StringField(N_("名称"), [InputRequired(), Length(max=40)])
    slug = StringField(
        N_("路径名"),
        [Length(max=48)],
        description=N_("出现在网址中，用小写字母、数字和连字符；留空则取名称的拼音首字母"),
        render_kw={"spellcheck": "false", "autocapitalize": "none", "placeholder": "tzgg"},
    )
    kind = SelectField(
        N_("类别"),
        choices={each: _KIND_NAMES[each] for each in COLUMN_KINDS},
        description=N_("乡镇、部门等有独立版面的用子站，其余用栏目"),
    )
    column_type = SelectField(
        N_("栏目类型"),
        choices={"": N_("未指定")} | {each: each for each in COLUMN_TYPES},
        description=N_("网页标签 ColumnType 的取值，监测时据此识别栏目"),
    )
    description = TextAreaField(
        N_("栏目说明"),
        [Length(max=300)],
        description=N_("网页标签 ColumnDescription：栏目的设置目的和主要内容"),
        render_kw={"rows": 3},
    )
    keywords = StringField(
        N_("关键词"), [Length(max=200)], description=N_("网页标签 ColumnKeywords，用逗号隔开")
    )
    update_days = IntegerField(
        N_("更新期限（天）"),
        [Optional(), NumberRange(1, 3660)],
        description=N_("超过此天数未更新时提醒；留空则不提醒"),
    )
    page_size = IntegerField(N_("每页条数"), [InputRequired(), NumberRange(5, 100)], default=20)
    place = SelectField(N_("位置"), description=N_("在同级栏目中的先后"), validate_choice=False)
    # Of the edition the writer began with, so that nobody's words are lost.
    digest = HiddenField()

    def offer(self, siblings: Sequence[Column], *, is_new: bool) -> None:
        """The places beside these siblings; what is not among them means "as it is"."""
        stays = N_("排在最后") if is_new else N_("保持现有位置")
        behind = {str(e.id): say(N_("排在“{name}”之后"), name=e.name) for e in siblings}
        self.place.choices = {"": stays, "first": N_("排在最前")} | behind
        if self.place.data not in self.place.choices:
            self.place.data = ""

    def proposal(
        self, *, taken: Container[str] = (), known: ColumnFacts | None = None
    ) -> ColumnProposal:
        """What was typed; `known` keeps what this form does not ask of a column that exists."""
        said: dict[str, Any] = {name: self[name].data or "" for name in _TEXTS}
        if known is not None:
            said |= {"update_class": known.update_class, "theme_variant": known.theme_variant}
        facts = ColumnFacts(
            **said,
            slug=self.slug.data or propose_slug(self.name.data or "", taken),
            update_days=self.update_days.data,
            page_size=self.page_size.data or 0,
        )
        return ColumnProposal(facts, self.place.data or "")


def filled(proposal: ColumnProposal, *, digest: str) -> dict[str, Any]:
    """The form's data for what a column says."""
    return asdict(proposal.facts) | {"place": proposal.place, "digest": digest}


class ClosingForm(BaseForm):
    """Closing a column, or giving up what was written of it, as it was seen."""

    digest = HiddenField()
