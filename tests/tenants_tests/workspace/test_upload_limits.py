"""Bringing too many files: the person waits, what they wrote is not lost, others go on."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from hosting.console.application import create_console
from hosting.runtime.cache import Cache, MemoryCache, open_cache
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from parts.people import Browser
from parts.redis_server import RedisSwitch
from parts.workplace import PDF, Office, picture

FEW = {"upload_limit_of_account": 3, "upload_limit_of_address": 100, "upload_limit_of_tenant": 5}


def limited(office: Office, cache: Cache | None = None, **limits: int | str) -> Office:
    """The office with few uploads allowed."""
    settings: Settings = replace(office.runtime.settings, **(FEW | limits))  # type: ignore[arg-type]  # as given
    runtime: Runtime = replace(
        office.runtime, settings=settings, cache=cache or open_cache(settings)
    )
    return Office(runtime, create_console(runtime), office.place, office.actors)


def send(office: Office, browser: Browser, count: int = 1) -> int:
    """Bring files to the library; what was answered."""
    library = office.path("media/")
    files = [(io.BytesIO(picture()), f"图{number}.png") for number in range(count)]
    return browser.post(library, on=library, files=files).status_code


@pytest.fixture(params=["memory", "redis"])
def office(request: pytest.FixtureRequest, county: Office) -> Office:
    """The county, counted in memory or in Redis."""
    if request.param == "memory":
        return limited(county)
    return limited(county, redis_url=request.getfixturevalue("redis_url"))


def test_files_are_counted_and_not_requests(office: Office) -> None:
    editor = office.browser("editor")

    assert [send(office, editor, 2), send(office, editor), send(office, editor)] == [303, 303, 429]


def test_a_person_who_brings_too_many_leaves_colleagues_alone(office: Office) -> None:
    editor, colleague = office.browser("editor"), office.browser("contributor")

    assert [send(office, editor) for _ in range(5)] == [303] * 3 + [429] * 2
    assert [send(office, colleague) for _ in range(2)] == [303] * 2


def test_a_person_is_counted_wherever_they_sit(office: Office) -> None:
    answers = []
    for number in range(4):
        editor = office.browser("editor")
        editor.environ = {"REMOTE_ADDR": f"198.51.100.{number}"}
        answers.append(send(office, editor))

    assert answers == [303] * 3 + [429]


def test_an_address_is_counted_whoever_sits_there(county: Office) -> None:
    office = limited(county, upload_limit_of_address=2)
    at_home = office.browser("contributor")
    at_home.environ = {"REMOTE_ADDR": "198.51.100.4"}

    assert [send(office, office.browser("editor")) for _ in range(2)] == [303] * 2
    assert send(office, office.browser("contributor")) == 429
    assert send(office, at_home) == 303


def test_a_tenant_that_is_brought_too_many_leaves_the_other_alone(
    county: Office, department: Office
) -> None:
    cache = MemoryCache()
    river, hill = limited(county, cache), limited(department, cache)

    brought = [send(river, river.browser(role), 3) for role in ("editor", "contributor")]

    assert brought == [303, 429]
    assert send(hill, hill.browser("editor"), 3) == 303


def test_a_refused_file_is_counted_as_well(office: Office) -> None:
    editor, library = office.browser("editor"), office.path("media/")
    for _ in range(3):
        wrong = editor.post(library, on=library, files=[(io.BytesIO(b"<script>"), "a.html")])
        assert wrong.status_code == 422

    assert send(office, editor) == 429


def test_a_form_without_files_is_not_counted(office: Office) -> None:
    editor, library = office.browser("editor"), office.path("media/")
    for _ in range(6):
        assert editor.post(library, on=library).status_code == 422

    assert send(office, editor) == 303


def test_the_library_says_in_both_languages_when_to_go_on(county: Office) -> None:
    office = limited(county)
    editor, library = office.browser("editor"), office.path("media/")
    send(office, editor, 3)

    chinese = editor.post(library, on=library, files=[(io.BytesIO(PDF), "a.pdf")])
    editor.post("/language", on="/account", locale="en", back=library)
    english = editor.post(library, on=library, files=[(io.BytesIO(PDF), "a.pdf")])

    assert chinese.status_code == english.status_code == 429
    assert "短时间内上传的文件过多，请 10 分钟后再传" in chinese.text
    assert "Too many files uploaded in a short time. Try again in 10 min" in english.text
    assert 590 <= int(chinese.headers["Retry-After"]) <= 600


def test_the_editor_is_given_the_sentence_for_the_page_that_is_open(county: Office) -> None:
    office = limited(county)
    editor, new = office.browser("editor"), office.path("items/new")
    send(office, editor, 3)

    answer = editor.post(
        office.path("media/uploads"), on=new, file=(io.BytesIO(picture()), "图.png")
    )

    assert answer.status_code == 429
    assert answer.json == {"message": "短时间内上传的文件过多，请 10 分钟后再传"}
    assert "Retry-After" in answer.headers


def test_an_item_sent_with_too_many_files_keeps_what_was_typed(county: Office) -> None:
    office = limited(county)
    editor, new = office.browser("editor"), office.path("items/new")
    send(office, editor, 3)

    answer = editor.post(
        new,
        on=new,
        title="关于防汛工作的通知",
        body_html="<p>各乡镇：</p>",
        new_files=[(io.BytesIO(PDF), "附件.pdf")],
        next="save",
    )

    assert answer.status_code in (422, 429)
    assert "关于防汛工作的通知" in answer.text


def test_without_redis_the_limit_holds_and_bringing_goes_on(
    county: Office, redis_switch: RedisSwitch
) -> None:
    office = limited(county, redis_url=redis_switch.url)
    editor, colleague = office.browser("editor"), office.browser("contributor")
    assert [send(office, editor) for _ in range(4)] == [303] * 3 + [429]

    redis_switch.stop()

    assert send(office, editor) == 429
    assert [send(office, colleague, 2), send(office, colleague)] == [303, 429]
