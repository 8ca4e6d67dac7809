"""Forms of review: each says which digest was seen, so nobody signs what they did not read."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from hosting.console.forms import BaseForm
from hosting.runtime.language import N_
from tenants.review.models import APPROVE, RETURN
from tenants.review.rules import CLEARED, REFUSED

_OPINION = 1000

SECRECY_BASES = (
    N_("经对照《中华人民共和国保守国家秘密法》及本单位定密事项，不涉及国家秘密"),
    N_("经对照《中华人民共和国政府信息公开条例》第十四条至第十六条，不属于不予公开的信息"),
    N_("已由上级机关主动公开，转载原文"),
)
"""Grounds that people name most; offered, never filled in for them."""


class SeenForm(BaseForm):
    """A decision about an edition as it was shown."""

    digest = HiddenField(validators=[InputRequired()])


class SignForm(SeenForm):
    """One stage: approve or return. A return without an opinion is refused by the operation."""

    decision = HiddenField(validators=[InputRequired()])
    opinion = TextAreaField(
        N_("审签意见"),
        [Length(max=_OPINION)],
        description=N_("退回时必填，请写明需要修改之处"),
        render_kw={"rows": 3},
    )

    @property
    def is_decided(self) -> bool:
        """Whether one of the two buttons was pressed."""
        return self.decision.data in (APPROVE, RETURN)


class SecrecyForm(SeenForm):
    """The secrecy review (保密审查), a signed record of its own."""

    outcome = RadioField(
        N_("审查结论"),
        [InputRequired()],
        choices={CLEARED: N_("可以公开"), REFUSED: N_("不得公开")},
    )
    basis = StringField(
        N_("审查依据"),
        [InputRequired(), Length(max=300)],
        render_kw={"list": "secrecy-bases", "autocomplete": "off"},
    )
    secrecy_opinion = TextAreaField(N_("补充意见"), [Length(max=_OPINION)], render_kw={"rows": 2})


class UrgentForm(SeenForm):
    """Issuing before the first two reviews."""

    reason = TextAreaField(
        N_("紧急发布理由"),
        [InputRequired(), Length(max=_OPINION)],
        description=N_("如突发事件预警、灾情通报等，理由将登记备案"),
        render_kw={"rows": 3},
    )


class UnscheduleForm(SeenForm):
    """Taking a signed edition back before its time."""

    opinion = TextAreaField(
        N_("取消原因"), [InputRequired(), Length(max=_OPINION)], render_kw={"rows": 3}
    )


class WithdrawForm(BaseForm):
    """Taking an item from the public."""

    reason = TextAreaField(
        N_("撤稿原因"),
        [InputRequired(), Length(max=_OPINION)],
        description=N_("原因将登记备案，不对外显示"),
        render_kw={"rows": 3},
    )


class DeleteForm(SeenForm):
    """Deleting a draft."""
