"""Accounts and what they may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from hosting.console.forms import BaseForm, FilterForm
from hosting.directory.models import Tenant
from hosting.runtime.language import N_
from hosting.runtime.records import PLATFORM_ID
from hosting.security.models import ACCOUNT_STATES
from hosting.security.operations import RoleFacts
from hosting.security.roles import LABELS, PLATFORM_ROLES, TENANT_ROLES
from provisioning.city.forms.tenants import NO_SPELLING, Wanted
from provisioning.city.presenters.badges import ACCOUNT_STATES as BADGES
from tenants.sites.models import Column
from tenants.workspace.presenters.trees import choices

CITY = "city"
"""Stands for the platform where a place is chosen; no tenant has a code of it in these forms."""

_LONGEST_REASON = 300


def places(tenants: Sequence[Tenant]) -> dict[str, str]:
    """What one can choose as a place: the city, then each tenant by its id."""
    return {CITY: N_("全市")} | {str(tenant.id): tenant.name for tenant in tenants}


def place_id(chosen: str) -> int:
    """The id behind a chosen place."""
    return PLATFORM_ID if chosen == CITY else int(chosen)


class AccountFilterForm(FilterForm):
    """Accounts by words, place, role and state."""

    words = StringField(N_("搜索姓名、登录名"))
    place = SelectField(N_("单位"))
    role = SelectField(N_("职责"), choices={"": N_("全部职责"), **LABELS})
    state = SelectField(
        N_("状态"),
        choices={"": N_("全部状态")} | {each: BADGES[each].label for each in ACCOUNT_STATES},
    )

    def __init__(self, tenants: Sequence[Tenant], **facts: Any) -> None:
        super().__init__(**facts)
        self.place.choices = {"": N_("全部单位")} | places(tenants)


def _password() -> StringField:
    return StringField(
        N_("密码"),
        [Wanted()],
        description=N_("由平台随机生成，也可以改写；请现在记下并当面交给本人，离开本页后不再显示"),
        render_kw={"autocomplete": "off", **NO_SPELLING},
    )


class AccountForm(BaseForm):
    """A new account with its first password."""

    name = StringField(N_("姓名"), [Wanted()], render_kw={"autocomplete": "off"})
    login = StringField(
        N_("登录名"),
        [Wanted()],
        description=N_(
            "2 至 32 个小写字母、数字、点、横线或下划线，以字母或数字开头；建立后不能更改"
        ),
        render_kw={"placeholder": "qinghe.lixiaoyun", "autocomplete": "off", **NO_SPELLING},
    )
    password = _password()


class PasswordForm(BaseForm):
    """Another password; the login is there because a password must not contain it."""

    login = HiddenField()
    password = _password()


class ReasonForm(BaseForm):
    """Why an account is shut out, or loses its second factor."""

    reason = StringField(N_("理由"), [InputRequired(), Length(max=_LONGEST_REASON)])


class SureForm(BaseForm):
    """Whoever sends it is sure: nothing but the token."""


class PlaceForm(FilterForm):
    """Where a role is to be held; stands in the address."""

    place = SelectField(N_("单位"))

    def __init__(self, tenants: Sequence[Tenant], **facts: Any) -> None:
        super().__init__(**facts)
        self.place.choices = {"": N_("请选择")} | places(tenants)


class RoleForm(BaseForm):
    """A role in one place."""

    role = SelectField(N_("职责"))
    column = SelectField(
        N_("范围"), default="", description=N_("限定到一个栏目或子站时，只能办理它和它下面的稿件")
    )
    ends_on = DateField(
        N_("截止日期"), [Optional()], description=N_("当日有效，次日零时失效；留空则长期有效")
    )
    reason = TextAreaField(N_("事由"), [Length(max=_LONGEST_REASON)], render_kw={"rows": 2})

    def __init__(
        self,
        *,
        place: str,
        columns: Sequence[Column],
        languages: Mapping[int, str],
        is_acting_for: bool,
        **facts: Any,
    ) -> None:
        super().__init__(**facts)
        self._tenant_id = place_id(place)
        self.role.choices = PLATFORM_ROLES if place == CITY else TENANT_ROLES
        if place == CITY:
            del self.column
        else:
            self.column.choices = {"": N_("全部栏目")} | choices(columns, languages)
        if is_acting_for:
            for field in (self.ends_on, self.reason):
                field.flags.required = True

    def facts(self, zone: ZoneInfo) -> RoleFacts:
        """What was chosen; the last day counts whole, as people mean it."""
        column = self.column.data if "column" in self else ""
        last = self.ends_on.data
        ends_at = datetime.combine(last + timedelta(days=1), time(), zone) if last else None
        return RoleFacts(
            self.role.data,
            tenant_id=self._tenant_id,
            column_id=int(column) if column else None,
            ends_at=ends_at,
            reason=self.reason.data or "",
        )
