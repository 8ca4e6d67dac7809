"""What every form of the console shares: its token, plain Chinese errors, and nothing smuggled in.

Labels, descriptions and messages are msgids; templates translate them where they are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from flask import request
from flask_wtf import FlaskForm
from wtforms import FileField, MultipleFileField, PasswordField, SelectMultipleField, StringField
from wtforms.fields import Field, FieldList, FormField

from hosting.console.language import say
from hosting.console.wording import WORDING
from hosting.runtime.errors import Invalid, Refusal
from hosting.runtime.ids import decimal_id
from hosting.runtime.language import N_

# Never taken from a form unless the form declares it: who acts and on whose behalf is decided by
# the session and the address, which thing by the address.
NEVER_SENT = frozenset(
    {"id", "tenant", "tenant_id", "for_tenant_id", "account", "account_id", "by", "role", "state"}
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MANY = (SelectMultipleField, MultipleFileField, FieldList, FormField)


class Wording:
    """WTForms' own messages in the words of this platform."""

    def gettext(self, message: str) -> str:
        """The message in this page's language."""
        return say(WORDING.get(message, message))

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The same; our sentences do not depend on the number."""
        known = WORDING.get(singular)
        if known is None:
            return singular if count == 1 else plural
        return say(known)


def tidy(value: str | None) -> str | None:
    """A text as typed, less control characters and the blanks around it; lines end in LF."""
    if value is None:
        return None
    return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def chosen_id(value: object) -> int:
    """A choice as an id; 0, which nothing has, for what is none."""
    return decimal_id(str(value)) or 0


class BaseForm(FlaskForm):
    """A form that changes something; `validate_on_submit()` as in Flask-WTF.

    Raises Invalid ("form_tampered") when a field that takes one value is sent several, or when a
    field is sent that nobody offered and that would name an actor, a tenant or a state.
    """

    class Meta(FlaskForm.Meta):
        """How fields are bound and which words they use."""

        def get_translations(self, form: FlaskForm) -> Wording:
            """The words of this platform."""
            return Wording()

        def bind_field(self, form: FlaskForm, unbound: Any, options: dict[str, Any]) -> Field:
            """Tidy every text field but passwords, in which each character counts."""
            if _is_text(unbound.field_class):
                options = {**options, "filters": (tidy, *unbound.kwargs.get("filters", ()))}
            return unbound.bind(form=form, **options)

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse what was smuggled in, then check each field."""
        if self.is_submitted() and (smuggled := sorted(set(self._smuggled()))):
            names = "、".join(smuggled)
            raise Invalid("form_tampered", N_("表单含有不应提交的内容：{names}"), names=names)
        is_valid = bool(super().validate(extra_validators))
        for field in self:
            # What is no number at all need not be told its limits as well. No errors are left of
            # what may be empty and is, although it could not be read as a number or a date.
            field.errors = list(field.errors and (field.process_errors or field.errors))
        return is_valid

    def refuse(self, refusal: Refusal) -> None:
        """Show a refused operation's problems at their fields, the others above the form."""
        for problem in refusal.problems:
            self._errors_of(problem.field).append(say(problem.message, **problem.facts))
        if not refusal.problems:
            self.form_errors.append(say(refusal.message, **refusal.facts))

    @property
    def has_file(self) -> bool:
        """Whether the form must be sent as multipart."""
        return any(isinstance(field, (FileField, MultipleFileField)) for field in self)

    def _errors_of(self, name: str) -> list[str]:
        """The list to which a problem's sentence is added."""
        field = self._fields.get(re.split(r"[.\[]", name)[0])
        if field is None:
            return cast("list[str]", self.form_errors)
        field.errors = list(field.errors)
        return cast("list[str]", field.errors)

    def _smuggled(self) -> Iterator[str]:
        """Names that were sent and must not have been."""
        for name, values in request.form.lists():
            field = self._fields.get(name)
            if field is None:
                is_smuggled = _is_dangerous(name, self._fields)
            else:
                is_smuggled = len(values) > 1 and not isinstance(field, _MANY)
            if is_smuggled:
                yield name


class FilterForm(BaseForm):
    """The filters above a list: read from the address, without a token, never refused."""

    class Meta(BaseForm.Meta):
        """Reads change nothing, so there is nothing to forge."""

        csrf = False

    def __init__(self, **facts: Any) -> None:
        super().__init__(formdata=request.args, **facts)

    def values(self) -> dict[str, Any]:
        """What is filtered by; fields left empty or with an unknown choice are absent."""
        self.validate()
        return {field.name: field.data for field in self if field.data and not field.errors}


def _is_text(field_class: type[Field]) -> bool:
    return issubclass(field_class, StringField) and not issubclass(field_class, PasswordField)


def _is_dangerous(name: str, fields: dict[str, Field]) -> bool:
    """Whether a name that is no field of the form pretends to be one or to decide who acts."""
    base = re.split(r"[.\[]", name)[0]
    return base in NEVER_SENT or (base != name and base in fields)
