"""Forms of reposts: what is accepted from whom, and who is to carry an item."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional

from hosting.console.forms import BaseForm, chosen_id
from hosting.directory.models import Tenant
from hosting.runtime.language import N_
from tenants.sites.models import OPEN, Column
from tenants.workspace.presenters.trees import choices

ALL, CHOSEN = "all", "chosen"
SCOPES = {
    ALL: N_("全部县区和部门"),
    "county": N_("全部县区"),
    "department": N_("全部部门"),
    CHOSEN: N_("指定单位"),
}
_KINDS = {ALL: ("county", "department"), "county": ("county",), "department": ("department",)}


class AcceptanceForm(BaseForm):
    """What another tenant publishes, and the column here in which it is carried."""

    origin = SelectField(N_("来源单位"), [InputRequired()], coerce=chosen_id, validate_choice=False)
    origin_path = StringField(
        N_("来源栏目"),
        [Length(max=200)],
        description=N_("来源网站上的栏目路径，如 /zwgk/tzgg/，下级栏目一并转载；留空则为全部栏目"),
        render_kw={"spellcheck": "false", "autocapitalize": "none"},
    )
    column_id = SelectField(
        N_("转载到"), [InputRequired()], coerce=chosen_id, validate_choice=False
    )

    def offer(self, origins: Sequence[Tenant], columns: Sequence[Column]) -> None:
        """The tenants and the columns to choose from."""
        self.origin.choices = {str(each.id): each.name for each in origins}
        self.column_id.choices = choices([each for each in columns if each.state == OPEN])


class AcceptanceIssueForm(BaseForm):
    """Signing it, as it was seen."""

    digest = HiddenField()


class AcceptanceEndForm(BaseForm):
    """Ending it, or refusing what was proposed."""

    reason = StringField(
        N_("理由"), [InputRequired(), Length(max=500)], description=N_("写入审计记录")
    )


class SendForm(BaseForm):
    """Who is to carry an item."""

    scope = RadioField(N_("转载单位"), [InputRequired()], choices=SCOPES, default=CHOSEN)
    receivers = SelectMultipleField(
        N_("指定单位"),
        [Optional()],
        coerce=chosen_id,
        validate_choice=False,
    )

    def offer(self, others: Sequence[Tenant]) -> None:
        """The tenants to choose from."""
        self.receivers.choices = {str(each.id): each.name for each in others}

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of tenant that are meant as a whole."""
        return _KINDS.get(str(self.scope.data), ())

    @property
    def chosen(self) -> list[int]:
        """The tenants that were chosen one by one."""
        return list(self.receivers.data or ()) if self.scope.data == CHOSEN else []
