"""What the city changes of a tenant: hosts, limits, state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from hosting.console.forms import BaseForm
from hosting.console.language import say
from hosting.runtime.language import N_
from provisioning.city.forms.tenants import NO_SPELLING, Wanted
from provisioning.city.presenters.tenants import MEGABYTE
from provisioning.quotas.operations import Quotas

_LARGEST_COUNT = 100_000_000
_LONGEST_REASON = 500


class HostForm(BaseForm):
    """A host to be bound."""

    host = StringField(
        N_("域名"),
        [Wanted()],
        description=N_("请先在域名系统中指向本平台，再在这里绑定"),
        render_kw={"placeholder": "www.qinghe.gov.cn", **NO_SPELLING},
    )
    locale = SelectField(N_("网站"), validate_choice=False)
    is_main = BooleanField(N_("设为主域名"))

    def offer(self, sites: Sequence[tuple[str, str]]) -> None:
        """Give the tenant's sites to choose from, as (locale, name); nothing where it has one."""
        if len(sites) > 1:
            self.locale.choices = dict(sites)
        else:
            del self.locale


class ReleaseForm(BaseForm):
    """Letting a host go: nothing but the token."""


def _limit(label: str) -> IntegerField:
    return IntegerField(label, [Optional(), NumberRange(1, _LARGEST_COUNT)])


class QuotasForm(BaseForm):
    """How much a tenant may keep; what is left empty has no limit."""

    items = _limit(N_("稿件上限（篇）"))
    storage_megabytes = _limit(N_("文件总量上限（MB）"))
    accounts = _limit(N_("账号上限（个）"))

    @staticmethod
    def of(quotas: Quotas) -> dict[str, int | None]:
        """The fields' first values for quotas that are set."""
        size = quotas.storage_bytes
        megabytes = None if size is None else size // MEGABYTE
        return {
            "items": quotas.items,
            "storage_megabytes": megabytes,
            "accounts": quotas.accounts,
        }

    def quotas(self) -> Quotas:
        """What was typed."""
        megabytes = self.storage_megabytes.data
        size = None if megabytes is None else megabytes * MEGABYTE
        return Quotas(self.items.data, size, self.accounts.data)


class HistoryForm(BaseForm):
    """Until when older content may come in."""

    until = DateField(
        N_("旧内容迁入期限"),
        [InputRequired()],
        description=N_("原发布日期早于此日的旧内容可凭迁移令公开；旧站切换上线后自动截止"),
    )


class StepForm(BaseForm):
    """A step of a tenant's life: why, and, where it is grave, the tenant's code typed again."""

    reason = TextAreaField(
        N_("理由"),
        [InputRequired(), Length(max=_LONGEST_REASON)],
        description=N_("写入租户履历和审计记录"),
        render_kw={"rows": 2},
    )

    def __init__(self, *, code: str, **facts: Any) -> None:
        super().__init__(**facts)
        self._code = code
        if "typed" in self:
            self.typed.description = say(N_("请输入租户代码 {code}，确认操作对象无误"), code=code)

    def validate_typed(self, field: StringField) -> None:
        """The code has to be this tenant's."""
        if field.data and field.data != self._code:
            raise ValidationError(say(N_("应为 {code}"), code=self._code))


def _typed() -> StringField:
    return StringField(
        N_("租户代码"), [InputRequired()], render_kw={"autocomplete": "off", **NO_SPELLING}
    )


class SuspensionForm(StepForm):
    """Suspending and closing."""

    typed = _typed()


class ClosingForm(StepForm):
    """Announcing that a tenant will be closed."""

    successor = StringField(
        N_("内容去向"),
        [Length(max=200)],
        description=N_("关停后读者可访问的网址或单位；写入每页顶部的公告"),
    )
    notice_until = DateField(
        N_("公告保留至"),
        [Optional()],
        description=N_("至少 30 天；留空则为今天起 30 天"),
    )
    typed = _typed()
