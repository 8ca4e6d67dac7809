"""Finding, opening and naming tenants."""

from __future__ import annotations

import re
from typing import Any

from wtforms import DateField, Field, Form, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from hosting.console.forms import BaseForm, FilterForm
from hosting.directory.models import TENANT_KINDS, TENANT_STATES
from hosting.runtime.language import N_
from provisioning.blueprints.loader import blueprint
from provisioning.city.presenters.blueprints import blueprint_choices
from provisioning.onboarding.opening import Opening
from provisioning.presenters import KINDS, STATES

NO_SPELLING = {"spellcheck": "false", "autocapitalize": "none"}
_BETWEEN_HOSTS = re.compile(r"[\s,，、;；]+")
_SITE_FACTS = ("site_id_code", "icp_number", "police_number")


class Wanted:
    """Marks a field as one to be filled in; that it is, the operation says, with all else."""

    field_flags = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Nothing more to say."""


class TenantFilterForm(FilterForm):
    """Tenants by words, kind and state."""

    words = StringField(N_("搜索名称、代码、域名"))
    kind = SelectField(
        N_("类型"), choices={"": N_("全部类型")} | {each: KINDS[each] for each in TENANT_KINDS}
    )
    state = SelectField(
        N_("状态"), choices={"": N_("全部状态")} | {each: STATES[each] for each in TENANT_STATES}
    )


class OpeningForm(BaseForm):
    """A tenant to be opened."""

    blueprint = SelectField(
        N_("开站样板"), description=N_("决定租户类型、标准栏目、首页版块和主题，开通后均可调整")
    )
    name = StringField(N_("单位全称"), [Wanted()], render_kw={"placeholder": "清河县人民政府"})
    short_name = StringField(
        N_("简称"), description=N_("用于栏目名称，如“走进清河县”；留空则取全称")
    )
    code = StringField(
        N_("租户代码"),
        [Wanted()],
        description=N_(
            "2 至 32 位小写字母、数字或连字符，以字母开头；出现在工作台网址中，开通后不能更改"
        ),
        render_kw={"placeholder": "qinghe", **NO_SPELLING},
    )
    hosts = TextAreaField(
        N_("域名"),
        [Wanted()],
        description=N_("每行一个，第一个为主域名；请先在域名系统中指向本平台"),
        render_kw={"rows": 3, "placeholder": "www.qinghe.gov.cn", **NO_SPELLING},
    )
    site_id_code = StringField(
        N_("网站标识码"),
        [Length(max=30)],
        description=N_("由全国政府网站信息报送系统发放；没有可以先不填"),
        render_kw=NO_SPELLING,
    )
    icp_number = StringField(N_("ICP 备案号"), [Length(max=60)])
    police_number = StringField(N_("公安备案号"), [Length(max=60)])
    history_until = DateField(
        N_("旧内容迁入期限"),
        [Optional()],
        description=N_("此日之前已公开的旧内容可凭迁移令公开；留空则到今天为止"),
    )

    def __init__(self, **facts: Any) -> None:
        super().__init__(**facts)
        self.blueprint.choices = blueprint_choices()

    def opening(self) -> Opening:
        """What was typed, with the kind that goes with the blueprint."""
        code = self.blueprint.data
        return Opening(
            code=self.code.data or "",
            name=self.name.data or "",
            short_name=self.short_name.data or "",
            kind=blueprint(code).kind if code in self.blueprint.choices else "",
            blueprint=code or "",
            hosts=tuple(filter(None, _BETWEEN_HOSTS.split(self.hosts.data or ""))),
            history_until=self.history_until.data,
            site_facts={name: self[name].data for name in _SITE_FACTS if self[name].data},
        )


class NameForm(BaseForm):
    """Another name for a tenant."""

    name = StringField(N_("单位全称"), [Wanted()])
    short_name = StringField(N_("简称"), description=N_("留空则保持原来的简称"))
