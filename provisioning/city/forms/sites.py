"""Opening, closing and reopening a site in a foreign language."""

from __future__ import annotations

import re

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from hosting.console.forms import BaseForm
from hosting.runtime.language import FOREIGN_LOCALES, N_, language_of
from provisioning.city.forms.tenants import NO_SPELLING, Wanted
from provisioning.sites.opening import SiteOpening

_BETWEEN_HOSTS = re.compile(r"[\s,，、;；]+")


class SiteForm(BaseForm):
    """A site to be opened."""

    locale = SelectField(
        N_("语言"), choices={each: language_of(each).name for each in FOREIGN_LOCALES}
    )
    name = StringField(
        N_("网站名称"),
        [Wanted()],
        description=N_("用该语言书写，显示在每个网页上"),
        render_kw={"placeholder": "Qinghe County People's Government", **NO_SPELLING},
    )
    short_name = StringField(
        N_("简称"),
        description=N_("用该语言书写；留空则同网站名称"),
        render_kw={"placeholder": "Qinghe", **NO_SPELLING},
    )
    hosts = TextAreaField(
        N_("域名"),
        [Wanted()],
        description=N_("每行一个，第一个为主域名；请先在域名系统中指向本平台"),
        render_kw={"rows": 2, "placeholder": "en.qinghe.gov.cn", **NO_SPELLING},
    )

    def opening(self) -> SiteOpening:
        """What was typed."""
        return SiteOpening(
            self.locale.data or "",
            self.name.data or "",
            tuple(filter(None, _BETWEEN_HOSTS.split(self.hosts.data or ""))),
            self.short_name.data or "",
        )


class SiteStateForm(BaseForm):
    """Why a site is closed or opened again."""

    reason = TextAreaField(
        N_("理由"),
        [InputRequired(), Length(max=500)],
        description=N_("写入审计记录"),
        render_kw={"rows": 2},
    )
