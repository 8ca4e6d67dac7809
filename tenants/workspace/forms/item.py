"""The editor's form: all that an edition says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from hosting.console.forms import BaseForm, chosen_id, tidy
from hosting.console.language import say
from hosting.runtime.ids import decimal_id, parse_id
from hosting.runtime.language import N_
from tenants.content.facts import VALIDITIES, Attachment, EditionFacts
from tenants.media.models import Asset
from tenants.sites.models import Column
from tenants.workspace.bodies import for_console, for_storage
from tenants.workspace.forms.instants import INSTANT_FORMS, instant, typed
from tenants.workspace.presenters.trees import choices

_PLAIN = ("title", "subtitle", "summary", "keywords", "source_name", "source_url", "author")
_DOCUMENT = ("doc_number", "index_no", "issuing_body", "theme_class", "validity")
_DATES = ("original_date", "formed_date", "effective_date", "valid_until")
_INSTANTS = ("publish_at", "withdraw_at")

# How each word that is stored is offered; the words stand as the page rules spell them.
_VALIDITY_NAMES = dict(
    zip(
        VALIDITIES,
        (N_("未标注"), N_("有效"), N_("已失效"), N_("已废止"), N_("已修改")),
        strict=True,
    )
)


class AttachmentForm(Form):
    """One file that is attached already: its order, its name for readers, whether it goes."""

    asset_id = HiddenField()
    name = StringField(N_("附件名称"), filters=(tidy,))
    position = IntegerField(N_("顺序"), [Optional()])
    is_removed = BooleanField(N_("移除"))


class ItemForm(BaseForm):
    """Writing an item. `digest` is that of the edition the writer saw, empty for a new one."""

    title = StringField(N_("标题"), [InputRequired(), Length(max=200)])
    subtitle = StringField(N_("副标题"), [Length(max=200)])
    column_id = SelectField(
        N_("所属栏目"),
        [DataRequired(N_("请选择栏目"))],
        coerce=chosen_id,
        validate_choice=False,
    )
    extra_column_ids = SelectMultipleField(
        N_("同时显示在"), coerce=chosen_id, validate_choice=False, validators=[Optional()]
    )
    body_html = TextAreaField(N_("正文"))
    summary = TextAreaField(N_("摘要"), [Length(max=500)])
    keywords = StringField(
        N_("关键词"), [Length(max=200)], description=N_("多个词用顿号或逗号隔开")
    )
    source_name = StringField(
        N_("来源"), [Length(max=100)], description=N_("转载稿件须写明来源；留空则显示主办单位")
    )
    source_url = StringField(N_("来源网址"), render_kw={"inputmode": "url"})
    author = StringField(N_("作者"), [Length(max=100)])
    original_date = DateField(
        N_("原始日期"),
        [Optional()],
        description=N_("早先已在别处公开的内容才填写；发布时间始终由系统记录"),
    )
    original_date_source = StringField(
        N_("日期出处"),
        [Length(max=200)],
        description=N_("填写原始日期时必填，如“县政府公报 2019 年第 3 期”"),
    )
    publish_at = DateTimeLocalField(
        N_("定时发布"),
        [Optional()],
        format=INSTANT_FORMS,
        description=N_("到时须已完成三级审核，否则不会发布；留空则审发后立即发布"),
    )
    withdraw_at = DateTimeLocalField(
        N_("定时撤稿"),
        [Optional()],
        format=INSTANT_FORMS,
        description=N_("到时自动撤下，原网址提示内容已删除；留空则不自动撤下"),
    )
    valid_until = DateField(
        N_("有效期至"),
        [Optional()],
        description=N_("过了这一天，网页和列表自动标明“已失效”，内容继续公开"),
    )
    doc_number = StringField(
        N_("发文字号"), [Length(max=80)], render_kw={"placeholder": "清政发〔2026〕8号"}
    )
    index_no = StringField(N_("索引号"), [Length(max=80)])
    issuing_body = StringField(N_("发文机关"), [Length(max=200)])
    theme_class = StringField(N_("主题分类"), [Length(max=80)])
    formed_date = DateField(N_("成文日期"), [Optional()])
    effective_date = DateField(N_("施行日期"), [Optional()])
    validity = SelectField(
        N_("有效性"),
        choices=_VALIDITY_NAMES,
        default="",
    )
    lost_attachments = TextAreaField(
        N_("缺失的附件"),
        description=N_("原网站已丢失的附件，每行一个名称；网页上注明“原附件缺失”"),
        render_kw={"rows": 2},
    )
    translation_of_id = StringField(
        N_("原文"),
        description=N_("主站上这篇原文的网址；可从“选稿翻译”中选定"),
        render_kw={"spellcheck": "false", "autocomplete": "off"},
    )
    attachments = FieldList(FormField(AttachmentForm), N_("附件"))
    new_files = MultipleFileField(
        N_("添加附件"), description=N_("可一次选择多个文件；保存后可以改名和调整顺序")
    )
    digest = HiddenField()

    def offer(self, columns: Sequence[Column], languages: Mapping[int, str]) -> None:
        """Give the columns to choose from, in the order of their trees; see `trees.choices`."""
        self.column_id.choices = {"": N_("请选择栏目")} | choices(columns, languages)
        self.extra_column_ids.choices = choices(columns, languages)

    def validate_translation_of_id(self, field: StringField) -> None:
        """What is typed has to be an item's address."""
        if field.data and original_id(field.data) is None:
            raise ValidationError(say(N_("应为主站稿件的网址，以 .html 结尾")))

    @property
    def is_document(self) -> bool:
        """Whether the part for official documents has something in it."""
        return any(self[name].data for name in (*_DOCUMENT, "formed_date", "effective_date"))

    @property
    def wrong_in_document(self) -> bool:
        """Whether something is wrong in that part, so that it must not be folded away."""
        return any(self[name].errors for name in (*_DOCUMENT, "formed_date", "effective_date"))

    def facts(self, zone: ZoneInfo, added: Iterable[Asset] = ()) -> EditionFacts:
        """What was typed; `added` are files that came with the form, behind those attached."""
        said: dict[str, Any] = {name: self[name].data or "" for name in (*_PLAIN, *_DOCUMENT)}
        said |= {name: self[name].data for name in _DATES}
        said |= {name: instant(self[name].data, zone) for name in _INSTANTS}
        return EditionFacts(
            **said,
            column_id=self.column_id.data or 0,
            extra_column_ids=tuple(self.extra_column_ids.data or ()),
            body_html=for_storage(self.body_html.data or ""),
            translation_of_id=original_id(self.translation_of_id.data or ""),
            original_date_source=self.original_date_source.data or "",
            lost_attachments=tuple((self.lost_attachments.data or "").splitlines()),
            attachments=(*self._kept(), *(Attachment(each.id, each.name) for each in added)),
        )

    def _kept(self) -> list[Attachment]:
        """The attached files that stay, in the order asked for."""
        rows = [row.form for row in self.attachments if not row.form.is_removed.data]
        rows = [row for row in rows if decimal_id(row.asset_id.data or "")]
        places = {id(row): place for place, row in enumerate(rows, 1)}
        rows.sort(key=lambda row: (row.position.data or places[id(row)], places[id(row)]))
        return [Attachment(int(row.asset_id.data), row.name.data or "") for row in rows]


def original_id(address: str) -> int | None:
    """The id that an item's public address ends in; None for anything else."""
    name = address.strip().rpartition("/")[2]
    return parse_id(name.removesuffix(".html")) if name.endswith(".html") else None


def filled(
    facts: EditionFacts, *, digest: str, code: str, zone: ZoneInfo, original: str = ""
) -> dict[str, Any]:
    """What a form for these facts starts with; `code` is the tenant's, for images of the text.

    `original` is the address of what it is a translation of.
    """
    data = {name: getattr(facts, name) for name in (*_PLAIN, *_DOCUMENT, *_DATES)}
    data |= {name: typed(getattr(facts, name), zone) for name in _INSTANTS}
    return data | {
        "column_id": facts.column_id,
        "extra_column_ids": list(facts.extra_column_ids),
        "body_html": for_console(facts.body_html, code),
        "original_date_source": facts.original_date_source,
        "lost_attachments": "\n".join(facts.lost_attachments),
        "attachments": [
            {"asset_id": str(each.asset_id), "name": each.name, "position": place}
            for place, each in enumerate(facts.attachments, 1)
        ],
        "translation_of_id": original,
        "digest": digest,
    }
