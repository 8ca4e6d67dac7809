"""What the city puts over sites: banners and days of mourning, and their early ends."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    RadioField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from hosting.console.forms import BaseForm, chosen_id
from hosting.directory.models import Tenant
from hosting.runtime.language import N_
from provisioning.notices.operations import NoticeFacts
from tenants.sites.models import BANNER, GREYSCALE
from tenants.workspace.forms.banner import WordsForm
from tenants.workspace.forms.instants import INSTANT_FORMS, instant

ALL, CHOSEN = "all", "chosen"


class OrderForm(BaseForm):
    """Over which sites, from when until when, and why."""

    kind = GREYSCALE

    scope = RadioField(
        N_("范围"),
        [InputRequired()],
        choices={ALL: N_("全部网站，包括期间新开通的"), CHOSEN: N_("指定单位的网站")},
        default=ALL,
    )
    tenants = SelectMultipleField(
        N_("指定单位"), [Optional()], coerce=chosen_id, validate_choice=False
    )
    begins_at = DateTimeLocalField(
        N_("生效时间"), [Optional()], format=INSTANT_FORMS, description=N_("留空则立即开始")
    )
    ends_at = DateTimeLocalField(
        N_("结束时间"), [InputRequired()], format=INSTANT_FORMS, description=N_("到时自动恢复")
    )
    reason = TextAreaField(
        N_("理由"),
        [InputRequired(), Length(max=500)],
        description=N_("写明依据，如上级通知的文号；写入审计记录"),
        render_kw={"rows": 2},
    )
    confirmed = BooleanField(N_("已核对内容、范围和时间"), [InputRequired()])

    def offer(self, tenants: Sequence[Tenant]) -> None:
        """The tenants to choose from."""
        self.tenants.choices = {str(each.id): each.name for each in tenants}

    def facts(self, zone: ZoneInfo) -> NoticeFacts:
        """What was typed."""
        chosen = tuple(self.tenants.data or ()) if self.scope.data == CHOSEN else None
        return NoticeFacts(
            self.kind,
            instant(self.ends_at.data, zone),
            instant(self.begins_at.data, zone),
            self.words() if isinstance(self, WordsForm) else None,
            chosen,
        )


class BannerOrderForm(OrderForm, WordsForm):
    """A banner of the city."""

    kind = BANNER


class NoticeEndForm(BaseForm):
    """Ending it before its time."""

    reason = TextAreaField(
        N_("理由"),
        [InputRequired(), Length(max=500)],
        description=N_("写入审计记录"),
        render_kw={"rows": 2},
    )
