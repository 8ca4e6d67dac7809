"""What every form of the console shares."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import DateField, PasswordField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional

from hosting.console.forms import BaseForm, FilterForm
from hosting.runtime.errors import Conflict, Invalid, Problem


class Form(BaseForm):
    title = StringField("标题", [InputRequired(), Length(max=5)])
    code = PasswordField("口令")
    tags = SelectMultipleField("标签", choices=["a", "b"])
    day = DateField("日期", [Optional()])


class Filters(FilterForm):
    q = StringField("查找")


@pytest.fixture
def app(console: Flask) -> Flask:
    console.config["WTF_CSRF_ENABLED"] = False
    return console


def sent(app: Flask, *pairs: tuple[str, str]) -> Iterator[Form]:
    with app.test_request_context("/", method="POST", data=MultiDict(pairs)):
        yield Form()


@pytest.fixture
def send(app: Flask) -> Iterator[object]:
    opened = []

    def send_one(*pairs: tuple[str, str]) -> Form:
        opened.append(iterator := sent(app, *pairs))
        return next(iterator)

    yield send_one
    for iterator in reversed(opened):
        next(iterator, None)


def test_text_is_tidied_and_passwords_are_left_as_typed(send) -> None:  # type: ignore[no-untyped-def]
    form = send(("title", "  甲\x00\r\n乙 "), ("code", " p\x00 "))

    assert form.title.data == "甲\n乙"
    assert form.code.data == " p\x00 "


def test_errors_say_what_to_do(send) -> None:  # type: ignore[no-untyped-def]
    assert not send(("title", "")).validate()
    form = send(("title", "一二三四五六"))

    assert not form.validate()
    assert form.title.errors == ["最多填写 5 个字符，请删减"]


def test_a_day_that_may_be_left_empty_is_no_mistake_beside_another_one(send) -> None:  # type: ignore[no-untyped-def]
    empty = send(("title", ""), ("day", ""))
    unreadable = send(("title", ""), ("day", "soon"))

    assert not empty.validate()
    assert not unreadable.validate()

    assert set(empty.errors) == {"title"}
    assert unreadable.day.errors == ["请填写正确的日期，如 2024-05-01"]


@pytest.mark.parametrize(
    "pairs",
    [
        [("title", "甲"), ("title", "乙")],
        [("title", "甲"), ("title[]", "乙")],
        [("title", "甲"), ("title.x", "乙")],
        [("title", "甲"), ("tenant_id", "102")],
        [("title", "甲"), ("id", "7")],
        [("title", "甲"), ("account[id]", "7")],
        [("title", "甲"), ("state", "published")],
    ],
)
def test_what_was_smuggled_in_is_refused(send, pairs) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Invalid, match="不应提交") as refused:
        send(*pairs).validate()

    assert refused.value.code == "form_tampered"


def test_a_field_of_many_values_and_a_pressed_button_are_no_smuggling(send) -> None:  # type: ignore[no-untyped-def]
    form = send(("title", "甲"), ("tags", "a"), ("tags", "b"), ("then", "submit"))

    assert form.validate()
    assert form.tags.data == ["a", "b"]


def test_a_refused_operation_is_shown_at_its_fields(send) -> None:  # type: ignore[no-untyped-def]
    form = send(("title", "甲"))
    problems = [
        Problem("title", "taken", "已有“{name}”", {"name": "甲"}),
        Problem("hosts[0]", "bad_host", "主机名不对"),
    ]

    form.refuse(Invalid("wrong", "有误", problems=problems))

    assert form.title.errors == ["已有“甲”"]
    assert form.form_errors == ["主机名不对"]


def test_a_refusal_without_problems_stands_above_the_form(send) -> None:  # type: ignore[no-untyped-def]
    form = send(("title", "甲"))

    form.refuse(Conflict("changed", "刚刚被他人改动"))

    assert form.form_errors == ["刚刚被他人改动"]


def test_filters_are_read_from_the_address(app: Flask) -> None:
    with app.test_request_context("/?q=%20通知%20&page=2&id=7"):
        assert Filters().values() == {"q": "通知"}
