"""Forms of signing in and of one's own account."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from hosting.console.forms import BaseForm
from hosting.console.language import say
from hosting.runtime.language import N_
from hosting.security.passwords import MAXIMUM_LENGTH

_NO_SPELLING = {"autocapitalize": "none", "spellcheck": "false"}


class SignInForm(BaseForm):
    """Name and password; `next` is where to go then."""

    login = StringField(
        N_("登录名"),
        [InputRequired(), Length(max=64)],
        render_kw={"autocomplete": "username", **_NO_SPELLING},
    )
    password = PasswordField(
        N_("密码"),
        [InputRequired(), Length(max=MAXIMUM_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class PasswordForm(BaseForm):
    """A new password, with the current one and the new one twice."""

    current = PasswordField(
        N_("当前密码"),
        [InputRequired(), Length(max=MAXIMUM_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        N_("新密码"),
        [InputRequired(), Length(max=MAXIMUM_LENGTH)],
        render_kw={"autocomplete": "new-password"},
    )
    repeated = PasswordField(
        N_("再次输入新密码"),
        [InputRequired(), EqualTo("new")],
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, *, minimum: int, **facts: Any) -> None:
        super().__init__(**facts)
        self.new.description = say(
            N_("至少 {minimum} 个字符，含大写字母、小写字母、数字、符号中的三类；不要用常见的词"),
            minimum=minimum,
        )
