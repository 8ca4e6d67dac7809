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


class NewPasswordForm(PasswordForm):
    """The same of somebody who has just shown the current one."""

    current = None  # how WTForms leaves a field out


class CodeForm(BaseForm):
    """A code of the authenticator app, or a recovery code in its place."""

    code = StringField(
        N_("验证码"),
        [InputRequired(), Length(max=64)],
        description=N_("打开手机上的身份验证器，填写 6 位数字；手机不在身边，可以填写一个恢复码"),
        render_kw={"autocomplete": "one-time-code", "inputmode": "text", **_NO_SPELLING},
    )


class SetUpForm(BaseForm):
    """The first code of an app that was just set up."""

    code = StringField(
        N_("验证码"),
        [InputRequired(), Length(max=64)],
        description=N_("填写身份验证器上显示的 6 位数字"),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", **_NO_SPELLING},
    )


class ProofForm(BaseForm):
    """The password once more, and a code where there is an app."""

    password = PasswordField(
        N_("密码"),
        [InputRequired(), Length(max=MAXIMUM_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )
    code = StringField(
        N_("验证码"),
        [InputRequired(), Length(max=64)],
        description=N_("身份验证器上的 6 位数字，或一个恢复码"),
        render_kw={"autocomplete": "one-time-code", "inputmode": "text", **_NO_SPELLING},
    )
    next = HiddenField()

    def __init__(self, *, asks_for_code: bool, **facts: Any) -> None:
        super().__init__(**facts)
        if not asks_for_code:
            del self.code


class EmptyForm(BaseForm):
    """A button alone."""
